"""Elements of JSON arrays and of JSON lines, read piece by piece."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.threads.exports import json_arrays, lines
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.json_stream import clean, read_json_array, read_json_lines
from moderation.threads.exports.lines import read_lines
from tests.threads.exports.mutations import mutations

ELEMENTS = [
    {"text": 'brackets } ] and a quote " and a backslash \\', "reply": [{"to": None}], "who": "Ünal 😀"},
    {},
    {"text": "\\", "n": -1.5e3},
    {"text": "a\nb\u2028c"},
]
WHOLE = json.dumps(ELEMENTS, indent=1, ensure_ascii=False).encode()
LINES = "".join(json.dumps(element, ensure_ascii=False) + "\n" for element in ELEMENTS).encode()
MARK = b"\xef\xbb\xbf"


class Slow(io.BytesIO):
    """A stream that gives a few bytes at a time, whatever it is asked for."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self.size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.size)


def read(data: bytes, *, recover: bool = False, reader=read_json_array) -> tuple[list[object], Faults]:
    faults = Faults("x.json", recover)
    return [value for _, _, value in reader(io.BytesIO(data), faults)], faults


def fault(data: bytes, reader=read_json_array) -> ExportError:
    with pytest.raises(ExportError) as caught:
        read(data, reader=reader)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_elements_come_with_their_places_however_the_bytes_arrive(size):
    found = list(read_json_array(Slow(WHOLE, size), Faults("x.json")))
    assert [value for _, _, value in found] == ELEMENTS
    for offset, line, _ in found:
        assert WHOLE[offset : offset + 1] == b"{"
        assert WHOLE[:offset].count(b"\n") + 1 == line


@pytest.mark.parametrize(
    ("data", "elements"),
    [
        (b"[]", []),
        (b" [ 1 , 2 ] ", [1, 2]),
        # Pages saved one behind the other, with a byte order mark each.
        (MARK + b"[1,2]\n[3]" + MARK + b"[]", [1, 2, 3]),
        # Pages in one array; deeper arrays are elements.
        (b"[[1,[2]],[],[{}],3]", [1, [2], {}, 3]),
        (b'["a",null,true,-1.5e3,"\\"]"]', ["a", None, True, -1500.0, '"]']),
        # What json reads beyond the standard.
        (b"[Infinity,-Infinity]", [float("inf"), float("-inf")]),
    ],
)
@pytest.mark.parametrize("size", [1, 10_000])
def test_arrays_behind_one_another_and_pages_inside_one(data, elements, size):
    assert [value for _, _, value in read_json_array(Slow(data, size), Faults("x.json"))] == elements


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.lists(_VALUES, max_size=4), st.sampled_from([None, 0, 2]), st.booleans(), st.integers(1, 9))
def test_any_array_reads_as_json_reads_it(elements, indent, plain, size):
    data = json.dumps(elements, indent=indent, ensure_ascii=plain).encode(errors="replace")
    expected = []
    for element in json.loads(data):
        expected += element if isinstance(element, list) else [element]
    assert [value for _, _, value in read_json_array(Slow(data, size), Faults("x.json"))] == expected


