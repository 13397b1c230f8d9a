"""The elements of a JSON file that is one long array: one by one, whatever the file's size and encoding.

Hostile files are expected: memory is bounded by one element, and the elements before the place where a
file breaks off are not lost. ijson streams arrays, too, but UTF-8 only (AI Hub has cp949 as well), and has no bound for
one element.
"""

import codecs
import json
from collections.abc import Iterator
from itertools import count
from typing import Final

from fercore.errors import InputError
from fercore.faces.files import Listed, readable
from fercore.language.sentences import sentence

MAX_BYTES: Final = 512 * 2**20
MAX_ELEMENT: Final = 2**20  # characters
ENCODINGS: Final = ("utf-8-sig", "cp949")  # cp949 holds all of euc-kr
_CHUNK: Final = 2**18
_DECODER: Final = json.JSONDecoder()
_WHITE: Final = " \t\r\n"


class BadArrayError(InputError):
    """A file that is no JSON array, or not to its end; the text says why, and the caller knows the file."""


def elements(file: Listed) -> Iterator[object]:
    """The array's entries, in its order.

    Raises `BadArrayError` where the file is no array or breaks off, and `UnreadableImageError` where its
    bytes cannot be read.
    """
    window = _Window(_texts(file, encoding_of(file)))
    start = window.peek()
    if start != "[":
        actual = f"starts with '{start}'" if start else "is empty"
        raise BadArrayError(
            sentence(
                "it {came}; expected a JSON array of records, which starts with '['. Download it again.", came=actual
            )
        )
    window.skip()
    if window.peek() == "]":
        window.skip()
    else:
        yield from _until_bracket(window)
    if window.peek():
        raise BadArrayError(sentence("there is more text after the array's end. Keep only the array."))


def _until_bracket(window: "_Window") -> Iterator[object]:
    for number in count(1):
        yield window.value(number)
        after = window.peek()
        window.skip()
        if after == "]":
            return
        if after != ",":
            actual = f"'{after}' comes" if after else "the file ends"
            raise BadArrayError(
                sentence(
                    "{came} after record {number}, where ',' or ']' was expected. Download it again.",
                    came=actual,
                    number=number,
                )
            )


def encoding_of(file: Listed) -> str:
    """The first of `ENCODINGS` in which the whole file makes sense; raises `BadArrayError` without one.

    A character cut off at the very end makes sense: the file is broken then, but its encoding is known.
    """
    for encoding in ENCODINGS:
        try:
            for _ in _texts(file, encoding):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadArrayError(sentence("it is neither UTF-8 nor cp949 (EUC-KR) text. Save it as UTF-8."))


def _texts(file: Listed, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in _chunks(file):
        yield decoder.decode(chunk)


def _chunks(file: Listed) -> Iterator[bytes]:
    total = 0
    with readable(file.name), file.open() as stream:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if total > MAX_BYTES:
                raise BadArrayError(
                    sentence("it is bigger than {limit} MB. Split it into smaller arrays.", limit=MAX_BYTES // 2**20)
                )
            yield chunk


class _Window:
    """The part of a text that is being read."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no white space, which is not taken; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _WHITE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Take one character."""
        self._at += 1

    def value(self, number: int) -> object:
        """The next JSON value, the `number`-th record; raises `BadArrayError`."""
        self.peek()
        while True:
            why = "it has no end"
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                if self._is_whole(end):
                    self._at = end
                    return value
            except RecursionError as error:
                raise BadArrayError(
                    sentence("record {number} is nested too deeply. Download it again.", number=number)
                ) from error
            except json.JSONDecodeError as error:
                why = error.msg
            except ValueError:
                why = "a number with thousands of digits"
            if len(self._text) - self._at > MAX_ELEMENT:
                raise BadArrayError(
                    sentence(
                        "record {number} is broken, or longer than a million characters ({why}).",
                        number=number,
                        why=why,
                    )
                )
            if not self._more():
                raise BadArrayError(
                    sentence(
                        "it is broken or breaks off in record {number} ({why}). Download it again.",
                        number=number,
                        why=why,
                    )
                )

    def _is_whole(self, end: int) -> bool:
        """True if a value ends there: a number such as 1 at the window's end may go on with .5 or e9 behind it."""
        return self._text[end - 1] in '"]}' or self._text[end : end + 1] in tuple(",]}" + _WHITE)

    def _more(self) -> bool:
        text = next(self._texts, None)
        if text is None:
            return False
        self._text, self._at = self._text[self._at :] + text, 0
        return True
