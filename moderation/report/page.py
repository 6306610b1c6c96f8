"""Findings -> `index.html`, one page that needs nothing beside it, and `metrics.json`."""

from __future__ import annotations

import base64
import json
from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib as mpl
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from moderation.errors import InputError
from moderation.files import write_text
from moderation.model.card import figures
from moderation.report import plots
from moderation.report.findings import Findings

PAGE, FIGURES = "index.html", "metrics.json"


def write(folder: Path, found: Findings) -> list[Path]:
    """Write the page and the figures into a folder, made where there is none, and return their paths.

    Raises:
        InputError: the folder or a file in it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    write_text(folder / PAGE, render(found))
    write_text(folder / FIGURES, json.dumps(found.figures(), indent=2, allow_nan=False) + "\n")
    return [folder / PAGE, folder / FIGURES]


def render(found: Findings) -> str:
    """Return the page. Comment text is hostile: the template escapes whatever it shows, and plots are images."""
    with plotting():
        curve = plots.learning_curve(found)
        drawn = {
            "precision_recall": image(plots.precision_recall(found)),
            "calibration": image(plots.calibration(found)),
            "sweeps": [(name, image(plot)) for name, plot in plots.threshold_sweep(found)],
            "confusion": image(plots.confusion(found)),
            "curve": image(curve) if curve else None,
        }
    return template("page.html").render(found=found, figures=figures, plots=drawn)


def template(name: str) -> Template:
    """Return a template of this folder. It escapes whatever it shows: that may be other people's comments."""
    loader = PackageLoader("moderation.report", ".")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True).get_template(name)


def plotting() -> AbstractContextManager[None]:
    """Give the settings to draw under: the same figures give the same plots."""
    return mpl.rc_context({"svg.hashsalt": "moderation", "svg.fonttype": "none", "font.family": "sans-serif"})


def image(svg: str) -> str:
    """Return an SVG as an address, so that nothing in it is part of the page."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