@pytest.mark.parametrize(
    ("data", "offset", "line", "reason"),
    [
        (b"", 0, 1, "is empty, expected a JSON array"),
        (b" \n", 2, 2, "is empty, expected a JSON array"),
        (b'{"message":"Not Found"}', 0, 1, "begins with '{', expected a JSON array"),
        (b"\xff", 0, 1, "begins with '\\xff', expected a JSON array"),
        (b"[1,\n]", 4, 2, "is not JSON: found ']', expected an element"),
        (b"[,1]", 1, 1, "is not JSON: found ',', expected an element"),
        (b"[1\n2]", 3, 2, "is not JSON: found '2', expected ',' or ']'"),
        (b"[1],[2]", 3, 1, "is not JSON: found ',', expected '['"),
        (b'[1,\n{"a":\ntru}]', 10, 3, "is not JSON: expecting value"),
        # The place counts bytes, not characters.
        ('[{"ü":"ü", b}]'.encode(), 13, 1, "is not JSON: expecting property name enclosed in double quotes"),
        (b'[{"a":1]', 7, 1, "is not JSON: expecting ',' delimiter"),
        (b'[{"a":"x\ny"}]', 8, 1, "is not JSON: invalid control character"),
        (b'[1,{"a":"\xff"}]', 9, 1, "is not UTF-8"),
        (b'[{"a":"x, "b":"y"},\n{"c":"z"}]', 11, 1, "is not JSON: expecting ',' delimiter"),
        (b'[{"a":1}', 8, 1, "is cut off: the array does not end"),
        (b'[{"a":1},{"b":"\xc3', 16, 1, "is cut off in the element that begins at byte 9"),
        (b"[12", 3, 1, "is cut off in the element that begins at byte 1"),
        (b"[" + b"9" * 5_000 + b"]", 1, 1, "is not JSON that can be read: nested too deep, or a number too long"),
        (b"[0," + b"[" * 5_000 + b"]" * 5_001, 4, 1, "is not JSON that can be read: nested too deep, or a number too"),
    ],
)
def test_a_fault_is_named_with_its_place(data, offset, line, reason):
    error = fault(data)
    assert (error.offset, error.line) == (offset, line)
    assert f": {reason}" in str(error)


@pytest.mark.parametrize(
    ("data", "elements"),
    [
        (b'[{"a":tru},{"b":2}]', [{"b": 2}]),
        (b'[{"a":1} {"b":2}]', [{"a": 1}, {"b": 2}]),
        (b'[{"a":1}}, {"b":2}]', [{"a": 1}, {"b": 2}]),
        (b'[{"a":1}], {"b":2}]', [{"a": 1}, {"b": 2}]),
        (b'[{"a":"\xff"},{"b":2}]', [{"b": 2}]),
        # A quotation mark is missing: strings and what is between them have changed places, up to the end.
        (b'[{"a":"x, "b":"y"},{"c":"3"},{"d":4}]', [{"c": "3"}, {"d": 4}]),
        # A string goes over the end of its line.
        (b'[{"a":"x\n"},\n{"b":2}]', [{"b": 2}]),
        (b"[" + b"9" * 5_000 + b',{"b":2}]', [{"b": 2}]),
        (b'[{"a":' * 5_000 + b"}]" * 5_000 + b',{"b":2}]', [{"b": 2}]),
        (b'[[{"a":1},{"b":],{"c":2}]]', [{"a": 1}, {"c": 2}]),
    ],
)
def test_behind_a_fault_reading_goes_on_with_the_next_element(data, elements):
    found, faults = read(data, recover=True)
    assert found == elements
    assert faults.listed
    fault(data)


def test_an_element_has_a_largest_size(monkeypatch):
    monkeypatch.setattr(json_arrays, "MAX_ELEMENT_BYTES", 100)
    large = b'{"a":"' + b"x" * 150_000 + b'"}'
    for data in (b'[{"b":1},\n' + large + b',{"c":2}]', b'[{"b":1},\n"' + b"x" * 150_000 + b'",{"c":2}]'):
        error = fault(data)
        assert (error.offset, error.line) == (10, 2)
        assert "an element is larger than 100 bytes" in str(error)
        assert read(data, recover=True)[0] == [{"b": 1}, {"c": 2}]


def test_looking_again_has_an_end(monkeypatch):
    # Every part of this looks like the beginning of an element, and none ends: that must not be tried each time.
    monkeypatch.setattr(json_arrays, "MAX_ELEMENT_BYTES", 50_000)
    found, faults = read(b"[" + b'{"x" , ' * 50_000, recover=True)
    assert found == []
    assert 0 < len(faults.listed) < 30
    read(b"[" + b'{"x" , {"\n' * 5_000, recover=True)


