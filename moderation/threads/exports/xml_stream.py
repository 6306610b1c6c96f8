"""XML of an export -> its records one by one, in memory that does not grow with the file.

Only the parser of the standard library is used (expat), in bytes, with document types refused: no entity is ever defined,
so none can explode. Names are taken as they are written (`wp:comment`): exports in the wild forget to declare prefixes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from moderation.threads.exports.faults import Faults
from moderation.threads.exports.source import pieces, scrubbed

MAX_RECORD_BYTES = 8_000_000
"""Text and markup of one record; the longest posts stay well below a tenth of it."""
MAX_DEPTH = 64
"""Elements inside one another: exports have five."""
_ELEMENT_BYTES = 200
"""What an empty element costs in memory, about."""


@dataclass(slots=True)
class Node:
    """An element with what is in it. `text` is all text directly inside, joined."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def child(self, name: str) -> Node | None:
        """Return the first child of that name."""
        for node in self.children:
            if node.name == name:
                return node
        return None

    def all(self, name: str) -> list[Node]:
        """Return the children of that name."""
        return [node for node in self.children if node.name == name]

    def value(self, name: str) -> str:
        """Return the text of the first child of that name without white space around it; empty without one."""
        found = self.child(name)
        return found.text.strip() if found else ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A container begins."""

    name: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A container ends."""

    name: str


class _StopError(Exception):
    """Something that the parser accepts and an export must not have, and where it begins."""

    def __init__(self, reason: str, byte: int, line: int) -> None:
        super().__init__(reason)
        self.byte, self.line = byte, line


def read_xml(
    stream: BinaryIO, root: str, containers: Collection[str], records: Collection[str], faults: Faults
) -> Iterator[Node | Opened | Closed]:
    """Yield `Opened` and `Closed` for `root` and the elements named in `containers`, and every other element whole.

    `records` are the names of elements behind a fault with which reading can go on, if `faults` recovers: then the
    containers that were open are taken to be open still, up to one that is itself among `records`.

    Raises:
        ExportError: the XML is broken or cut off, has a document type, another root, or a record that is too large or too
            deep, and `faults` does not recover.
    """
    reader = _Reader(root, {root, *containers}, frozenset(records), faults)
    for part in scrubbed(pieces(stream)):
        yield from reader.feed(part)
    yield from reader.end()


