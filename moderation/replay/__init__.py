"""What policies would have done with an archive, beside what its owner did."""

from moderation.replay.difference_files import writing_differences
from moderation.replay.judging import Difference, Judged, Judging
from moderation.replay.results import Replay, results_of, to_records
from moderation.replay.tally import Tally
from moderation.replay.thresholds import Target, parse_target

__all__ = [
    "Difference",
    "Judged",
    "Judging",
    "Replay",
    "Tally",
    "Target",
    "parse_target",
    "results_of",
    "to_records",
    "writing_differences",
]