def test_a_cut_yields_what_was_whole_and_then_one_error():
    for cut in range(0, len(WHOLE), 7):
        found = []
        with pytest.raises(ExportError) as caught:
            found.extend(value for _, _, value in read_json_array(io.BytesIO(WHOLE[:cut]), Faults("cut.json")))
        # A cut is found where the file ends.
        assert caught.value.offset == cut
        recovered, faults = read(WHOLE[:cut], recover=True)
        assert recovered == ELEMENTS[: len(recovered)]
        assert len(faults.listed) == 1


@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_lines_come_with_their_places(size):
    data = MARK + LINES.replace(b"\n", b"\r\n\n", 1)  # a blank line, and line ends of two bytes
    found = list(read_json_lines(Slow(data, size), Faults("x.jsonl")))
    assert [value for _, _, value in found] == ELEMENTS
    for offset, line, _ in found:
        assert data[offset : offset + 1] == b"{"
        assert data[:offset].count(b"\n") + 1 == line


def test_a_broken_line_is_named_and_the_next_is_read():
    data = b'{"a":1}\n{"b":"\xc3\xa4" 2}\n\xff\n' + b"9" * 5_000 + b"\n" + b"[" * 5_000 + b'\n{"c":3}\n{"d":'
    error = fault(data, reader=read_json_lines)
    assert (error.offset, error.line) == (18, 2)
    found, faults = read(data, recover=True, reader=read_json_lines)
    assert found == [{"a": 1}, {"c": 3}]
    assert [message.split(": ", 2)[1].split(", ")[1] for message in faults.listed] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 7",
    ]
    assert faults.listed[-1] == f"x.json: byte {len(data):,}, line 7: is cut off in this line"


def test_a_line_has_a_largest_size(monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 100)
    data = b'{"a":1}\n"' + b"x" * 200_000 + b'"\n{"b":2}\n"' + b"x" * 101
    found, faults = read(data, recover=True, reader=read_json_lines)
    assert found == [{"a": 1}, {"b": 2}]
    assert [message.split(": ")[1] for message in faults.listed] == ["byte 8, line 2", "byte 200,019, line 4"]


@pytest.mark.parametrize("size", [1, 2, 10_000])
def test_lines_may_end_in_carriage_returns(size):
    # Old Macs ended lines with nothing else.
    data = MARK + b"a\rb\r\nc\n\rd\r"
    assert list(read_lines(Slow(data, size), returns=True)) == [
        (3, 1, b"a\r"),
        (5, 2, b"b\r\n"),
        (8, 3, b"c\n"),
        (10, 4, b"\r"),
        (11, 5, b"d\r"),
    ]


def test_half_characters_and_nul_are_replaced():
    assert clean(json.loads('"a\\ud83d\\ude00 b\\ud83d c\\u0000"')) == "a😀 b\ufffd c\ufffd"


def check_only_export_errors(data: bytes) -> None:
    for reader in (read_json_array, read_json_lines):
        with contextlib.suppress(ExportError):
            read(data, reader=reader)
        read(data, recover=True, reader=reader)


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text('[]{}",:\\1ax \n', max_size=60).map(lambda text: b"[" + text.encode()))
@example(b'[{"\\')
@example(b"[\xef")
def test_arbitrary_bytes_raise_nothing_else(data):
    check_only_export_errors(data)


@settings(max_examples=60)
@given(mutations(WHOLE, (b'"', b"{", b"}", b"[", b"]", b"\\", b"\n", b",")))
def test_mutations_raise_nothing_else(data):
    check_only_export_errors(data)


@settings(max_examples=60)
@given(mutations(WHOLE, (b'"', b"{", b"}", b"[", b"]", b"\\", b"\n", b",")), st.integers(1, 9))
def test_how_the_bytes_arrive_makes_no_difference(data, size):
    at_once, in_bits = (Faults("x.json", recover=True) for _ in range(2))
    assert list(read_json_array(io.BytesIO(data), at_once)) == list(read_json_array(Slow(data, size), in_bits))
    assert at_once.listed == in_bits.listed
