"""Situation -> Reading: the words of a comment and of what surrounds it, split once and shared by all features."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.text import Word, words
from moderation.records import Situation


class Reading(NamedTuple):
    """The words of a comment, and the forms that occur in its parent, its article and earlier in its thread.

    `parent`, `article` and `thread` are None where there is none; `thread` includes the parent.
    """

    text: str
    words: list[Word]
    parent: frozenset[str] | None
    article: frozenset[str] | None
    thread: frozenset[str] | None


class Reader(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """First step of the pipeline: a sequence of `Situation` becomes a list of `Reading` of the same length."""

    def fit(self, X: Sequence[Situation], y: Any = None) -> Reader:  # noqa: N803 - scikit-learn's name
        """Nothing to learn."""
        return self

    def transform(self, X: Sequence[Situation]) -> list[Reading]:  # noqa: N803 - scikit-learn's name
        """Return one reading a situation; an article or parent that recurs is split into words once."""
        seen: dict[str, frozenset[str]] = {}
        return [_reading(situation, seen) for situation in X]

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _reading(situation: Situation, seen: dict[str, frozenset[str]]) -> Reading:
    article = situation.article
    about = [part for part in (article.title, article.text) if part] if article else []
    thread = [*situation.earlier, *([situation.parent] if situation.parent else [])]
    return Reading(
        situation.text,
        words(situation.text),
        _forms([situation.parent], seen) if situation.parent else None,
        _forms(about, seen) if about else None,
        _forms(thread, seen) if thread else None,
    )


def _forms(texts: Iterable[str], seen: dict[str, frozenset[str]]) -> frozenset[str]:
    for text in texts:
        if text not in seen:
            seen[text] = frozenset(word.form for word in words(text))
    return frozenset().union(*(seen[text] for text in texts))
