"""The published corpora that this project reads, by name."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from moderation.corpora.bias_madlibs import BIAS_MADLIBS
from moderation.corpora.context_toxicity import CONTEXT_TOXICITY
from moderation.corpora.corpus import Corpus, find
from moderation.corpora.davidson import DAVIDSON
from moderation.corpora.fox_news import FOX_NEWS
from moderation.corpora.hatexplain import HATEXPLAIN
from moderation.corpora.isca_2023 import ISCA_2023
from moderation.corpora.toxic_spans import TOXIC_SPANS
from moderation.corpora.ukp_ad_hominem import UKP_AD_HOMINEM
from moderation.corpora.youtube_spam import YOUTUBE_SPAM
from moderation.errors import InputError, UnknownNameError
from moderation.records import Example

CORPORA: Mapping[str, Corpus] = {
    corpus.name: corpus
    for corpus in (
        BIAS_MADLIBS,
        CONTEXT_TOXICITY,
        DAVIDSON,
        FOX_NEWS,
        HATEXPLAIN,
        ISCA_2023,
        TOXIC_SPANS,
        UKP_AD_HOMINEM,
        YOUTUBE_SPAM,
    )
}


def check_corpus(name: str) -> Corpus:
    """Return the corpus of that name.

    Raises:
        UnknownNameError: there is none; the message suggests the nearest.
    """
    if name not in CORPORA:
        raise UnknownNameError("corpus", name, CORPORA)
    return CORPORA[name]


def read_corpora(folder: Path) -> dict[str, list[Example]]:
    """Return the examples of every corpus that may be trained on and has its own sub-folder in `folder`, by corpus name.

    Raises:
        InputError: there is no corpus in the folder, or a file of one is missing or not as its authors published it.
    """
    teaching = [name for name, corpus in CORPORA.items() if not corpus.measuring_only]
    found = {name: read_corpus(name, folder) for name in teaching if (folder / name).is_dir()}
    if not found:
        raise InputError(f"{folder}: has no corpus, expected sub-folders such as {', '.join(teaching)}")
    return found


def read_corpus(name: str, parent: Path) -> list[Example]:
    """Return the examples of the corpus `name`, whose files are in the sub-folder of that name.

    Raises:
        UnknownNameError: there is no corpus of that name.
        InputError: a file is missing or not as its authors published it.
    """
    corpus = check_corpus(name)
    folder = parent / name
    for name in corpus.files:
        find(folder, name, corpus.origin)
    try:
        return list(corpus.read(folder))
    except (AttributeError, LookupError, TypeError, ValueError, csv.Error) as error:
        # A column or key that is not there, a value that is no number, bytes that are no UTF-8.
        raise InputError(f"{folder}: is not as published at {corpus.origin} ({type(error).__name__})") from error
