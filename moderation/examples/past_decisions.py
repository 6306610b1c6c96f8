"""What an owner did with a comment -> the labels that this tells."""

from __future__ import annotations

from collections.abc import Mapping

_KEPT = {"personal_attack": 0, "abuse": 0, "spam": 0, "off_topic": 0}
_LABELS: Mapping[str, Mapping[str, int]] = {"approved": _KEPT, "spam": {"spam": 1}}


def labels_of_status(status: str | None) -> Mapping[str, int] | None:
    """Return what the status of a comment in an export says about its labels; None where it says nothing.

    `spam` is spam; whether it attacks somebody too is not known. `approved` has none of the labels that break rules:
    `personal_attack`, `abuse`, `spam`, `off_topic`. The two that break none (`antisemitism_accusation`,
    `on_topic_disagreement`) may be published or not. `trash` and `deleted` say nothing, as a comment is thrown away for any
    reason, and `held` neither, as nobody has decided.
    """
    return _LABELS.get(status or "")
