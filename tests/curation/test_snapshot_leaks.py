"""Leaks among the faces of a snapshot."""

import pytest

from fercore.curation.snapshot_leaks import SplitLeak, report
from fercore.curation.snapshots import SnapshotRow

TRAIN, VALIDATION, TEST = "train", "validation", "test"


def rows(*given):
    """(pixels, split) as the rows 1, 2, …"""
    return [SnapshotRow(number, pixels, 3, split) for number, (pixels, split) in enumerate(given, start=1)]


ALL = rows(("a", TRAIN), ("b", TRAIN), ("a", VALIDATION), ("c", VALIDATION), ("c", TEST), ("d", TEST), ("e", TEST))
NOBODY = dict.fromkeys(range(1, 8))


@pytest.mark.parametrize(
    ("people", "copies", "pairs", "leaked"),
    [
        ({}, None, [(1, None, 0), (0, None, 0), (1, None, 0)], 2),
        ({}, {}, [(1, 0, 0), (0, 0, 0), (1, 0, 0)], 2),
        ({}, {2: 1, 6: 1, 1: 2, 3: 2}, [(1, 0, 0), (0, 1, 0), (1, 0, 0)], 3),
        ({1: "D/x", 7: "D/x", 4: "D/y", 5: "D/z"}, {}, [(1, 0, 0), (0, 0, 1), (1, 0, 0)], 3),
    ],
)
def test_each_held_out_split_is_held_against_those_before_it(people, copies, pairs, leaked):
    found = report(ALL, NOBODY | people, copies)
    between = [(TRAIN, VALIDATION), (TRAIN, TEST), (VALIDATION, TEST)]
    assert found.pairs == tuple(SplitLeak(*names, *counted) for names, counted in zip(between, pairs, strict=True))
    assert (found.leaked, found.held_out) == (leaked, 5)


def test_of_nothing():
    assert report([], {}, {}).leaked == report([], {}, None).held_out == 0
