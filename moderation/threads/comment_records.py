"""Comment records (JSON objects or CSV rows) -> Comment.

The record: `{"id", "text", "author": {"name", "registered"}, "parent", "parent_author", "article": {"title", "text",
"url"}, "thread_id", "created_at"}`; only `text` is required. CSV columns have the same names, with a dot where the record
nests (`author.name`, `article.title`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from moderation.errors import RecordError, UnknownNameError
from moderation.limits import (
    MAX_ARTICLE_BYTES,
    MAX_NAME_BYTES,
    MAX_TEXT_BYTES,
    MAX_TITLE_BYTES,
    MAX_URL_BYTES,
    check_string,
    check_text,
)
from moderation.records import Article, Author, Comment, Thread

FIELDS: Mapping[str, int] = {
    "id": MAX_NAME_BYTES,
    "text": MAX_TEXT_BYTES,
    "author.name": MAX_NAME_BYTES,
    "author.registered": MAX_NAME_BYTES,
    "parent": MAX_TEXT_BYTES,
    "parent_author": MAX_NAME_BYTES,
    "article.title": MAX_TITLE_BYTES,
    "article.text": MAX_ARTICLE_BYTES,
    "article.url": MAX_URL_BYTES,
    "thread_id": MAX_NAME_BYTES,
    "created_at": MAX_NAME_BYTES,
}
"""Every field of the record and the bytes it may have."""

_NESTED = ("author", "article")
_YES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": None}


def comment_from_dict(raw: object, where: str = "record") -> Comment:
    """Return the comment of one record.

    Raises:
        RecordError: a field is missing, has the wrong type, is too long or is not valid text.
        UnknownNameError: a field is not part of the record; the message suggests the nearest one.
    """
    if not isinstance(raw, Mapping):
        raise RecordError(f"{where}: is {_json_type(raw)}, expected a comment record (an object with 'text')")
    flat: dict[str, Any] = {}
    for key, value in raw.items():
        if key in _NESTED and isinstance(value, Mapping):
            flat.update({f"{key}.{inner}": inner_value for inner, inner_value in value.items()})
        elif key in _NESTED and value is not None:
            raise RecordError(f"{where}: {key} is {_json_type(value)}, expected an object", key)
        elif key not in _NESTED:
            flat[key] = value
    return _comment(flat, where)


def comments_of_thread(thread: Thread) -> list[Comment]:
    """Return the comments of a thread, each with its article, its parent's id and the thread's name."""
    return [
        Comment(
            text=comment.text,
            id=comment.id,
            author=comment.author,
            parent=comment.parent_id,
            article=thread.article,
            thread_id=thread.source,
            created_at=comment.created_at,
        )
        for comment in thread.comments
    ]


def comment_from_row(row: Mapping[str, str], where: str = "row") -> Comment:
    """Return the comment of one CSV row, its cells by column; an empty cell says nothing.

    Raises:
        RecordError: there is no text, or a value breaks the contract.
        UnknownNameError: a column is not part of the record.
    """
    values: dict[str, Any] = {key: value or None for key, value in row.items()}
    if "author.registered" in values:
        values["author.registered"] = _flag(row["author.registered"], where)
    return _comment({**values, "text": row.get("text")}, where)


def looks_like_csv(text: str) -> bool:
    """Whether the first line names columns, at least one of them a field of the comment record."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    columns = [column.strip().strip('"') for column in first.split(",")]
    names = all(re.fullmatch(r"[\w.]{1,40}", column) for column in columns)
    return names and not FIELDS.keys().isdisjoint(columns)


def parse_json(line: str, where: str) -> object:
    """Return the parsed JSON of `line`.

    Raises:
        RecordError: it is not JSON; the message says at which column.
    """
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise RecordError(f"{where}: is not JSON: {error.msg.lower()} at column {error.colno}") from None
    except (RecursionError, ValueError):
        raise RecordError(f"{where}: is not JSON that can be read: nested too deep, or a number too long") from None


def _comment(flat: Mapping[str, Any], where: str) -> Comment:
    for key in flat:
        _check_field(key, where)
    if flat.get("text") is None:
        raise RecordError(f"{where}: has no 'text', expected the text of the comment", "text")
    values = {key: _value(key, value, where) for key, value in flat.items() if value is not None}
    author = Author(values.get("author.name"), values.get("author.registered"))
    article = Article(values.get("article.title"), values.get("article.text"), values.get("article.url"))
    return Comment(
        text=values["text"],
        id=values.get("id"),
        author=author if author != Author() else None,
        parent=values.get("parent"),
        parent_author=values.get("parent_author"),
        article=article if article != Article() else None,
        thread_id=values.get("thread_id"),
        created_at=values.get("created_at"),
    )


def _value(key: str, value: object, where: str) -> Any:
    if key == "author.registered":
        if not isinstance(value, bool):
            raise RecordError(f"{where}: author.registered is {_json_type(value)}, expected true, false or null", key)
        return value
    if key in ("id", "thread_id") and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # exports number their comments
    if not isinstance(value, str):
        raise RecordError(f"{where}: {key} is {_json_type(value)}, expected a string", key)
    check = check_text if key == "text" else check_string
    try:
        return check(value, key, FIELDS[key])
    except RecordError as error:
        raise RecordError(f"{where}: {error}", error.field, error.limit) from None


def _check_field(key: object, where: str) -> None:
    if key not in FIELDS:
        raise UnknownNameError("field", key, FIELDS, where)


def _flag(value: str, where: str) -> bool | None:
    try:
        return _YES[value.strip().lower()]
    except KeyError:
        raise RecordError(f"{where}: author.registered is {value[:20]!r}, expected true, false or nothing") from None


def _json_type(value: object) -> str:
    names = {"dict": "an object", "list": "an array", "str": "a string", "NoneType": "null", "bool": "true or false"}
    return names.get(type(value).__name__, "a number")
