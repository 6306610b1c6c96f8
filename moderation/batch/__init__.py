"""Stream -> chunks -> joblib -> writer."""

from moderation.batch.cluster import Cluster, connected
from moderation.batch.journal import Journal
from moderation.batch.scoring import CHUNK, Job, Scored, score_all
from moderation.batch.writers import write_records

__all__ = [
    "CHUNK",
    "Cluster",
    "Job",
    "Journal",
    "Scored",
    "connected",
    "score_all",
    "write_records",
]
