"""The functional suite that is shipped, and how it is read and answered."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from moderation.errors import InputError
from moderation.labels import LABEL_NAMES
from moderation.model.functional import Answer, Case, answers, obfuscation_rate, pass_rates, read_suite
from moderation.records import Situation
from moderation.sources import seed_sets
from moderation.text.normal import normalise

SUITE = read_suite()
EVERY = [case for cases in SUITE.values() for case in cases]


def test_the_suite_has_what_the_card_speaks_of():
    asked = {
        "negation", "quoting_to_object", "counter_speech", "accusation_denial", "accusation_reporting", "reporting",
        "reclaimed_words", "public_figures", "polite_second_person", "obfuscation", "benign_identities",
    }  # fmt: skip
    assert asked <= SUITE.keys()
    assert all(len(cases) >= 30 for cases in SUITE.values())
    assert {case.label for case in EVERY} == set(LABEL_NAMES)
    assert len({case.id for case in EVERY}) == len(EVERY)
    groups = Counter(case.group for case in SUITE["benign_identities"])
    assert (
        min(groups[name] for name in ("jewish", "muslim", "black", "gay", "trans", "disabled", "women", "other")) >= 15
    )


def test_no_case_is_trained_on():
    learned = {normalise(row.situation.text).text.strip() for part in seed_sets() for row in part.examples}
    assert [case.id for case in EVERY if normalise(case.situation.text).text.strip() in learned] == []


def test_every_obfuscated_case_names_its_plain_form():
    cases = {case.id: case for case in SUITE["obfuscation"]}
    hidden = [case for case in cases.values() if case.plain]
    assert len(hidden) >= len(cases) / 2
    for case in hidden:
        plain = cases[case.plain]
        assert plain.plain is None
        assert (plain.label, plain.expected) == (case.label, case.expected)
        assert plain.situation.text != case.situation.text


class Fixed:
    """Scores every comment by its length."""

    def predict_proba(self, places):
        return np.array([[len(place.text) / 10] * len(LABEL_NAMES) for place in places])


def case(name, text, expected, plain=None):
    return Case(name, Situation(text), "abuse", expected, None, plain)


def test_a_case_is_right_if_it_is_named_when_it_should_be():
    suite = {
        "one": [case("a", "12345678", 1), case("b", "1234", 1)],
        "other": [case("c", "1234", 0), case("d", "1", 0)],
    }
    thresholds = {name: {"hold": 0.5, "reject": None} for name in LABEL_NAMES}
    found = answers(Fixed(), suite, thresholds)
    assert [[one.right for one in part] for part in found.values()] == [[True, False], [True, True]]
    assert pass_rates(found) == {"one": 0.5, "other": 1.0}


def test_obfuscated_forms_are_measured_against_their_plain_ones():
    def answer(name, named, plain=None):
        return Answer(case(name, "x", 1, plain), 0.5, named)

    found = [
        answer("a", True),
        answer("a1", True, "a"),
        answer("a2", False, "a"),
        answer("b", False),
        answer("b1", False, "b"),
    ]
    assert obfuscation_rate(found) == 0.5
    assert obfuscation_rate([answer("b", False), answer("b1", True, "b")]) is None
    assert obfuscation_rate([]) is None


@pytest.mark.parametrize("line", ["x", "[]", '{"id": "a"}', '{"id": "a", "text": "x", "label": "spma"}'])
def test_a_broken_case_is_one_line(tmp_path, line):
    (tmp_path / "mine.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.jsonl:2: is no case of a functional suite"):
        read_suite(tmp_path)
    with pytest.raises(InputError, match=r"has no \*\.jsonl"):
        read_suite(tmp_path / "nowhere")
