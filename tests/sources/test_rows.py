"""FER2013 rows: what is taken, and the sentence for each way to be wrong."""

import numpy as np
import pytest

from fercore.sources.rows import BadRowError, fields_of, parse_pixels, parse_row

VALUES = np.random.default_rng(0).integers(0, 256, 2304)
PIXELS = " ".join(map(str, VALUES))


def with_first(word: str) -> str:
    return " ".join([word, *map(str, VALUES[1:])])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PIXELS, id="plain"),
        pytest.param("  " + PIXELS.replace(" ", "  ", 5) + "\t", id="extra white space"),
        pytest.param(" ".join(f"{value:03d}" for value in VALUES), id="leading zeros"),
        pytest.param(" ".join(f"{value:05d}" for value in VALUES), id="many leading zeros"),
    ],
)
def test_pixels_are_read_exactly(text):
    pixels = parse_pixels(text.encode())
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, VALUES.reshape(48, 48))


@pytest.mark.parametrize("value", [0, 7, 10, 99, 100, 199, 255])
def test_every_length_of_number_is_read(value):
    assert (parse_pixels(" ".join([str(value)] * 2304).encode()) == value).all()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "expected 2304 pixels (48 x 48), got 0", id="none"),
        pytest.param(" ".join(["1"] * 2303), "expected 2304 pixels (48 x 48), got 2303", id="one too few"),
        pytest.param(PIXELS + " 1", "expected 2304 pixels (48 x 48), got 2305", id="one too many"),
        pytest.param(with_first("12 x"), "expected 2304 pixels (48 x 48), got 2305", id="a letter between"),
        pytest.param(with_first("x"), "pixel 1 is 'x'", id="a letter"),
        pytest.param(with_first("1.5"), "pixel 1 is '1.5'", id="a fraction"),
        pytest.param(with_first("-3"), "pixel 1 is '-3'", id="negative"),
        pytest.param(with_first("+3"), "pixel 1 is '+3'", id="signed"),
        pytest.param(with_first("256"), "pixel 1 is '256'", id="just over 255"),
        pytest.param(with_first("300"), "pixel 1 is '300'", id="over 255"),
        pytest.param(with_first("9" * 5000), "pixel 1 is '99999", id="huge"),
        pytest.param(with_first("٣"), "pixel 1 is '٣'", id="a digit of another script"),
        pytest.param(with_first("1_0"), "pixel 1 is '1_0'", id="underscore"),
        pytest.param(with_first("1\x000"), "pixel 1 is", id="nul byte"),
    ],
)
def test_wrong_pixels_say_why(text, why):
    with pytest.raises(BadRowError) as caught:
        parse_pixels(text.encode())
    assert str(caught.value).startswith(why)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(f"7,{PIXELS},Training", "unknown emotion '7'", id="emotion 7"),
        pytest.param(f"-1,{PIXELS},Training", "unknown emotion '-1'", id="emotion -1"),
        pytest.param(f"3.0,{PIXELS},Training", "unknown emotion '3.0'", id="emotion 3.0"),
        pytest.param(f",{PIXELS},Training", "unknown emotion ''", id="no emotion"),
        pytest.param(f"3,{PIXELS},Holdout", "unknown usage 'Holdout'", id="usage"),
        pytest.param(f"3,{PIXELS}", "expected at least 3 columns, got 2", id="a column short"),
        pytest.param(f'3,"{PIXELS},Training', "not a row of a CSV file", id="open quote"),
    ],
)
def test_wrong_rows_say_why(line, why):
    with pytest.raises(BadRowError) as caught:
        parse_row(line.encode(), (0, 1, 2))
    assert str(caught.value).startswith(why)


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        pytest.param(b"3,1 2,Training\r\n", [b"3", b"1 2", b"Training"], id="crlf"),
        pytest.param(b'"3","1 2","Training"\n', [b"3", b"1 2", b"Training"], id="quoted"),
        pytest.param('3,1 2,기쁨"'.encode(), [b"3", b"1 2", '기쁨"'.encode()], id="korean"),
    ],
)
def test_cells(line, cells):
    assert fields_of(line) == cells


def test_bytes_that_are_not_utf8_are_named():
    with pytest.raises(BadRowError, match=r"not UTF-8 \(byte 3\)"):
        fields_of("3,기".encode("cp949"))
