"""UKP ad hominem (Habernal et al. 2018): ends of Reddit ChangeMyView threads, up to four comments each.

The last comment of an `ad_hominem` thread was removed by moderators for being rude or hostile to another user (rule 2);
the last comment of a `delta` thread changed its reader's mind. About the comments before it nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from moderation.corpora.corpus import Corpus, example, find, json_lines
from moderation.records import Example, Situation

_CORPUS = ("ukp_ad_hominem", "Apache-2.0")
_RUDE = 2


def _read(folder: Path) -> Iterator[Example]:
    ends = list(json_lines(find(folder, "threads.jsonl")))
    thread_of = _threads(ends)
    seen = set()
    for end in ends:
        last = len(end["comments"]) - 1
        earlier: tuple[str, ...] = ()
        for position, comment in enumerate(end["comments"]):
            if not comment["body"].strip():
                continue
            if comment["id"] not in seen:  # a few comments stand in two ends
                seen.add(comment["id"])
                labels = _labels(end["kind"], comment) if position == last else {}
                situation = Situation(comment["body"], earlier[-1] if earlier else None, None, earlier)
                yield example(_CORPUS, comment["id"], situation, labels, thread=str(thread_of[end["thread"]]))
            earlier = (*earlier, comment["body"])


def _threads(ends: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Return the thread that each thread number stands for: numbers whose ends share a comment are one thread."""
    number_of: dict[str, int] = {}
    thread_of = {end["thread"]: end["thread"] for end in ends}
    for end in ends:
        for comment in end["comments"]:
            here, there = thread_of[end["thread"]], thread_of[number_of.setdefault(comment["id"], end["thread"])]
            if here != there:
                thread_of = {number: there if thread == here else thread for number, thread in thread_of.items()}
    return thread_of


def _labels(kind: str, comment: dict[str, Any]) -> dict[str, int]:
    if kind == "ad_hominem":
        return {"personal_attack": 1} if comment["violated_rule"] == _RUDE else {}
    return {"personal_attack": 0, "abuse": 0}


UKP_AD_HOMINEM = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/UKPLab/naacl2018-before-name-calling-habernal-et-al @ cf5df19",
    domain="Reddit ChangeMyView",
    files=("threads.jsonl",),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
    context=("parent comment", "earlier comments"),
)
