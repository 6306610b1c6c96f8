"""What policies would have done with an archive, beside what its owner did."""

from moderation.replay.difference_files import check_difference_file, writing_differences
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
    "check_difference_file",
    "parse_target",
    "results_of",
    "to_records",
    "writing_differences",
]