class _Reader:
    """One parser after another: behind a fault a new one begins, told which containers are open."""

    def __init__(self, root: str, containers: set[str], records: frozenset[str], faults: Faults) -> None:
        self._root, self._containers, self._faults = root, containers, faults
        names = b"|".join(re.escape(name.encode()) for name in sorted(records))
        self._again = re.compile(rb"<(" + names + rb")(?=[\s/>])")
        self._found: deque[Node | Opened | Closed] = deque()
        self._open: list[str] = []
        # Of the part being parsed: the byte of the export at which it begins, and the lines before it.
        self._offset = self._newlines = 0
        self._searching = False
        self._begun = False
        # What may be the beginning of a record's tag, at the end of a part that was searched.
        self._held = b""
        self._longest = max(map(len, records)) + 1
        self._start(0, 0)

    def _start(self, offset: int, newlines: int) -> None:
        """Begin to parse at a byte of the export, inside the containers that are open."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartDoctypeDeclHandler = self._doctype
        # What was open stays open: its tags are parsed again, but nobody is told.
        prefix = "".join(f"<{name}>" for name in self._open).encode()
        parser.Parse(prefix, False)
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._text
        self._parser = parser
        self._base, self._line = offset - len(prefix), newlines
        self._nodes: list[Node] = []
        self._texts: list[list[str]] = []
        self._size = 0

    def feed(self, part: bytes) -> Iterator[Node | Opened | Closed]:
        """Parse more bytes and yield what became whole."""
        part, self._held = self._held + part, b""
        position = 0
        if not self._begun:
            # Plugins leave empty lines before the declaration, where XML has none.
            position = len(part) - len(part.lstrip())
            self._begun = position < len(part)
            self._start(self._offset + position, self._newlines + part.count(b"\n", 0, position))
        while position < len(part):
            if self._searching:
                found = self._again.search(part, position)
                if found is None:
                    self._held = part[max(len(part) - self._longest, position) :]
                    part = part[: len(part) - len(self._held)]
                    break
                position = found.start()
                self._reopen(found.group(1).decode(), position, part)
                yield from self._drain()
            try:
                self._parser.Parse(memoryview(part)[position:], False)
                position = len(part)
                if self._offset + position - self._base - self._parser.CurrentByteIndex > MAX_RECORD_BYTES:
                    raise self._stop(f"a tag or comment is larger than {MAX_RECORD_BYTES:,} bytes")
            except (expat.ExpatError, _StopError) as error:
                yield from self._drain()
                position = max(self._fault(error) - self._offset, position) + 1
            yield from self._drain()
        self._offset += len(part)
        self._newlines += part.count(b"\n")

    def end(self) -> Iterator[Node | Opened | Closed]:
        """Say that there are no more bytes."""
        if not self._searching:
            try:
                self._parser.Parse(b"", True)
            except (expat.ExpatError, _StopError) as error:
                self._fault(error)
        yield from self._drain()

    def _drain(self) -> Iterator[Node | Opened | Closed]:
        while self._found:
            yield self._found.popleft()

    def _reopen(self, record: str, position: int, part: bytes) -> None:
        if record in self._open:
            closed = self._open[self._open.index(record) :]
            del self._open[self._open.index(record) :]
            self._found.extend(Closed(name) for name in reversed(closed))
        if not self._open and record != self._root:
            self._open.append(self._root)
        self._searching = False
        self._start(self._offset + position, self._newlines + part.count(b"\n", 0, position))

    def _fault(self, error: expat.ExpatError | _StopError) -> int:
        """Note the fault, and return at which byte of the export it is."""
        if isinstance(error, _StopError):
            byte, line, reason = error.byte, error.line, str(error)
        else:
            byte, line = self._parser.ErrorByteIndex, self._parser.ErrorLineNumber
            reason = f"is not well-formed XML: {expat.ErrorString(error.code)}"
        offset, line = self._base + max(byte, 0), self._line + line
        self._searching = True
        self._faults.broken(max(offset, 0), line, reason)
        return offset

    def _stop(self, reason: str) -> _StopError:
        return _StopError(reason, self._parser.CurrentByteIndex, self._parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        raise self._stop("has a document type (DOCTYPE), which exports never have and which could define entities")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open and name != self._root:
            raise self._stop(f"begins with <{name[:40]}>, expected <{self._root}>")
        if not self._nodes and name in self._containers:
            self._open.append(name)
            self._found.append(Opened(name))
            if len(self._open) > len(self._containers) + MAX_DEPTH:
                raise self._stop(f"elements are nested more than {MAX_DEPTH} deep")
            return
        if len(self._nodes) >= MAX_DEPTH:
            raise self._stop(f"elements are nested more than {MAX_DEPTH} deep")
        node = Node(name, attributes)
        if self._nodes:
            self._nodes[-1].children.append(node)
        self._nodes.append(node)
        self._texts.append([])
        size = len(name) + _ELEMENT_BYTES
        if attributes:
            size += sum(map(len, attributes)) + sum(map(len, attributes.values()))
        self._grow(size)

    def _close(self, name: str) -> None:
        if not self._nodes:
            self._open.pop()
            self._found.append(Closed(name))
            return
        node = self._nodes.pop()
        node.text = "".join(self._texts.pop())
        if not self._nodes:
            self._found.append(node)
            self._size = 0

    def _text(self, text: str) -> None:
        if self._nodes:
            self._texts[-1].append(text)
            self._grow(len(text))

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MAX_RECORD_BYTES:
            raise self._stop(f"a record is larger than {MAX_RECORD_BYTES:,} bytes")
