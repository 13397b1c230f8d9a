"""Dates as each language writes them."""

from datetime import datetime

import pytest

from fercore.language import dates, use


@pytest.mark.parametrize(
    ("language", "written", "column"),
    [
        ("en", "Nov 8, 2026, 14:03", "MMM D, YYYY, HH:mm"),
        ("ko", "2026년 11월 8일 14:03", "YYYY년 M월 D일 HH:mm"),
    ],
)
def test_a_moment_is_written_as_the_language_writes_it(language, written, column):
    use(language)
    assert dates.moment(datetime(2026, 11, 8, 14, 3, 59)) == written
    assert dates.column_format() == column
