"""Names that people give."""

import pytest

from fercore.errors import InputError
from fercore.services.naming import checked_name


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("KFE", "KFE"),
        ("  CK+ \n", "CK+"),
        ("한국인", "한국인"),
        ("한국인", "한국인"),
        ("a" * 100, "a" * 100),
        (f" {'a' * 100} ", "a" * 100),
        ("<b>", "<b>"),
    ],
)
def test_a_name_is_kept_composed_and_without_blanks_around(given, expected):
    assert checked_name(given) == expected


@pytest.mark.parametrize("given", ["", "  ", "a" * 101, "a/b", "a\x00b", "a\nb", "\u200e"])
def test_what_is_no_name(given):
    with pytest.raises(InputError, match="cannot be a name"):
        checked_name(given)
