"""Seconds a decision, day by day."""

from datetime import datetime, timedelta

import pytest

from fercore.curation.pace import Act, Day, by_day

MORNING = datetime(2026, 3, 2, 9)


def acts(*seconds_and_counts, start=MORNING):
    return [Act(start + timedelta(seconds=at), count) for at, count in seconds_and_counts]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(acts((0, 1)), [Day("2026-03-02", 1, None)], id="one key press"),
        pytest.param(acts((0, 1), (2, 1), (6, 1)), [Day("2026-03-02", 3, 3.0)], id="one after the other"),
        pytest.param(acts((6, 1), (0, 1), (2, 1)), [Day("2026-03-02", 3, 3.0)], id="in any order"),
        pytest.param(acts((0, 60), (30, 60)), [Day("2026-03-02", 120, 0.5)], id="a page at once"),
        pytest.param(acts((0, 1), (4, 1), (4000, 1), (4002, 1)), [Day("2026-03-02", 4, 3.0)], id="a pause"),
        pytest.param(acts((0, 1), (300, 1)), [Day("2026-03-02", 2, 300.0)], id="as long as a pause may not be"),
        pytest.param(acts((0, 1), (301, 1)), [Day("2026-03-02", 2, None)], id="longer"),
        pytest.param(
            acts((0, 1), (2, 1)) + acts((0, 1), (8, 2), start=MORNING + timedelta(days=2)),
            [Day("2026-03-02", 2, 2.0), Day("2026-03-04", 3, 4.0)],
            id="two days",
        ),
    ],
)
def test_seconds_a_decision(given, expected):
    assert by_day(given) == expected
