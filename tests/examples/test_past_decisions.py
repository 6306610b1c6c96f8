"""What past decisions say about labels."""

from __future__ import annotations

import pytest

from moderation.examples import labels_of_status
from moderation.labels import LABEL_NAMES


def test_spam_is_spam_and_no_more_is_known():
    assert labels_of_status("spam") == {"spam": 1}


def test_what_was_approved_breaks_no_rule():
    found = labels_of_status("approved")
    assert found == {"personal_attack": 0, "abuse": 0, "spam": 0, "off_topic": 0}
    assert set(LABEL_NAMES) - set(found) == {"antisemitism_accusation", "on_topic_disagreement"}


@pytest.mark.parametrize("status", ["held", "trash", "deleted", None])
def test_nothing_else_says_anything(status):
    assert labels_of_status(status) is None
