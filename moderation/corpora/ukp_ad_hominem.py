"""UKP ad hominem (Habernal et al. 2018): ends of Reddit ChangeMyView threads.

The last comment of an `ad_hominem` thread was removed by moderators for being rude or hostile to another user (rule 2);
the last comment of a `delta` thread changed its reader's mind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, json_lines
from moderation.records import Example, Situation

_CORPUS = ("ukp_ad_hominem", "Apache-2.0")
_RUDE = 2


def _read(folder: Path) -> Iterator[Example]:
    for thread in json_lines(find(folder, "threads.jsonl")):
        bodies = [comment["body"] for comment in thread["comments"]]
        earlier = tuple(body for body in bodies[:-1] if body.strip())
        if not bodies[-1].strip():
            continue
        attacked = thread["kind"] == "ad_hominem" and thread["comments"][-1]["violated_rule"] == _RUDE
        if not attacked and thread["kind"] != "delta":
            continue
        labels = {"personal_attack": 1} if attacked else {"personal_attack": 0, "abuse": 0}
        situation = Situation(bodies[-1], earlier[-1] if earlier else None, None, earlier)
        yield example(_CORPUS, thread["file"], situation, labels, thread=str(thread["thread"]))


UKP_AD_HOMINEM = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/UKPLab/naacl2018-before-name-calling-habernal-et-al @ cf5df19",
    domain="Reddit ChangeMyView",
    files=("threads.jsonl",),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
)
