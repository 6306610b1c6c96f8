"""Log records as JSON lines."""

from __future__ import annotations

import json
import logging
import sys

from api.logs import JsonLines


def test_an_error_is_logged_by_kind_and_place_never_by_its_words():
    try:
        int("the text of a comment")
    except ValueError:
        record = logging.LogRecord("api", logging.ERROR, "x.py", 1, "it broke", None, sys.exc_info())
    line = JsonLines().format(record)
    assert "the text of a comment" not in line
    fields = json.loads(line)
    assert (fields["level"], fields["message"], fields["error"]) == ("error", "it broke", "ValueError")
    assert fields["at"].startswith(f"{__file__}:")


def test_a_line_break_cannot_forge_a_second_line():
    record = logging.LogRecord("api", logging.INFO, "x.py", 1, 'a\n{"level": "error"}\r\u2028', None, None)
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["level"] == "info"
