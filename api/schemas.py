"""What the API takes and answers, as pydantic models; the limits are the command's, from `moderation.limits`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from moderation import limits
from moderation.errors import RecordError
from moderation.records import Article, Author, Comment

_NO_NUL = r"^[^\x00]*$"
_NOT_BLANK = rf"^[^\x00]*[^{limits.BLANK}][^\x00]*$"


@dataclass(frozen=True, slots=True)
class _Within:
    """Text of at most `limit` bytes that the library's own `check` accepts; `pattern` says the same to a client."""

    limit: int
    check: Callable[[str, str, int], str] = limits.check_string
    pattern: str = _NO_NUL

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # Before pydantic's own check, which knows no byte and answers a lone surrogate without naming a limit.
        return core_schema.no_info_before_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "maxLength": self.limit, "pattern": self.pattern}

    def _validate(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.check(value, "it", self.limit)
        except RecordError as error:
            context = {"reason": str(error).removeprefix("it "), "limit": self.limit}
            raise PydanticCustomError("text", "{reason}", context) from None


_Name = Annotated[str, _Within(limits.MAX_NAME_BYTES)]
_Words = Annotated[str, _Within(limits.MAX_TEXT_BYTES)]
_Text = Annotated[
    str,
    _Within(limits.MAX_TEXT_BYTES, limits.check_text, _NOT_BLANK),
    Field(description="The comment. At most 20,000 bytes of UTF-8, at least one visible character."),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AuthorIn(_In):
    """Who wrote the comment; `registered` is null when it is not known."""

    name: _Name | None = None
    registered: bool | None = None


class ArticleIn(_In):
    """What the comment is about."""

    title: Annotated[str, _Within(limits.MAX_TITLE_BYTES)] | None = None
    text: Annotated[str, _Within(limits.MAX_ARTICLE_BYTES)] | None = None
    url: Annotated[str, _Within(limits.MAX_URL_BYTES)] | None = None


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
    parent_author: Annotated[_Name | None, Field(description="Who wrote the comment replied to.")] = None
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
            parent_author=self.parent_author,
            article=Article(self.article.title, self.article.text, self.article.url) if self.article else None,
            thread_id=self.thread_id,
            created_at=self.created_at,
        )


class BatchIn(_In):
    """Comments to judge together, up to 1,000."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "comments": [
                        {"id": "1", "thread_id": "bins", "text": "The bins were late again on our street."},
                        {"id": "2", "thread_id": "bins", "parent": "1", "text": "Ours were not, so I disagree."},
                    ]
                }
            ]
        },
    )

    comments: Annotated[list[CommentIn], Field(min_length=1, max_length=limits.MAX_BATCH)]


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

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "42",
                    "decision": "reject",
                    "suggestion": "reject",
                    "rules": [
                        {
                            "id": "personal",
                            "says": "Comments of a personal, abusive, spam or unrelated to the topic will not appear "
                            "and will be deleted.",
                            "label": "personal_attack",
                            "score": 0.93,
                            "threshold": 0.8,
                            "action": "reject",
                            "reason": "personal_attack scores 0.93, reject from 0.80",
                        }
                    ],
                    "scores": {
                        "personal_attack": 0.93,
                        "antisemitism_accusation": 0.01,
                        "on_topic_disagreement": 0.11,
                        "abuse": 0.24,
                        "spam": 0.01,
                        "off_topic": 0.05,
                    },
                    "spans": [{"start": 8, "end": 14, "label": "personal_attack", "weight": 1.87}],
                    "model": "default",
                    "policy": "barnet-eye",
                }
            ]
        }
    )

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
    """What was wrong, in which field, and the limit of that field, where it has one."""

    message: str
    field: str | None
    limit: int | None


class ErrorOut(BaseModel):
    """Every error answer."""

    error: ErrorDetail


class StatusOut(BaseModel):
    """Whether the service is up, or ready."""

    status: str
