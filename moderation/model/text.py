"""Text -> words that know where they stand.

Each word keeps the offsets of the characters it came from, so that whatever weighs in a score can be shown in the
original text. Spellings that mean the same are read as one form: `Anti-Semitic`, `anti semitic` and `antisemetic` are
`antisemitic`; an address of a web page is `<url>`, a handle `<user>`, a number `<num>`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ANTISEMIT = "antisemit"
"""How the form of every spelling of antisemitism, antisemitic, antisemite ... begins."""

_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|info|biz|ru|xyz|shop|example|co\.uk)\b\S*)"
    r"|(?P<user>(?<!\w)@\w+)"
    r"|(?P<antisemit>\banti[\s\-\u2010-\u2015]{0,2}s[ei]m[ei]t(?P<ending>[^\W\d_]*))"
    r"|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*)"
    r"|(?P<num>\d+(?:[.,]\d+)*)"
    r"|(?P<mark>[!?]+|[\u2600-\u27bf\U0001f300-\U0001faff])",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A word of a text: characters `start` to `end`, read as `form`."""

    start: int
    end: int
    form: str


def words(text: str) -> list[Word]:
    """Return the words of the text in order. Linear in the length of the text."""
    return [Word(found.start(), found.end(), _form(found)) for found in _TOKEN.finditer(text)]


def _form(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind == "word":
        return found.group().lower().replace("\u2019", "'")
    if kind == "antisemit":
        return ANTISEMIT + found.group("ending").lower()
    if kind == "mark":
        return found.group()[:2]
    return f"<{kind}>"
