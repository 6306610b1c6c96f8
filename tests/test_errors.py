"""The tree of errors and how they speak."""

from __future__ import annotations

import inspect
import re

import pytest

from moderation import errors
from moderation.errors import ModerationError, RecordError, UnknownNameError


def drawn() -> list[tuple[str, int]]:
    """Names and depths of the tree in the docstring."""
    lines = [line for line in inspect.cleandoc(errors.__doc__).splitlines() if re.search(r"\w+Error\b", line)]
    found = [re.search(r"\w+Error", line) for line in lines]
    return [(name.group(), (name.start() - lines[0].index("ModerationError")) // 4) for name in found]


def walk(kind: type[ModerationError], depth: int = 0) -> list[tuple[str, int]]:
    children = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [(kind.__name__, depth), *(found for child in children for found in walk(child, depth + 1))]


def test_the_tree_in_the_docstring_is_the_tree():
    assert drawn() == walk(ModerationError)


def test_the_tree_has_every_class_of_the_module():
    classes = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)}
    assert classes == {name for name, _ in walk(ModerationError)}


def test_a_record_error_knows_its_field_and_limit():
    error = RecordError("text is 30 bytes, expected at most 20", "text", 20)
    assert (str(error), error.field, error.limit) == ("text is 30 bytes, expected at most 20", "text", 20)
    assert (RecordError("x").field, RecordError("x").limit) == (None, None)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("spma", "unknown label 'spma', expected one of abuse, spam; did you mean 'spam'?"),
        ("SPAM", "unknown label 'SPAM', expected one of abuse, spam; did you mean 'spam'?"),
        ("zzz", "unknown label 'zzz', expected one of abuse, spam"),
        (None, "unknown label 'None', expected one of abuse, spam"),
        (5, "unknown label '5', expected one of abuse, spam"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(name, message):
    assert str(UnknownNameError("label", name, ("spam", "abuse"))) == message
    assert str(UnknownNameError("label", name, ("spam", "abuse"), "a.toml:3")) == f"a.toml:3: {message}"


@pytest.mark.parametrize("name", ["a\nb", "\x1b[2J", "\u202e", "x" * 5000, "\ud800"])
def test_a_name_is_quoted_in_one_short_harmless_line(name):
    message = str(UnknownNameError("field", name, ("id", "text")))
    assert message.isprintable()
    assert len(message) < 200
