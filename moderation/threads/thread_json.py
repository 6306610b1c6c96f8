"""Thread <-> the JSON object that `moderation threads` writes, one a line."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from moderation.errors import RecordError, UnknownNameError
from moderation.limits import MAX_ARTICLE_BYTES, MAX_TEXT_BYTES, MAX_URL_BYTES, check_string, check_text
from moderation.records import Article, Author, Quotation, Thread, ThreadComment

_Record = TypeVar("_Record", Article, Author, Quotation, ThreadComment)


def thread_to_dict(thread: Thread) -> dict[str, Any]:
    """Return the thread as JSON-ready values: `{"source", "article", "policy_text", ..., "comments": [...]}`."""
    return dataclasses.asdict(thread)


def thread_from_dict(raw: Mapping[str, Any], where: str) -> Thread:
    """Return the thread that `thread_to_dict` wrote.

    Raises:
        RecordError: a part is missing or has the wrong type.
        UnknownNameError: a field is not part of the format.
    """
    known = {field.name for field in dataclasses.fields(Thread)}
    for key in raw:
        if key not in known:
            raise UnknownNameError("field", key, known, where)
    comments = tuple(
        _thread_comment(value, f"{where}: comments[{index}]")
        for index, value in enumerate(_items(raw, "comments", where))
    )
    quotations = (_record(Quotation, value, f"{where}: quotations") for value in _items(raw, "quotations", where))
    return Thread(
        source=_source(raw.get("source"), where) or where,
        article=_record(Article, raw.get("article") or {}, f"{where}: article"),
        policy_text=raw.get("policy_text"),
        who_may_comment=tuple(_way(way, where) for way in _items(raw, "who_may_comment", where)),
        quotations=tuple(quotations),
        comments=comments,
    )


def _source(value: object, where: str) -> str:
    # Every comment of the thread carries it: one of megabytes would be there as many times.
    if not isinstance(value or "", str | int):
        raise RecordError(f"{where}: source has the wrong type, expected str or null", "source")
    source = str(value or "")
    if len(source) > MAX_URL_BYTES:
        found = f"source is {len(source):,} characters, expected at most {MAX_URL_BYTES:,}"
        raise RecordError(f"{where}: {found}", "source", MAX_URL_BYTES)
    return source


def _thread_comment(raw: object, where: str) -> ThreadComment:
    if not isinstance(raw, Mapping):
        raise RecordError(f"{where}: is no object, expected a comment of a thread")
    author = raw.get("author")
    comment = _record(ThreadComment, {**raw, "author": None}, where)
    try:
        check_text(comment.text)
    except RecordError as error:
        raise RecordError(f"{where}: {error}", error.field, error.limit) from None
    if author is None:
        return comment
    return dataclasses.replace(comment, author=_record(Author, author, f"{where}.author"))


def _record(kind: type[_Record], raw: object, where: str) -> _Record:
    if not isinstance(raw, Mapping):
        raise RecordError(f"{where}: is no object")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key, value in raw.items():
        if key not in fields:
            raise UnknownNameError("field", key, fields, where)
        expected = (bool, type(None)) if key in ("registered", "parent_missing") else (str, type(None))
        if not isinstance(value, expected):
            raise RecordError(f"{where}: {key} has the wrong type, expected {expected[0].__name__} or null", key)
        if isinstance(value, str):
            check_string(value, f"{where}: {key}", MAX_TEXT_BYTES if kind is ThreadComment else MAX_ARTICLE_BYTES)
    missing = [
        name
        for name, field in fields.items()
        if field.default is dataclasses.MISSING and not isinstance(raw.get(name), str)
    ]
    if missing:
        raise RecordError(f"{where}: has no {missing[0]!r}", missing[0])
    return kind(**raw)


def _way(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise RecordError(f"{where}: who_may_comment has the wrong type, expected strings", "who_may_comment")
    return value


def _items(raw: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = raw.get(key) or []
    if not isinstance(value, list):
        raise RecordError(f"{where}: {key} is no array", key)
    return value
