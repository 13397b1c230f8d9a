"""Protocol Buffers as they lie in a file: fields and their values, for files that nobody has vouched for.

Encoding: protobuf.dev/programming-guides/encoding. Only what ONNX needs: whole numbers and parts with a length.
"""

from collections.abc import Iterator
from typing import Final

_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5
_FIXED: Final = {_EIGHT: 8, _FOUR: 4}
_LONGEST: Final = 10  # bytes of a whole number of 64 bits


class WireError(ValueError):
    """Bytes that are no protocol buffer."""


Value = int | memoryview


def fields(data: memoryview) -> Iterator[tuple[int, Value]]:
    """The (number, value) of each field in turn; raises WireError where the bytes end too soon or make no sense."""
    at = 0
    while at < len(data):
        key, at = _whole_number(data, at)
        number, kind = key >> 3, key & 7
        if not number:
            raise WireError("field 0")
        if kind == _VARINT:
            value, at = _whole_number(data, at)
            yield number, value
            continue
        length, at = _whole_number(data, at) if kind == _LENGTH else (_FIXED.get(kind, -1), at)
        if length < 0 or length > len(data) - at:
            raise WireError("a length beyond the end")
        yield number, data[at : at + length]
        at += length


def whole_numbers(value: Value) -> Iterator[int]:
    """The numbers of a repeated field, packed into one part or one by one; as signed numbers of 64 bits."""
    if isinstance(value, int):
        yield _signed(value)
        return
    at = 0
    while at < len(value):
        number, at = _whole_number(value, at)
        yield _signed(number)


def text(value: Value) -> str:
    """A field's text; raises WireError for a number."""
    if isinstance(value, int):
        raise WireError("a number in the place of a text")
    return bytes(value).decode("utf-8", "replace")


def part(value: Value) -> memoryview:
    """A field's bytes; raises WireError for a number."""
    if isinstance(value, int):
        raise WireError("a number in the place of a part")
    return value


def _whole_number(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise WireError("a number without an end")


def _signed(number: int) -> int:
    number &= 2**64 - 1
    return number - 2**64 if number >= 2**63 else number
