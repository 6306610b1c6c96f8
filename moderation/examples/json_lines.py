"""Examples and their JSON lines.

A line is `{"id", "thread", "text", "context": {"article", "parent", "earlier"}, "provenance": {"corpus", "row", "licence"},
"labels": {label: 0, 1 or null}}`. Comment records with `labels` beside them (an owner's own, or `seeds/written/`) are read
too; there `article` and `parent` stand at the top, and an article may have a `summary` instead of its text. `looks_like`
lists labels that a comment was written to look like and does not have, `pair` the id of its other half in a minimal pair.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from moderation.errors import RecordError, UnknownNameError
from moderation.labels import LABEL_NAMES, check_label, known_labels
from moderation.limits import MAX_ARTICLE_BYTES, MAX_TEXT_BYTES, MAX_URL_BYTES, check_string, check_text
from moderation.records import Article, Example, Provenance, Situation
from moderation.threads.comment_records import parse_json
from moderation.threads.tables import utf8_file

OWN_LICENCE = "CC BY 4.0"
_FIELDS = (
    "id", "thread", "thread_id", "text", "context", "provenance", "labels", "article", "parent", "parent_author",
    "author", "created_at", "note", "pair", "looks_like",
)  # fmt: skip
_ARTICLE_FIELDS = ("title", "text", "summary", "url", "published_at")


def read_examples(path: Path, corpus: str | None = None) -> Iterator[Example]:
    """Yield the examples of a JSON lines file; `corpus` is their source where they name none, else the file's name.

    Raises:
        InputError: the file cannot be opened.
        RecordError: a line is not JSON, has no text or no labels, or breaks the format; the message has file and line.
        UnknownNameError: a label or field nobody knows.
    """
    # Not splitlines(): it also splits at U+2028 and the like, which may stand inside a JSON string.
    for number, line in enumerate(utf8_file(path).split("\n"), start=1):
        if line.strip():
            where = f"{path}:{number}"
            yield example_from_dict(parse_json(line, where), where, corpus or path.stem, f"{path.stem}:{number}")


def example_from_dict(raw: object, where: str, corpus: str, default_id: str) -> Example:
    """Return the example of one parsed line.

    Raises:
        RecordError: it has no text or no labels, or a part has the wrong type.
        UnknownNameError: a label or field nobody knows.
    """
    if not isinstance(raw, Mapping):
        raise RecordError(f"{where}: is no object, expected an example with 'text' and 'labels'")
    for key in raw:
        if key not in _FIELDS:
            raise UnknownNameError("field", key, _FIELDS, where)
    if "labels" not in raw:
        raise RecordError(f"{where}: has no 'labels', expected an object of label: 0, 1 or null", "labels")
    try:
        context, origin = _object(raw, "context"), _object(raw, "provenance")
        _check_keys(context, ("article", "parent", "earlier"), "context", where)
        _check_keys(origin, ("corpus", "row", "licence"), "provenance", where)
        place = {key: context.get(key, raw.get(key)) for key in ("article", "parent", "earlier")}
        text = check_text(_string(raw, "text") or "")
        parent = check_string(_string(place, "parent") or "", "parent", MAX_TEXT_BYTES) or None
        article = _article(place["article"], where)
        earlier = _texts(place["earlier"], "earlier")
        row = _name(raw, "id") or default_id
        thread = _name(raw, "thread") or _name(raw, "thread_id") or (article and (article.url or article.title)) or row
        provenance = Provenance(
            _name(origin, "corpus") or corpus, _name(origin, "row") or row, _name(origin, "licence") or OWN_LICENCE
        )
        looks_like, pair = _texts(raw.get("looks_like"), "looks_like"), _name(raw, "pair")
    except RecordError as error:
        raise RecordError(f"{where}: {error}", error.field, error.limit) from None
    return Example(
        row,
        thread,
        Situation(text, parent, article, earlier, _name(raw, "parent_author")),
        provenance,
        known_labels(raw["labels"], where),
        tuple(check_label(name, where) for name in looks_like),
        pair,
    )


def example_to_dict(example: Example) -> dict[str, Any]:
    """Return the example as JSON-ready values; a label that was not judged is null."""
    article = example.situation.article
    fields = (article.title, article.text, article.url, article.published_at) if article else ()
    return {
        "id": example.id,
        "thread": example.thread,
        "text": example.situation.text,
        "context": {
            "article": dict(zip(("title", "text", "url", "published_at"), fields, strict=True)) if article else None,
            "parent": example.situation.parent,
            "earlier": list(example.situation.earlier),
        },
        "provenance": {
            "corpus": example.provenance.corpus,
            "row": example.provenance.row,
            "licence": example.provenance.licence,
        },
        "labels": {name: example.labels.get(name) for name in LABEL_NAMES},
        **({"looks_like": list(example.looks_like)} if example.looks_like else {}),
        **({"pair": example.pair} if example.pair else {}),
    }


def digest(examples: Sequence[Example]) -> str:
    """Return the SHA-256 over the examples' JSON lines: the same data gives the same digest."""
    running = hashlib.sha256()
    for example in examples:
        line = json.dumps(example_to_dict(example), ensure_ascii=True, sort_keys=True)
        running.update(line.encode("ascii") + b"\n")
    return running.hexdigest()


def _article(raw: object, where: str) -> Article | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise RecordError("article is no object, expected title, text or summary, and url", "article")
    _check_keys(raw, _ARTICLE_FIELDS, "article", where)
    values = {key: check_string(_string(raw, key) or "", f"article.{key}", MAX_ARTICLE_BYTES) or None for key in raw}
    text = values.get("text") or values.get("summary")
    article = Article(values.get("title"), text, values.get("url"), values.get("published_at"))
    return article if article != Article() else None


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise RecordError(f"{key} is no object", key)
    return value or {}


def _texts(value: object, key: str) -> tuple[str, ...]:
    texts = [] if value is None else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise RecordError(f"{key} is no list of texts", key)
    return tuple(check_string(text, key, MAX_TEXT_BYTES) for text in texts)


def _name(raw: Mapping[str, Any], key: str) -> str | None:
    if isinstance(raw.get(key), int) and not isinstance(raw[key], bool):
        return str(raw[key])  # exports number their comments
    return check_string(_string(raw, key) or "", key, MAX_URL_BYTES) or None  # a thread may be named by its article's


def _check_keys(raw: Mapping[str, Any], known: Sequence[str], part: str, where: str) -> None:
    for key in raw:
        if key not in known:
            raise UnknownNameError("field", f"{part}.{key}", [f"{part}.{name}" for name in known], where)


def _string(raw: Mapping[str, Any], key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise RecordError(f"{key} is no string", key)
    return value
