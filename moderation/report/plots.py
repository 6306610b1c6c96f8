"""Findings -> plots, each an SVG to set into the page. Colours are told apart by people who see few (Okabe and Ito 2008)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from moderation.labels import LABEL_NAMES
from moderation.model.card import MAIN_THREE
from moderation.model.evaluation import BINS
from moderation.report.findings import Findings

COLOURS: Mapping[str, str] = dict(
    zip(LABEL_NAMES, ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"), strict=True)
)
LEAST = 10
"""Comments of each kind below which a curve says nothing."""


def precision_recall(found: Findings) -> str:
    """Return the precision-recall curves of all labels."""
    figure, axes = figure_of("recall", "precision")
    for name, wanted, scores in _measured(found):
        precision, recall, _ = precision_recall_curve(wanted, scores)
        axes.plot(recall, precision, color=COLOURS[name], label=f"{name} ({int(wanted.sum())} of {len(wanted)})")
    return svg_of(figure, axes)


def calibration(found: Findings) -> str:
    """Return the share of comments that have a label against its score, in bins of equal width."""
    figure, axes = figure_of("score", "share that has the label")
    axes.plot([0, 1], [0, 1], color="#999999", linestyle=":", label="as it should be")
    for name, wanted, scores in _measured(found):
        bins = np.minimum((scores * BINS).astype(int), BINS - 1)
        filled = [index for index in range(BINS) if (bins == index).sum() >= LEAST]
        means = [(scores[bins == index].mean(), wanted[bins == index].mean()) for index in filled]
        axes.plot(*np.array(means).reshape(-1, 2).T, marker="o", color=COLOURS[name], label=name)
    return svg_of(figure, axes)


def threshold_sweep(found: Findings) -> list[tuple[str, str]]:
    """Return for each label precision and recall against the threshold, with the thresholds to hold and to reject."""
    plots = []
    for name, wanted, scores in _measured(found):
        figure, axes = figure_of("threshold", "precision, recall")
        precision, recall, at = precision_recall_curve(wanted, scores)
        axes.plot(at, precision[:-1], color=COLOURS[name], label="precision")
        axes.plot(at, recall[:-1], color=COLOURS[name], linestyle="--", label="recall")
        for action, style in (("hold", ":"), ("reject", "-.")):
            threshold = found.model.thresholds[name][action]
            if threshold is not None:
                axes.axvline(threshold, color="#444444", linestyle=style, label=f"{action} from {threshold:.2f}")
        plots.append((name, svg_of(figure, axes)))
    return plots


def confusion(found: Findings) -> str:
    """Return which of the main three labels is taken for which."""
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    shares = found.confusion / np.maximum(found.confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names = [name.replace("_", "\n") for name in MAIN_THREE]
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("highest score")
    axes.set_ylabel("label")
    for (row, column), count in np.ndenumerate(found.confusion):
        dark = shares[row, column] > 0.5
        axes.text(column, row, f"{count:,}", ha="center", va="center", color="white" if dark else "black")
    return svg_of(figure)


def learning_curve(found: Findings) -> str | None:
    """Return what an owner's own labels buy, None where there are none to learn from."""
    if len(found.curve) < 2:
        return None
    figure, axes = figure_of("own labels learned from", "ROC AUC on held-out threads")
    for name in LABEL_NAMES:
        points = [(point.labels, point.roc_auc[name]) for point in found.curve if name in point.roc_auc]
        if len(points) > 1:
            axes.plot(*np.array(points).T, marker="o", color=COLOURS[name], label=name)
    axes.set_xscale("symlog", linthresh=25)
    axes.set_xlim(-1, None)
    axes.set_ylim(None, 1.01)
    return svg_of(figure, axes)


def _measured(found: Findings) -> Sequence[tuple[str, np.ndarray, np.ndarray]]:
    """The labels that have enough comments of each kind, with what was judged and the scores."""
    parts = []
    for column, name in enumerate(LABEL_NAMES):
        known = ~np.isnan(found.wanted[:, column])
        wanted, scores = found.wanted[known, column], found.scores[known, column]
        if min(wanted.sum(), len(wanted) - wanted.sum()) >= LEAST:
            parts.append((name, wanted, scores))
    return parts


def figure_of(x: str, y: str) -> tuple[Figure, Axes]:
    """Return a plot of shares, with the names of its axes."""
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.01)
    axes.grid(alpha=0.3)
    return figure, axes


def svg_of(figure: Figure, axes: Axes | None = None) -> str:
    """Return a plot as an SVG, with a legend where `axes` has what one would name."""
    if axes is not None and axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize="small")
    buffer = io.StringIO()
    # No date, and the same names of parts every time: the same figures give the same page.
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()[buffer.getvalue().index("<svg") :]
