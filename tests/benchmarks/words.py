"""Text made of what was written for this project, in which new words keep turning up as they do in real comments.

A scorer may remember words that it has met, so text from a closed vocabulary would make it look fast. Here runs of written
words (with their punctuation, quotes and capitals) alternate, and a share of the words is replaced by coined ones: names,
rare words, typos, numbers, links, disguised words, capitals, emoji. Coined words have ranks without end, and rank r comes
up in proportion to r ** -EXPONENT (Zipf), so that the distinct words among n grow as n ** (1 / EXPONENT) (Heaps).
`python -m tests.benchmarks.measure_shapes` shows the growth beside that of real corpora.
"""

from __future__ import annotations

import json
import string
from functools import lru_cache
from pathlib import Path

import numpy as np

WRITTEN = Path(__file__).parent.parent.parent / "seeds" / "written"
COINED = 0.045
"""Share of coined words. This, the first rank and the exponent were fitted to the growth in context_toxicity, the corpus
with the most distinct words: with 0.045, 6,000 and 1.4 there are never fewer, from 10,000 words to 550,000."""
FIRST_RANK = 6_000
EXPONENT = 1.4
RUN = 4
"""Words in a row from the same place, on average: neighbours then fit as they do in real text, and do not repeat it."""

_MASK = 2**64 - 1
_ONSETS = ("b", "br", "c", "d", "f", "gr", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u", "ea", "oo")
_SYLLABLES = [onset + vowel + coda for onset in _ONSETS for vowel in _VOWELS for coda in ("", "n", "r", "l", "s", "m")]
_ENDINGS = ("", "s", "ing", "ed", "ly", "ness", "ism", "ist", "er", "able", "'s", "ation", "ful")
_DISGUISES = str.maketrans("aeiost", "@3!0$+")
_EMOJI = "😀😂🤣😊😉😍🤔🙄😡😢👍👎👏🙏💩🔥❤💔🎉🚀🐑🤡"
_KINDS = ("name", "rare", "typo", "number", "disguised", "loud", "tagged", "link", "emoji")
_SHARES = (0.32, 0.27, 0.24, 0.08, 0.03, 0.03, 0.015, 0.01, 0.005)
_KIND_EDGES = np.cumsum(_SHARES) * 2**16


class Words:
    """A source of text; what comes out depends on the generator alone that is passed in."""

    def __init__(self) -> None:
        lines = [line for path in sorted(WRITTEN.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
        texts = [json.loads(line)["text"] for line in lines]
        self._stream = np.array(" ".join(texts).split(), dtype=object)
        self._plain = sorted(
            {word.lower() for word in self._stream if len(word) > 4 and word.isalpha() and word.isascii()}
        )
        self.coin = lru_cache(maxsize=100_000)(self._coin)

    def take(self, random: np.random.Generator, characters: np.ndarray) -> list[list[str]]:
        """Return the words of one text for each length wanted; each text has at least one word."""
        words = self._sample(random, int(characters.sum()) // 4 + 2 * len(characters))
        reached = np.cumsum([len(word) + 1 for word in words])
        ends = np.searchsorted(reached, np.cumsum(characters)) + 1
        texts, start = [], 0
        for end in ends.tolist():
            # A long word can take the place of a short text: what is wanted is one word then.
            end = max(end, start + 1)
            texts.append(words[start:end])
            start = end
        return texts

    def name(self, rank: int) -> str:
        """Return a name of a person."""
        return f"{_syllables(rank * 2 + 1, 2).capitalize()} {_syllables(_mixed(rank) % 10**6, 2).capitalize()}"

    def _sample(self, random: np.random.Generator, size: int) -> list[str]:
        jumps = random.random(size) < 1 / RUN
        jumps[0] = True
        start = np.flatnonzero(jumps)
        run = np.cumsum(jumps) - 1
        places = random.integers(len(self._stream), size=len(start))[run] + np.arange(size) - start[run]
        words = self._stream[places % len(self._stream)].tolist()
        coined = np.flatnonzero(random.random(size) < COINED)
        ranks = FIRST_RANK * (1 - random.random(len(coined))) ** (-1 / (EXPONENT - 1))
        for index, rank in zip(coined.tolist(), np.minimum(ranks, 2.0**52).astype(np.int64).tolist(), strict=True):
            old = words[index]
            # What stood around the word that is replaced stays: commas, full stops, quotes.
            words[index] = self.coin(rank) + old[len(old.rstrip(string.punctuation)) :]
        return words

    def _coin(self, rank: int) -> str:
        """The word of a rank; another one for nearly every rank."""
        mixed = _mixed(rank)
        kind = _KINDS[min(int(np.searchsorted(_KIND_EDGES, mixed & 0xFFFF, side="right")), len(_KINDS) - 1)]
        mixed >>= 16
        word = self._plain[mixed % len(self._plain)]
        place = 1 + (mixed >> 20) % (len(word) - 2)
        match kind:
            case "name":
                return _syllables(rank, 2).capitalize()
            case "rare":
                return _syllables(rank, 2) + _ENDINGS[mixed % len(_ENDINGS)]
            case "typo":
                letter = string.ascii_lowercase[(mixed >> 30) % 26]
                swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
                return (swapped, word[:place] + word[place + 1 :], word[:place] + letter + word[place:])[mixed % 3]
            case "number":
                return (f"{1900 + mixed % 130}", f"{mixed % 997}%", f"£{mixed % 99_991:,}", f"{mixed % 24}:{mixed % 60:02}",
                        f"{mixed % 1_000_003}", f"{mixed % 997}.{mixed % 89}")[(mixed >> 30) % 6]  # fmt: skip
            case "disguised":
                return word.translate(_DISGUISES) if mixed & 1 else word[0] + "*" * (len(word) - 2) + word[-1]
            case "loud":
                longer = word[:place] + word[place] * 5 + word[place + 1 :]
                return word.upper() + "!" * (mixed % 4) if mixed & 1 else longer
            case "tagged":
                return ("#" if mixed & 1 else "@") + _syllables(rank, 3)
            case "link":
                return f"https://www.{_syllables(rank, 2)}.example.org/{word}/{mixed % 9_973}"
            case _:
                return _EMOJI[mixed % len(_EMOJI)] * (1 + mixed % 3)


def _mixed(number: int) -> int:
    """A number of 64 bits that looks drawn by chance (splitmix64)."""
    number = (number + 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


def _syllables(number: int, least: int) -> str:
    """A number as syllables, no fewer than `least`."""
    found = []
    while number or len(found) < least:
        number, syllable = divmod(number, len(_SYLLABLES))
        found.append(_SYLLABLES[syllable])
    return "".join(found)
