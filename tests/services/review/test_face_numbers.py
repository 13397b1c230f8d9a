"""Numbers of faces: typed by people, carried by addresses."""

import pytest

from fercore.services.review import face_numbers
from tests.conftest import fill
from tests.services.review.recrops import recut, undo


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([5], "5"),
        ([7, 5, 6, 6], "5-7"),
        ([1, 2, 9, 4, 10], "1-2,4,9-10"),
    ],
)
def test_numbers_are_written_as_ranges_and_read_back(numbers, text):
    assert face_numbers.written(numbers) == (text, len(set(numbers)))
    assert face_numbers.read(text) == tuple(sorted(set(numbers)))


def test_an_address_holds_as_many_as_fit():
    text, count = face_numbers.written(range(0, 200_000, 2))
    assert len(text) <= face_numbers.LONGEST and face_numbers.read(text) == tuple(range(0, 2 * count, 2))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1-3", (1, 2, 3)),
        ("1-4", ()),
        ("5,1-2", (1, 2, 5)),
        ("5,1-3", ()),
        (" 7 , 9", (7, 9)),
        ("3-1", ()),
        ("2147483647", (2_147_483_647,)),
        ("2147483648", ()),
    ],
)
def test_an_address_asks_for_no_more_than_may_be(text, numbers):
    assert face_numbers.read(text, most=3) == numbers


@pytest.mark.parametrize("text", ["x", "1,,2", "-1", "3-", "1-99999999999", "5-1000000", "1;2", "１", "9" * 400])
def test_what_an_address_may_not_ask_for(text):
    assert face_numbers.read(text) == ()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2147483647", 2_147_483_647),
        ("2147483648", None),
        ("0", 0),
        ("#12", 12),
        (" 12 ", 12),
        ("# 12", 12),
        ("", None),
        ("#", None),
        ("12a", None),
        ("99999999999", None),
    ],
)
def test_what_people_type(typed, number):
    assert face_numbers.parsed_number(typed) == number


def test_only_faces_that_are_there_are_led_to(store, on_photo):
    other = fill(store, "E", [1])
    made, result = recut(store, on_photo[0])
    undo(store, made)
    request = [*on_photo, *result.cut.values(), *other, 999]
    assert face_numbers.datasets_of(store, request) == {"D": on_photo, "E": other}
