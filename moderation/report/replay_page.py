"""Results of a replay -> one page that needs nothing beside it."""

from __future__ import annotations

from moderation.replay import Replay
from moderation.replay.outcomes import OUTCOMES, statuses_of
from moderation.report import replay_plots
from moderation.report.page import image, plotting, template

SHOWN_WAYS, SHOWN_CHARACTERS = 12, 400
"""Ways in which two policies differ that are shown with their comments, and how much of a comment is."""


def render_replay(replay: Replay) -> str:
    """Return the page. Comment text is hostile: the template escapes whatever it shows, and plots are images."""
    with plotting():
        drawn = {
            "decisions": image(replay_plots.decisions(replay)),
            "sweeps": [(name, image(plot)) for name, plot in replay_plots.sweeps(replay)],
        }
    stated = {outcome: _stated(replay, outcome) for outcome in OUTCOMES}
    return template("replay.html").render(
        replay=replay, plots=drawn, stated=stated, shown=SHOWN_WAYS, characters=SHOWN_CHARACTERS
    )


def _stated(replay: Replay, outcome: str) -> list[tuple[str, int]]:
    """The statuses that count as an outcome, and how many comments have each."""
    counts = [(status or "no status", replay.statuses.get(status or "", 0)) for status in statuses_of(outcome)]
    return [(name, count) for name, count in counts if count]
