"""The label table: the one place that says which labels exist. The annotation guide in seeds/README.md expands it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moderation.errors import RecordError, UnknownNameError


@dataclass(frozen=True, slots=True)
class Label:
    """A label: the question an annotator answers and what does not count."""

    name: str
    question: str
    does_not_count: str


_TABLE = (
    Label(
        "personal_attack",
        "does it insult or belittle a person, instead of answering what they said or did?",
        "criticism of what somebody did, strong language about a policy or a thing, insults of a whole group",
    ),
    Label(
        "antisemitism_accusation",
        "does it accuse somebody of antisemitism?",
        "denying, reporting, quoting, defining or complaining about accusations; antisemitic content itself",
    ),
    Label(
        "on_topic_disagreement",
        "does it disagree, on the topic, without attacking a person or accusing anybody of antisemitism?",
        "agreement, thanks, neutral questions, disagreement that comes with an attack, abuse or such an accusation",
    ),
    Label(
        "abuse",
        "is its language hateful, threatening, obscene at somebody, or degrading to a person or a group?",
        "swearing at no one, mild insults, criticism of a group's politics, quoting a slur to object to it",
    ),
    Label(
        "spam",
        "is it there to sell, lure or promote rather than to take part?",
        "a link or a business named because the discussion is about it",
    ),
    Label(
        "off_topic",
        "has it nothing to do with the article or with the comment it answers?",
        "a side remark in an on-topic reply, a reply to what a commenter raised, a word about moderation",
    ),
)

LABELS: Mapping[str, Label] = {label.name: label for label in _TABLE}
"""Every label by name, in the order in which scores are listed."""

LABEL_NAMES: tuple[str, ...] = tuple(LABELS)


def check_label(name: object, where: str = "") -> str:
    """Return `name` if it is a label.

    Raises:
        UnknownNameError: it is not; the message suggests the nearest label.
    """
    if not isinstance(name, str) or name not in LABELS:
        raise UnknownNameError("label", name, LABEL_NAMES, where)
    return name


ALONE = "on_topic_disagreement"
"""The label that no other may stand beside: it is for disagreement that stays with the matter."""


def exclusions(labels: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the pairs of labels that are both 1 in `labels` and exclude each other by the guide."""
    if labels.get(ALONE) != 1:
        return []
    return [(ALONE, name) for name in LABEL_NAMES if name != ALONE and labels.get(name) == 1]


def known_labels(raw: object, where: str = "") -> dict[str, int]:
    """Return the labels of `raw` that were judged, in table order: `{"spam": 1, "abuse": None}` gives `{"spam": 1}`.

    Raises:
        UnknownNameError: a key is no label.
        RecordError: a value is not 0, 1 or null, or `raw` is not a table.
    """
    prefix = f"{where}: " if where else ""
    if not isinstance(raw, Mapping):
        raise RecordError(f"{prefix}'labels' is {type(raw).__name__}, expected an object of label: 0, 1 or null")
    for name, value in raw.items():
        check_label(name, where)
        if value is not None and value not in (0, 1):
            raise RecordError(f"{prefix}label {name!r} is {str(value)[:40]!r}, expected 0, 1 or null")
    return {name: int(raw[name]) for name in LABEL_NAMES if raw.get(name) is not None}
