"""The page about what policies would have done."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from moderation.labels import LABEL_NAMES
from moderation.replay import Judging, Tally, parse_target, results_of
from moderation.report import replay_plots
from moderation.report.replay_page import SHOWN_CHARACTERS, render_replay
from tests.replay.conftest import ARCHIVE, oracle, placed, policies

__all__ = ["oracle", "policies"]  # fixtures of the replay

HOSTILE = 'personal_attack=0.6 <script>alert("x")</script> <img src=x onerror=alert(1)> {{ 7 * 7 }} =1+1' + " y" * 500
MANY = placed(
    *((f"personal_attack={score / 1000}", "approved") for score in range(800)),
    *((f"personal_attack={score / 1000}", "trash") for score in range(500, 1_000)),
)


def replayed(found, *chunks):
    judging = Judging("oracle", list(found.values()))
    tally = Tally(judging.policies)
    for chunk in chunks:
        tally.add(judging(chunk))
    return results_of(tally, found, "oracle", parse_target("1 in 200"))


@pytest.fixture
def page(oracle, policies):
    return render_replay(replayed(policies, ARCHIVE, placed((HOSTILE, "approved")), MANY))


def rows(html: str, place: int) -> list[list[str]]:
    table = BeautifulSoup(html, "html.parser").find_all("table")[place]
    return [[" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")] for row in table.find_all("tr")]


def test_the_page_needs_nothing_beside_it(page):
    tags = BeautifulSoup(page, "html.parser").find_all(True)
    addresses = [tag[name] for tag in tags for name in ("src", "href") if tag.has_attr(name)]
    assert len(addresses) == 1 + len(LABEL_NAMES), "what the policies decide, and each label"
    assert all(address.startswith("data:image/svg+xml;base64,") for address in addresses)
    assert {tag.name for tag in tags}.isdisjoint({"script", "link", "iframe", "object"})
    for part in ("Policies", "Rules", "Thresholds", "Where first and second differ: 1,205 of 1,309 comments"):
        assert part in page


def test_it_has_the_figures(oracle, policies):
    html = render_replay(replayed(policies, ARCHIVE))
    _, first, decides, suggests = rows(html, 0)[:4]
    assert first[:5] == ["first decides", "2", "4", "2", "50.0% 2 of 4 15.0 to 85.0%"]
    assert decides[0] == "first the scores alone suggest"
    assert suggests[:4] == ["second decides", "0", "4", "4"]
    _, attacks, shop, _ = rows(html, 1)
    assert attacks[:4] == ["attacks (personal_attack) No attacks.", "4", "2", "2"]
    assert shop[0] == "shop No shop talk."
    assert "too few comments to say: kept and scored 3, needed 765" in " ".join(html.split())
    assert "Under second nothing appears before somebody has looked at it" in " ".join(html.split())


def test_comment_text_and_names_cannot_be_part_of_the_page(oracle, policies):
    named = {"<b>first</b>$x$": policies["first"], "second": policies["second"]}
    html = render_replay(replayed(named, ARCHIVE, placed((HOSTILE, "approved"))))
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert " y" * SHOWN_CHARACTERS not in html, "long comments are cut"


def test_plots_hold_the_names_as_text(oracle, policies):
    named = {"a$b$ <x>": policies["first"]}
    svg = replay_plots.decisions(replayed(named, ARCHIVE))
    assert "a$b$ &lt;x&gt;" in svg
    assert BeautifulSoup(svg, "html.parser").find("x") is None
    sweeps = dict(replay_plots.sweeps(replayed(named, MANY)))
    assert list(sweeps) == list(LABEL_NAMES)
    assert "a$b$ &lt;x&gt; rejects from 0.9000" in sweeps["personal_attack"]
    assert "rejects from" not in sweeps["spam"]
    assert replay_plots.sweeps(replayed(named, ARCHIVE)) == [], "too few comments to draw"


def test_the_same_results_give_the_same_page(oracle, policies, page):
    assert render_replay(replayed(policies, ARCHIVE, placed((HOSTILE, "approved")), MANY)) == page


@pytest.mark.parametrize(
    ("statuses", "warning"),
    [
        ([None, "held"], "No comment states what you did with it"),
        (["approved", None], "There is no comment that you removed"),
        (["approved", "spam"], None),
    ],
)
def test_it_says_what_the_archive_cannot_tell(oracle, policies, statuses, warning):
    html = render_replay(replayed(policies, placed(*(("Hello.", status) for status in statuses))))
    assert (warning in html) if warning else ('class="warning"' not in html)


def test_one_policy_has_no_differences(oracle, policies):
    html = render_replay(replayed({"first": policies["first"]}, ARCHIVE))
    assert "differ" not in BeautifulSoup(html, "html.parser").body.get_text()
