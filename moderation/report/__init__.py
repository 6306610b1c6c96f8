"""How good a model is, as a page that a person reads and figures that a program does."""

from moderation.report.findings import Findings, find
from moderation.report.page import write

__all__ = ["Findings", "find", "write"]
