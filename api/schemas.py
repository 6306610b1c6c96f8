"""What the API takes and answers, as pydantic models; the limits are the command's, from `moderation.limits`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from moderation import limits
from moderation.errors import RecordError
from moderation.records import Article, Author, Comment


def _within(limit: int, check: Callable[[str, str, int], str] = limits.check_string) -> AfterValidator:
    def validate(value: str) -> str:
        try:
            return check(value, "it", limit)
        except RecordError as error:
            context = {"reason": str(error).removeprefix("it "), "limit": limit}
            raise PydanticCustomError("text", "{reason}", context) from None

    return AfterValidator(validate)


_NO_NUL = r"^[^\x00]*$"
_Name = Annotated[str, Field(max_length=limits.MAX_NAME_BYTES), _within(limits.MAX_NAME_BYTES)]
_Words = Annotated[str, Field(max_length=limits.MAX_TEXT_BYTES), _within(limits.MAX_TEXT_BYTES)]
_Text = Annotated[
    str,
    Field(min_length=1, max_length=limits.MAX_TEXT_BYTES, description="The comment. At most 20,000 bytes of UTF-8."),
    _within(limits.MAX_TEXT_BYTES, limits.check_text),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AuthorIn(_In):
    """Who wrote the comment; `registered` is null when it is not known."""

    name: _Name | None = None
    registered: bool | None = None


class ArticleIn(_In):
    """What the comment is about."""

    title: Annotated[str, Field(max_length=limits.MAX_TITLE_BYTES), _within(limits.MAX_TITLE_BYTES)] | None = None
    text: Annotated[str, Field(max_length=limits.MAX_ARTICLE_BYTES), _within(limits.MAX_ARTICLE_BYTES)] | None = None
    url: Annotated[str, Field(max_length=limits.MAX_URL_BYTES), _within(limits.MAX_URL_BYTES)] | None = None


class CommentIn(_In):
    """A comment to judge; only `text` is required."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "42",
                    "text": "I see it differently: the ballot should be open to every member.",
                    "author": {"name": "Jo", "registered": True},
                    "parent": "The committee should simply appoint somebody.",
                    "article": {
                        "title": "Who picks the next general secretary?",
                        "text": "The committee meets on Monday.",
                    },
                }
            ]
        },
    )

    text: _Text
    id: _Name | None = None
    author: AuthorIn | None = None
    parent: Annotated[_Words | None, Field(description="Text of the comment replied to, or its id in the batch.")] = (
        None
    )
    article: ArticleIn | None = None
    thread_id: _Name | None = None
    created_at: _Name | None = None

    def to_comment(self) -> Comment:
        """Return the library's record."""
        return Comment(
            text=self.text,
            id=self.id,
            author=Author(self.author.name, self.author.registered) if self.author else None,
            parent=self.parent,
            article=Article(self.article.title, self.article.text, self.article.url) if self.article else None,
            thread_id=self.thread_id,
            created_at=self.created_at,
        )


class BatchIn(_In):
    """Comments to judge together, up to 1,000."""

    comments: Annotated[list[CommentIn], Field(max_length=limits.MAX_BATCH)]


class RuleOut(BaseModel):
    """A rule that fired: the blog's own words and why."""

    id: str
    says: str
    label: str | None
    score: float | None
    threshold: float | None
    action: str
    reason: str


class SpanOut(BaseModel):
    """Characters (code points) `start` to `end` of the text and their weight in the label's score, in log-odds."""

    start: int
    end: int
    label: str
    weight: float


class VerdictOut(BaseModel):
    """The scored record."""

    id: str | None
    decision: str
    suggestion: str
    rules: list[RuleOut]
    scores: dict[str, float | None]
    spans: list[SpanOut]
    model: str
    policy: str


class BatchOut(BaseModel):
    """One verdict a comment, in the same order."""

    verdicts: list[VerdictOut]


class PolicyRuleOut(BaseModel):
    """A rule of the policy; what it acts on depends on its kind."""

    id: str
    says: str
    acts_on: dict[str, Any]


class PolicyOut(BaseModel):
    """The policy in force."""

    name: str
    says: str
    appear: str
    rules: list[PolicyRuleOut]


class ErrorDetail(BaseModel):
    """What was wrong, where, and the limit that was broken, if one was."""

    message: str
    field: str | None
    limit: int | None


class ErrorOut(BaseModel):
    """Every error answer."""

    error: ErrorDetail


class StatusOut(BaseModel):
    """Whether the service is up, or ready."""

    status: str
