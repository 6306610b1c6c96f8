"""Results of a replay -> plots, each an SVG to set into the page."""

from __future__ import annotations

from matplotlib.figure import Figure

from moderation.replay import Replay
from moderation.replay.outcomes import KEPT, OUTCOMES, REMOVED
from moderation.replay.results import PolicyResult
from moderation.replay.thresholds import AT
from moderation.report.plots import COLOURS, LEAST, figure_of, svg_of

_ACTIONS = {"published": "#009e73", "held": "#e69f00", "rejected": "#d55e00"}
_BAR, _FRAME = 0.42, 1.0
"""Inches a bar, and of what stands around all of them."""
_LINES = (":", "-.")


def decisions(replay: Replay) -> str:
    """Return what share of the comments that the owner kept, removed or left open a policy would have published or not."""
    rows = [
        (f"{title}: {outcome} ({sum(counts):,})", counts)
        for policy in replay.policies
        for title, table in _tables(policy)
        for outcome in OUTCOMES
        if sum(counts := table[outcome])
    ]
    figure = Figure(figsize=(6.4, _FRAME + _BAR * len(rows)), layout="constrained")
    axes = figure.subplots()
    places = range(len(rows))
    left = [0.0] * len(rows)
    for column, (name, colour) in enumerate(_ACTIONS.items()):
        widths = [counts[column] / sum(counts) for _, counts in rows]
        axes.barh(places, widths, left=left, color=colour, label=name, height=0.7)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_yticks(places, [title for title, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the comments")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside upper center", ncols=3, fontsize="small", frameon=False
    )
    return svg_of(figure)


def sweeps(replay: Replay) -> list[tuple[str, str]]:
    """Return for each label the share of kept and of removed comments that a threshold rejects, with the thresholds that
    meet the target or are in force; labels with few comments of either kind are left out.
    """
    plots = []
    for curve, found in zip(replay.curves, replay.thresholds, strict=True):
        if min(curve.kept, curve.removed) < LEAST:
            continue
        figure, axes = figure_of("reject from this score on", "share rejected")
        kept, removed = f"{KEPT} by the owner ({curve.kept:,})", f"{REMOVED} by the owner ({curve.removed:,})"
        axes.plot(AT, curve.removed_shares, color=COLOURS[curve.label], label=removed)
        axes.plot(AT, curve.kept_shares, color=COLOURS[curve.label], linestyle="--", label=kept)
        if found.threshold is not None:
            label = f"meets the target from {found.threshold:.4f}"
            axes.axvline(found.threshold, color="#000000", label=label)
        for policy, style in zip(replay.policies, _LINES, strict=False):
            at = policy.rejects_from.get(curve.label)
            if at is not None:
                axes.axvline(at, color="#666666", linestyle=style, label=_plain(f"{policy.name} rejects from {at:.4f}"))
        plots.append((curve.label, svg_of(figure, axes)))
    return plots


def _tables(policy: PolicyResult) -> list[tuple[str, dict[str, tuple[int, int, int]]]]:
    tables = [(_plain(policy.name), policy.decisions.by_outcome())]
    if policy.suggestions != policy.decisions:
        tables.append((f"{_plain(policy.name)}, scores", policy.suggestions.by_outcome()))
    return tables


def _plain(name: str) -> str:
    """A name as it is: dollars would be read as mathematics, and a name may be long."""
    return name[:40].replace("$", r"\$")
