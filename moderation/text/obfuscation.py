"""Words spelled around a filter -> the words: `1d1ot`, `f*ck`, `i d i o t`, `mo.ron`, `stuuupid`.

A spelling is undone only where an insulting or obscene word of the lexicon comes out, so that `b4`, `mp3`, `U.S.A.` and
`2nd` stay what they are. Repeated letters are undone everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from moderation.text.edits import Change, changes
from moderation.text.lexicon import BEGINNINGS, STRONG_CLASSES, WHOLE, classes

_LEET = str.maketrans("013456789@$!|€£+", "oieasgtbgasilelt")
_LEET_L = str.maketrans("1!|", "lll")
_LIKE = {
    letter: "".join(chr(sign) for table in (_LEET, _LEET_L) for sign, like in table.items() if chr(like) == letter)
    for letter in "abcdefghijklmnopqrstuvwxyz"
}
"""What stands for each letter."""
_STRONG = [
    word
    for table in (WHOLE, *BEGINNINGS.values())
    for word, names in table.items()
    if not STRONG_CLASSES.isdisjoint(names)
]


def _by_letter(words: str) -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for word in words.split():
        found.setdefault((word[0], len(word)), []).append(word)
    return found


_MASKED_WORDS = _by_letter(
    "fuck fucking fucked fucker fuckers fucks shit shits shitty shite bullshit ass asses asshole assholes arse "
    "arsehole bitch bitches cunt cunts bastard bastards dick dicks dickhead dickheads prick pricks cock whore "
    "whores slut sluts nigger niggers nigga niggas faggot faggots fag fags retard retards retarded twat twats "
    "wanker wankers crap damn piss pissed motherfucker motherfuckers idiot idiots idiotic moron morons stupid dumb "
    "dumbass jackass kike kikes kill die rape scum scumbag pig pigs loser losers liar liars pathetic trash vermin "
    "tranny coward cowards clown clowns ugly disgusting worthless filth filthy hate fool fools imbecile cretin "
    "pervert tosser bollocks bugger paki pakis spic chink gook coon dyke "
)
"""Words that are often blotted out, by their first letter and their length."""
_SIGNS = "*#_.-·•~^/|%"
_SIGN = f"[{re.escape(_SIGNS)}]"
_OBFUSCATED = re.compile(
    # Every one of them begins like this: most places are passed over at once.
    r"(?<![^\W_])(?=[a-z0-9@$!|€£+])(?:"
    # i d i o t, i.d.i.o.t
    rf"(?P<spaced>[a-z0-9@$!](?P<gap>[ ]|{_SIGN}{{1,2}})[a-z0-9@$!](?:(?P=gap)[a-z0-9@$!]){{1,40}}(?![^\W_]))"
    # f*ck, a**hole, s***
    r"|(?P<masked>[a-z]{1,20}(?=[a-z*#_\-•·]{0,20}[*#_•·\-])[a-z*#_\-•·]{1,40}(?![^\W_]))"
    # id.iot
    rf"|(?P<cut>[a-z]{{1,9}}(?:{_SIGN}{{1,2}}[a-z]{{1,9}}){{1,3}}(?![^\W_]))"
    # 1d10t, @sshole, b!tch
    r"|(?P<leet>(?=[^a-z\s]{0,20}[a-z])(?=[a-z]{0,20}[0-9@$!|€£+])[a-z0-9@$!|€£+]{3,30})"
    # stuuupid
    r"|(?P<long>(?=[a-z]{0,60}?(?P<twice>[a-z])(?P=twice){2})[a-z]{3,60}(?![^\W_])))"
)
_MASKS = "*#_•·-"
_MASKED = re.compile(f"[{re.escape(_MASKS)}]")
_NO_SINGLE = re.compile("[^a-z0-9@$!]")
_NO_LETTERS = re.compile("[^a-z]+")
_RUN = re.compile(r"([a-z])\1+")
_LONG_RUN = re.compile(r"([a-z])\1\1+")


def hidden(text: str) -> Iterator[Change]:
    """Yield the obfuscated words of lower-case text, each with its plain spelling."""
    return changes(_OBFUSCATED, _plain, text)


def beginnings() -> Iterator[tuple[str, str, str]]:
    """Yield what the first three characters of an obfuscated word may be, each one of a few.

    Not of words spelled letter by letter, where other words may stand before the strong one.
    """
    for word in _STRONG:
        # A word of two letters comes out of those with `!` behind them only: `1q!`.
        first, second, third = (letter + _LIKE.get(letter, "") for letter in word[:3].ljust(3, "!"))
        yield first, second, third + _SIGNS
        yield first, _SIGNS, second + _SIGNS
    for words in _MASKED_WORDS.values():
        for word in words:
            yield word[0], word[1] + _MASKS, word[2] + _MASKS


def is_strong(form: str) -> bool:
    """Whether a word insults, threatens or is obscene by the lexicon."""
    # No entry is as long: only the beginning of a longer word can be one.
    return _is_strong(form[:_LONGEST])


_LONGEST = 40


@lru_cache(maxsize=16_384)
def _is_strong(form: str) -> bool:
    return not STRONG_CLASSES.isdisjoint(classes(form)) or (
        len(form) > 3 and form.endswith("s") and not STRONG_CLASSES.isdisjoint(classes(form[:-1]))
    )


def _plain(found: re.Match[str]) -> str | None:
    kind, raw = found.lastgroup, found.group()
    if kind == "spaced":
        return _joined(_NO_SINGLE.sub("", raw))
    if kind == "masked":
        return _unmasked(raw) or _joined_cut(raw)
    if kind == "cut":
        return _joined_cut(raw)
    if kind == "leet":
        return _unleet(raw)
    return _shortened(raw)


def _joined_cut(raw: str) -> str | None:
    parts = _NO_LETTERS.split(raw)
    word = "".join(parts)
    return word if len(word) > 3 and is_strong(word) and not is_strong(parts[0]) else None


def _joined(letters: str) -> str | None:
    for word in (letters.translate(_LEET), letters.translate(_LEET_L).translate(_LEET)):
        if not word.isalpha():
            continue
        if is_strong(word):
            return word
        # Several words in one run: "y o u i d i o t".
        for start in range(1, len(word) - 3):
            if is_strong(word[start:]):
                return f"{word[:start]} {word[start:]}"
    return None


def _unmasked(raw: str) -> str | None:
    alike = _MASKED_WORDS.get((raw[0], len(raw)))
    if alike is None:
        return None
    ends = raw.rstrip(_MASKS)
    if len(raw) - len(ends) < 2 and not _MASKED.search(ends):
        return None  # a star after a word is a footnote
    shown = [(place, letter) for place, letter in enumerate(raw) if letter not in _MASKS]
    return next((word for word in alike if all(word[place] == letter for place, letter in shown)), None)


def _unleet(raw: str) -> str | None:
    end = len(raw.rstrip("!"))
    for table in (_LEET, _LEET_L):
        word = raw[:end].translate(table).translate(_LEET)
        if word != raw[:end] and word.isalpha() and is_strong(word):
            return word + raw[end:]
    return None


def _shortened(raw: str) -> str:
    single, double = _RUN.sub(r"\1", raw), _LONG_RUN.sub(r"\1\1", raw)
    for word in (double, _LONG_RUN.sub(r"\1", raw), single):
        if is_strong(word):
            return word
    return _LONG_RUN.sub(r"\1", raw)
