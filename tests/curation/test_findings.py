"""Findings: which decisions prove one right, and the faces and pairs that are drawn beside them."""

import numpy as np
import pytest

from fercore.curation.checks import Check, Verdict
from fercore.curation.findings import drawn, drawn_across, drawn_pairs, face_is_right, mixed, pair_is_right

HAPPY, SAD = 3, 5


@pytest.mark.parametrize(
    ("check", "state", "emotion", "reason", "right"),
    [
        ("labels", "relabelled", SAD, None, True),
        ("labels", "rejected", HAPPY, "blurred", True),
        ("labels", "confirmed", HAPPY, None, False),
        ("labels", "relabelled", HAPPY, None, False),
        ("labels", "disputed", None, None, None),
        ("faces", "rejected", HAPPY, "not a face", True),
        ("faces", "rejected", HAPPY, "several faces", True),
        ("faces", "rejected", HAPPY, "bad crop", True),
        ("faces", "rejected", HAPPY, "ambiguous", False),
        ("faces", "relabelled", SAD, None, False),
        ("faces", "disputed", None, None, None),
    ],
)
def test_a_decided_face(check, state, emotion, reason, right):
    assert face_is_right(Check(check), HAPPY, state, emotion, reason) is right


PICTURE, PERSON, OTHER, UNSURE = Verdict


@pytest.mark.parametrize(
    ("verdicts", "duplicates", "leaks"),
    [
        ([PICTURE], True, True),
        ([PERSON], False, True),
        ([OTHER], False, False),
        ([UNSURE], None, None),
        ([PICTURE, OTHER], None, None),
        ([PICTURE, PICTURE, OTHER], True, True),
        ([PICTURE, PERSON, OTHER], False, True),
        ([UNSURE, OTHER], False, False),
        ([], None, None),
    ],
)
def test_a_decided_pair(verdicts, duplicates, leaks):
    assert pair_is_right(Check.DUPLICATES, verdicts) is duplicates
    assert pair_is_right(Check.LEAKS, verdicts) is leaks


@pytest.mark.parametrize(("places", "count"), [(0, 5), (3, 5), (100, 5)])
def test_faces_are_drawn_by_the_seed(places, count):
    once = drawn(np.arange(places), count, 1).tolist()
    assert len(set(once)) == min(places, count) and once == drawn(np.arange(places), count, 1).tolist()
    assert places < 100 or once != drawn(np.arange(places), count, 2).tolist()


@pytest.mark.parametrize(
    ("faces", "copies", "most"), [(0, [], 0), (1, [], 0), (2, [(1, 0)], 0), (2, [], 1), (50, [], 9)]
)
def test_control_pairs_are_different_faces_that_are_no_copies(faces, copies, most):
    pairs = drawn_pairs(faces, copies, 9, 0)
    assert len(pairs) == len(set(pairs)) == most and all(one < other for one, other in pairs)


@pytest.mark.parametrize(
    ("first", "second", "copies", "most"),
    [
        ([], [3], [], 0),
        ([1], [3], [], 1),
        ([1], [3], [(3, 1)], 0),
        ([1, 2], [3, 4], [(1, 3)], 3),
        (range(9), [9], [], 5),
    ],
)
def test_control_pairs_across_two_splits(first, second, copies, most):
    pairs = drawn_across(np.array(first, int), np.array(second, int), copies, 5, 0)
    assert len(pairs) == len(set(pairs)) == most and not set(pairs) & {(1, 3)} & set(map(tuple, copies))
    assert {one for one, _ in pairs} <= set(first) and {other for _, other in pairs} <= set(second)


def test_findings_and_control_faces_stand_in_one_random_order():
    order = mixed(30, 10, 0)
    assert sorted(order) == sorted([(False, n) for n in range(30)] + [(True, n) for n in range(10)])
    assert not all(control for control, _ in order[-10:]) and order == mixed(30, 10, 0) != mixed(30, 10, 1)
