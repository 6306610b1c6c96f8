"""Comment moderation that quotes the blog's own rules: `load_moderator().score([Comment(text="...")])`."""

from moderation.errors import (
    InputError,
    ModelError,
    ModerationError,
    PageError,
    PolicyError,
    RecordError,
    SettingsError,
    TrainingError,
    UnknownNameError,
)
from moderation.moderator import Moderator, load_moderator
from moderation.records import Article, Author, Comment, FiredRule, Span, Thread, Verdict

__all__ = [
    "Article",
    "Author",
    "Comment",
    "FiredRule",
    "InputError",
    "ModelError",
    "ModerationError",
    "Moderator",
    "PageError",
    "PolicyError",
    "RecordError",
    "SettingsError",
    "Span",
    "Thread",
    "TrainingError",
    "UnknownNameError",
    "Verdict",
    "load_moderator",
]
