"""The comments of a Blogger page saved as text -> comments: `NAME said...`, the text, `12 July 2021 at 10:00`."""

from __future__ import annotations

import itertools
import re

from moderation.records import Author, ThreadComment

_SAID = re.compile(r"^(\S.{0,79}?) said(?:\.\.\.|…)$")
_WHEN = re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4} at \d{1,2}:\d{2}(?: ?[ap]m)?$", re.IGNORECASE)


def read_said(lines: list[str]) -> tuple[ThreadComment, ...]:
    """Return the comments between the comment count and the form of a Blogger page, numbered in page order.

    The time is kept as the page words it: it names no time zone.
    """
    starts = [index for index, line in enumerate(lines) if _SAID.match(line.strip())]
    comments = []
    for number, (start, end) in enumerate(itertools.pairwise([*starts, len(lines)]), start=1):
        said = _SAID.match(lines[start].strip())
        body = "\n".join(lines[start + 1 : end]).strip("\n").split("\n")
        when = body.pop().strip() if _WHEN.match(body[-1].strip()) else None
        comments.append(
            ThreadComment(
                id=str(number),
                number=str(number),
                text="\n".join(body).strip("\n"),
                author=Author(said.group(1)) if said else None,
                created_at=when,
            )
        )
    return tuple(comment for comment in comments if comment.text)
