"""Labelling comments one at a time: which is next, what was answered, what was undone. The terminal is `cli.label`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moderation.examples import Judgement
from moderation.labels import LABEL_NAMES, exclusions
from moderation.records import Example

KEYS: Mapping[str, str] = dict(zip("padbst", LABEL_NAMES, strict=True))
"""The key of each label: p, a, d, b, s, t."""

_NEXT: Mapping[int | None, int | None] = {0: 1, 1: None, None: 0}


class Session:
    """Goes through examples in order, leaving out those that `done` has already judged.

    The labels of the current one are a draft until `accept`; a draft starts with 0 for every label that can be told:
    `off_topic` is blank where neither article nor parent is known.
    """

    def __init__(self, examples: Sequence[Example], done: Mapping[str, Judgement]) -> None:
        """Start at the first example that nobody judged."""
        self._examples = list(examples)
        self._judged: dict[str, Judgement] = dict(done)
        self._order: list[int] = []
        self.draft: dict[str, int | None] = {}
        self._seek(0)

    @property
    def current(self) -> Example | None:
        """The example to judge now; None when all are judged or skipped."""
        return self._examples[self._position] if self._position < len(self._examples) else None

    @property
    def judged(self) -> Mapping[str, Judgement]:
        """Every judgement, those of earlier sittings and of other files first."""
        return self._judged

    @property
    def counted(self) -> tuple[int, int]:
        """How many of the examples are judged, and how many there are."""
        return sum(example.id in self._judged for example in self._examples), len(self._examples)

    def toggle(self, label: str) -> None:
        """Turn the draft of a label from 0 to 1, from 1 to blank (cannot tell), from blank to 0."""
        self.draft[label] = _NEXT[self.draft[label]]

    def conflict(self) -> tuple[str, str] | None:
        """Return two labels of the draft that exclude each other, if there are any."""
        return next(iter(exclusions({name: value for name, value in self.draft.items() if value is not None})), None)

    def accept(self, certainty: int) -> None:
        """Keep the draft as the judgement of the current example and go on."""
        example = self._examples[self._position]
        labels = {name: value for name, value in self.draft.items() if value is not None}
        self._judged[example.id] = Judgement(example.id, labels, certainty, readings=1)
        self._go_on()

    def skip(self) -> None:
        """Go on without judging the current example; it comes again in the next sitting."""
        self._go_on()

    def undo(self) -> bool:
        """Go back to the example answered or skipped last in this sitting, with its labels as the draft."""
        if not self._order:
            return False
        self._position = self._order.pop()
        example = self._examples[self._position]
        self._begin(self._judged.pop(example.id, None))
        return True

    def _go_on(self) -> None:
        self._order.append(self._position)
        self._seek(self._position + 1)

    def _seek(self, position: int) -> None:
        self._position = position
        while self.current is not None and self.current.id in self._judged:
            self._position += 1
        if self.current is not None:
            self._begin(None)

    def _begin(self, before: Judgement | None) -> None:
        place = self._examples[self._position].situation
        alone = place.article is None and place.parent is None
        if before is None:
            self.draft = {name: None if alone and name == "off_topic" else 0 for name in LABEL_NAMES}
        else:
            self.draft = {name: before.labels.get(name) for name in LABEL_NAMES}
