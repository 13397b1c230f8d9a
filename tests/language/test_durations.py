"""Durations in both languages."""

import pytest

from fercore import language
from fercore.language.durations import duration


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (0, "0:00:00", "0:00:00"),
        (59.6, "0:01:00", "0:01:00"),
        (12_033, "3:20:33", "3:20:33"),
        (86_399.4, "23:59:59", "23:59:59"),
        (86_400, "1 day 0:00:00", "1일 0:00:00"),
        (2 * 86_400 + 61, "2 days 0:01:01", "2일 0:01:01"),
    ],
)
def test_a_duration(seconds, english, korean):
    assert duration(seconds) == english
    language.use("ko")
    assert duration(seconds) == korean
