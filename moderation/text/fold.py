"""Characters -> the plain letter they stand for: look-alikes, full-width and mathematical letters, accents.

A letter of another script is read as the Latin one it looks like only inside a word that is otherwise Latin, or whose
every letter is such a look-alike in a text that is otherwise Latin: Russian stays Russian.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from moderation.text.edits import Edit, substitute

_CYRILLIC = ("авгеикмнопрстухчшьёіїјѕүһӏԁԛԝ", "abreukmhonpctyxqwbeiijsyhldqw")
_GREEK = ("αβγεζηικμνορστυχως", "abyeznikuvopotuxws")
_LATIN = ("ıɑɢɪʀʏᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱʜɴʙʟøđłħŧɐɔǝɥʞɯɹʇʌʎæœ", "iagiryacdejkmoptuvwzshnblodlhtacehkmrtvyao")
_LATIN_OF = {
    look: plain for looks, plains in (_CYRILLIC, _GREEK, _LATIN) for look, plain in zip(looks, plains, strict=True)
}
_FOREIGN = re.compile("[" + "".join(c for c in _LATIN_OF if c > "\u036f") + "]")
_WORD = re.compile(r"[^\W\d_]+")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]|[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Characters without a width, and marks that are put on the letter before them."""
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u2032": "'", "\u0060": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
}  # fmt: skip


_TYPOGRAPHIC = tuple((look, _PLAIN.get(look, " ")) for look in "\u2018\u2019\u201c\u201d\u2013\u2014\u0060\u00a0")
"""The signs that typesetting puts into English. Most texts that are not ASCII have no others."""


_ALPHABETS = 20_000
"""Different characters that are remembered: Chinese included, all of Unicode not."""


class _Folded(dict[int, str]):
    """Each character's plain form, found once; always one character, so that nothing moves."""

    def __missing__(self, code: int) -> str:
        if len(self) > _ALPHABETS:
            self.clear()
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isspace():
        return "\n" if character in "\n\u2028\u2029\x85" else " "
    if 0xE000 <= ord(character) <= 0xF8FF:
        return " "  # private use: the marks of `normal` are such characters
    if 0x1F130 <= ord(character) <= 0x1F189:
        return chr(ord("a") + (ord(character) - 0x1F130) % 32) if (ord(character) - 0x1F130) % 32 < 26 else " "
    base = unicodedata.normalize("NFKD", character)[:1] or character
    lowered = base.lower()[:1]
    # Small capitals and turned letters are no script of their own.
    return _LATIN_OF[lowered] if lowered in _LATIN[0] else lowered


_TABLE: Mapping[int, str] = _Folded()


_ODD = re.compile("[^\x00-\x7f]")


@lru_cache(maxsize=4_096)
def _stands_alone(character: str) -> bool:
    """Whether it is read alike wherever it stands, and has a width."""
    return not _UNSEEN.match(character) and not _FOREIGN.match(_TABLE[ord(character)])


def fold(text: str) -> tuple[str, list[Edit]]:
    """Return the text in plain lower-case letters, and what moved."""
    if text.isascii():
        return text.lower().replace("`", "'"), []
    edits: list[Edit] = []
    for look, plain in _TYPOGRAPHIC:
        text = text.replace(look, plain)
    odd = set(_ODD.findall(text))
    if all(_stands_alone(character) for character in odd):
        for character in odd:
            text = text.replace(character, _TABLE[ord(character)])
        return text.lower(), []
    if _UNSEEN.search(text):
        text, edits = substitute(_UNSEEN, lambda found: "", text)
    text = text.translate(_TABLE)
    if _FOREIGN.search(text):
        latin = sum(character.isascii() and character.isalpha() for character in text)
        mostly_latin = 2 * latin > sum(character.isalpha() for character in text)
        text = _WORD.sub(lambda found: _latin(found.group(), mostly_latin), text)
    return text, edits


def _latin(word: str, mostly_latin: bool) -> str:
    if word.isascii():
        return word
    mixed = any(character.isascii() for character in word)
    if mixed or (mostly_latin and all(character in _LATIN_OF for character in word)):
        return "".join(_LATIN_OF.get(character, character) for character in word)
    return word
