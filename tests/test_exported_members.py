"""The public names: whoever adds or removes one says so here."""

from __future__ import annotations

import moderation


def test_exported_members():
    assert moderation.__all__ == [
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


def test_every_name_is_there():
    for name in moderation.__all__:
        assert getattr(moderation, name).__module__.startswith("moderation."), name
    assert moderation.__all__ == sorted(moderation.__all__)
