"""Readings -> numbers, comment by comment and passage by passage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from moderation.model.context import Context
from moderation.model.features import Features, NGrams
from moderation.model.grams import GRAMS
from moderation.model.reading import KINDS, read
from moderation.model.topicality import Topicality
from moderation.model.vectors import WordVectors
from moderation.records import Article, Situation
from moderation.text.tokens import tokenise

TEXTS = [
    "You are an idiot, and the bus was late. I do not agree with that at all!",
    "He is no antisemite. The charge against the Jewish council is a smear, they said.",
    "",
    "!!! 🤡",
]


def forms(name, text):
    return set(GRAMS[name](tokenise([text])).form.tolist())


@pytest.mark.parametrize("name", GRAMS)
def test_grams_span_tokens_of_one_text(name):
    tokens = tokenise(TEXTS)
    found = GRAMS[name](tokens)
    assert len(found.form) == len(found.first) == len(found.last)
    assert (found.first <= found.last).all()
    assert (tokens.text[found.first] == tokens.text[found.last]).all()


@pytest.mark.parametrize("name", GRAMS)
def test_a_text_has_the_same_grams_alone_and_among_others(name):
    tokens = tokenise(TEXTS)
    found = GRAMS[name](tokens)
    for number, text in enumerate(TEXTS):
        assert sorted(found.form[tokens.text[found.first] == number].tolist()) == sorted(
            GRAMS[name](tokenise([text])).form.tolist()
        )


def test_one_identity_weighs_like_another():
    for name in ("words", "chars", "classes"):
        assert forms(name, "My Jewish friends agree.") == forms(name, "My trans friends agree.")
        assert forms(name, "an African American nurse") == forms(name, "an Irish nurse")
    assert forms("frames", "My Jewish friends agree.") != forms("frames", "My trans friends agree.")


def test_an_insult_in_quotation_marks_is_read_as_quoted():
    for quoted in ('"idiot"', "\u201cidiot\u201d", "'idiot'"):
        words = forms("words", f"she called me an {quoted} twice")
        assert words == forms("words", 'she called me an "moron" twice')
        assert words != forms("words", "she called me an idiot twice")
    assert forms("words", "he didn't say idiot, don't worry") == forms(
        "words", "he didn\u2019t say idiot, don\u2019t worry"
    )


def test_where_a_word_stands_is_told_by_frames():
    denies, accuses = forms("frames", "he is not antisemitic"), forms("frames", "not he, antisemitic he is")
    assert denies != accuses


def test_scenes_tell_who_denies_what_from_the_same_words_elsewhere():
    denied = forms("scenes", "Nobody called him an antisemite, he said.")
    assert denied & forms("scenes", "Nobody on this road ever called him an antisemite.")
    assert denied != forms("scenes", "He called somebody an antisemite, nobody said.")
    assert not forms("scenes", "Nobody called him a fool."), "only around words for antisemitism and for Jews"


def test_rows_hold_every_gram_times_its_rarity():
    reading = read([Situation(text) for text in TEXTS])
    block = NGrams("words", 2**12).fit(reading)
    found = GRAMS["words"](reading.tokens)
    table = block.table(found, reading.tokens.text, len(TEXTS))
    assert table.shape == (4, 2**12)
    assert table[[2]].nnz == 0
    count = (reading.tokens.text[found.first] == 0).sum()
    expected = block.idf_[block.columns(found.form)][reading.tokens.text[found.first] == 0].sum() * block.scale(
        np.array([count])
    )
    assert table[[0]].sum() == pytest.approx(expected[0])


def test_taking_comments_takes_their_passages():
    features = Features(
        sparse.csr_array(np.arange(3.0)[:, None]),
        sparse.csr_array(np.arange(5.0)[:, None]),
        np.array([0, 0, 1, 2, 2]),
        np.array([True, False, False]),
    )
    part = features.take(np.array([0, 2]))
    assert part.whole.toarray().ravel().tolist() == [0, 2]
    assert part.passages.toarray().ravel().tolist() == [0, 1, 3, 4]
    assert part.owners.tolist() == [0, 0, 1, 1]
    assert part.placed.tolist() == [True, False]
    assert part.strongest(np.array([5.0, 7.0, -1.0, -2.0])).tolist() == [7, -1]


def test_signals_lie_between_0_and_about_1():
    parent = "You fool, you utter fool, why do you lie to us all again and again?"
    rows = [Situation(text, parent) for text in TEXTS] + [Situation(text) for text in TEXTS]
    table = Context().fit(read(rows)).transform(read(rows)).toarray()
    assert table.shape == (8, Context.width)
    assert table.min() >= 0
    assert table.max() <= 1.5
    assert (table[4:, -40:] == 0).all(), "no parent, no classes of a parent"


@pytest.mark.parametrize("times", [1, 40_000])
def test_capitals_are_counted_in_texts_of_any_length(times):
    texts = ["ABcd é. " * times, "abcdÉ" * times, "", "12! " * times, "AÉ" * times]
    shares = Context().columns_of(read([Situation(text) for text in texts]))[:, 1]
    assert shares.tolist() == [0.4, 0.2, 0, 0, 1]
    together = Context().columns_of(read([Situation(texts[0]), Situation("a")]))[:, 1]
    assert together.tolist() == [0.4, 0]


def test_topicality_tells_its_own_article_from_another():
    bins = Article("Bins every other week", "The council will empty the bins every other week from May.")
    choir = Article("The choir sings again", "After two years the cathedral choir sings its Christmas concert.")
    rows = [
        Situation("Will the council empty my bins in May?", article=bins),
        Situation("Will the council empty my bins in May?", article=choir),
        Situation("The cathedral was cold, the choir was wonderful.", article=choir),
    ]
    reading = read(rows)
    table = Topicality(WordVectors(4)).fit(reading).transform(reading).toarray()
    assert table.shape == (3, Topicality.width)
    shared = table[:, 3 * len(KINDS) + 2]
    assert shared[0] > shared[1]
    assert shared[2] > shared[1]
