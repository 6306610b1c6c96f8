"""Stream -> chunks -> joblib -> writer."""

from moderation.batch.journal import Journal
from moderation.batch.scoring import CHUNK, Job, Scored, score_all
from moderation.batch.writers import check_format, write_records

__all__ = ["CHUNK", "Job", "Journal", "Scored", "check_format", "score_all", "write_records"]
