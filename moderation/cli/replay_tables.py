"""The tables of `moderation policy replay` on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from moderation.cli.terminal import COLOURS, safe, short
from moderation.replay import Replay
from moderation.replay.figures import Figures
from moderation.replay.outcomes import OUTCOMES, statuses_of
from moderation.replay.results import Differing, PolicyResult
from moderation.replay.shares import Share
from moderation.replay.thresholds import NOT_REACHABLE, TOO_FEW

_WAYS, _SAMPLE = 6, 3
"""Ways of differing that are shown, and comments of each."""
_ANSWERS = {NOT_REACHABLE: "not reachable", TOO_FEW: "too few, {needed} needed"}


def print_replay(replay: Replay) -> None:
    """Print what policies would have done, and how that agrees with what the owner did."""
    console = Console(highlight=False)
    console.print(safe(_archive(replay)))
    console.print(
        Text("Each share has its 95% interval in brackets, and below how many of how many it is.", style="dim")
    )
    _print(console, _policies(replay.policies))
    _print(console, _agreement(replay.policies))
    for policy in replay.policies:
        _print(console, _rules(policy))
        quoted = {rule.says: rule.id for rule in reversed(policy.rules)}
        for says, name in reversed(quoted.items()):
            console.print(safe(f"{name}: “{says}”"), style="dim")
    if len(replay.policies) > 1:
        _print_differing(console, replay)
    _print(console, _thresholds(replay))
    if any(one.answer == TOO_FEW for one in replay.thresholds):
        console.print(Text(_FEW, style="dim"))
    console.print(Text(_BY_ITSELF, style="dim"))


def warnings(replay: Replay) -> Iterator[str]:
    """Yield a line for what the archive cannot tell, and why that is so."""
    if not replay.known:
        yield "no comment states what the owner did with it, so there is nothing that the policies could agree with"
    elif not replay.outcomes["removed"]:
        yield (
            "the archive has no comment that the owner removed, so nothing can be said about catching those; "
            "WordPress leaves spam out of its own export"
        )


_FEW = "Where it says too few: that many kept comments with a score are needed to tell."
_BY_ITSELF = "Each threshold holds for its label alone: several labels together reject more."


def _print(console: Console, table: Table) -> None:
    console.print()
    console.print(table)


def _archive(replay: Replay) -> str:
    parts = [f"{name} {replay.outcomes[name]:,}{_stated(replay.statuses, name)}" for name in OUTCOMES]
    return f"{replay.comments:,} comments, model {replay.model}. The owner's decisions: {'; '.join(parts)}."


def _stated(statuses: Mapping[str, int], outcome: str) -> str:
    counts = [(status or "no status", statuses.get(status or "", 0)) for status in statuses_of(outcome)]
    named = [f"{status} {count:,}" for status, count in counts if count]
    return f" ({', '.join(named)})" if named else ""


def _policies(policies: Iterable[PolicyResult]) -> Table:
    table = _table(
        "What each policy would have done", "policy", "published", "held", "rejected", "agrees with the owner"
    )
    for policy, what, figures in _both(policies):
        counts = (figures.published, figures.held, figures.rejected)
        table.add_row(safe(f"{policy.name}\n{what}"), *(f"{count:,}" for count in counts), _share(figures.agreement))
    return table


def _agreement(policies: Iterable[PolicyResult]) -> Table:
    head = ("policy", "stopped: precision", "recall", "rejected: precision", "recall", "good ones rejected")
    table = _table("What was stopped (held or rejected), beside what the owner removed", *head)
    for policy, what, one in _both(policies):
        shares = (one.precision, one.recall, one.reject_precision, one.reject_recall, one.good_rejected)
        table.add_row(safe(f"{policy.name}\n{what}"), *(_share(share, "\n") for share in shares))
    return table


def _both(policies: Iterable[PolicyResult]) -> Iterator[tuple[PolicyResult, str, Figures]]:
    for policy in policies:
        if policy.decisions == policy.suggestions:
            yield policy, "decides, as scores suggest", policy.decisions
        else:
            yield policy, "decides", policy.decisions
            yield policy, "scores suggest", policy.suggestions


def _rules(policy: PolicyResult) -> Table:
    table = _table(f"Rules of {policy.name}", "rule", "lets pass", "holds", "rejects", "precision", "recall")
    for rule in policy.rules:
        one = rule.figures
        counts = (f"{count:,}" for count in (one.published, one.held, one.rejected))
        table.add_row(safe(rule.id), *counts, _share(one.precision), _share(one.recall))
    return table


def _print_differing(console: Console, replay: Replay) -> None:
    first, second = replay.policies[:2]
    count = sum(way.comments for way in replay.differing)
    console.print()
    title = f"{first.name} and {second.name} differ on {count:,} of {replay.comments:,} comments"
    console.print(safe(title), style="bold")
    for way in replay.differing[:_WAYS]:
        console.print(_way(way, first.name, second.name))
        for one in way.sample[:_SAMPLE]:
            console.print(Text("  ") + safe(f"{one.id or '-'} ({one.status or 'no status'}): {short(one.text)}"))
    left = replay.differing[_WAYS:]
    if left:
        console.print(f"and {sum(way.comments for way in left):,} more, in {len(left)} other ways", style="dim")


def _way(way: Differing, first: str, second: str) -> Text:
    parts = Text(f"{way.comments:,}  ")
    for name, (decision, suggestion), end in ((first, way.first, ";  "), (second, way.second, "   ")):
        parts += safe(f"{name}: ") + Text(decision, style=COLOURS[decision])
        parts += Text(f" (scores suggest {suggestion}){end}")
    stated = ", ".join(f"{name} {way.outcomes[name]:,}" for name in OUTCOMES)
    return parts + Text(f"owner: {stated}", style="dim")


def _thresholds(replay: Replay) -> Table:
    now = [f"{policy.name} rejects from" for policy in replay.policies]
    title = f"Thresholds that would reject no more than {replay.target.says} good comments"
    table = _table(title, "label", "reject from", "good ones rejected", "removed ones caught", *now)
    table.columns[0].no_wrap = True
    for one in replay.thresholds:
        if one.threshold is None:
            cells: tuple[str | Text, ...] = (_ANSWERS[one.answer].format(needed=f"{one.needed:,}"), "-", "-")
        else:
            cells = (f"{one.threshold:.4f}", _share(one.good_rejected), _share(one.caught))
        at = (policy.rejects_from.get(one.label) for policy in replay.policies)
        table.add_row(one.label, *cells, *("-" if value is None else f"{value:.4f}" for value in at))
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=safe(title), title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(safe(first), overflow="fold")
    for heading in others:
        table.add_column(safe(heading), justify="right", overflow="fold")
    return table


def _share(share: Share, apart: str = " ") -> Text:
    """A share with its interval, its counts below; `apart` stands before the interval."""
    if share.value is None:
        return Text("-")
    digits = 2 if share.high < 0.05 else 1
    ends = Text(f"{apart}({100 * share.low:.{digits}f}–{100 * share.high:.{digits}f})", style="dim")
    return Text(f"{share.value:.{digits}%}") + ends + Text(f"\n{share.hits:,} of {share.of:,}", style="dim")
