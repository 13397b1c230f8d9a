"""Kept orders: faces that came later stand behind, at the right places, in every order and in no other dataset's."""

import numpy as np
import pytest

from fercore.store.datasets import datasets
from fercore.store.review import sort_orders
from fercore.store.review.sort_orders import SortOrderBasis
from fercore.store.tables import SortOrder
from tests.conftest import fill


def put(session, dataset_id, faces, name="random", run=None):
    stored = SortOrder(dataset_id=dataset_id, name=name, run_id=run, stamp=str(sort_orders.stamp(session, dataset_id)))
    return sort_orders.put(session, stored, faces)


def number(session, name):
    return datasets.named(session, name).id


def laid(session, ordering, place=0):
    return [(start, faces.tolist()) for start, faces in sort_orders.parts(session, ordering, place)]


@pytest.fixture
def kept(store):
    """Five faces in a kept order that is turned round, three more behind it, and a dataset of nearly the same name."""
    first, alike = fill(store, "D", [0, 1, 2, 3, 4]), fill(store, "D 2", [0, 1], start=50)
    with store.database.writing() as session:
        made = put(session, number(session, "D"), first[::-1])
        other = put(session, number(session, "D 2"), alike)
    later = fill(store, "D", [5, 6, 0], start=100)
    with store.database.writing() as session:
        sort_orders.keep_up(session, session.get_one(SortOrder, made), sort_orders.stamp(session, number(session, "D")))
    return made, [*first[::-1], *later], other, alike


@pytest.mark.parametrize("place", range(9))
def test_faces_from_a_place_on(store, kept, place):
    made, order, *_ = kept
    with store.database.reading() as session:
        result = laid(session, made, place)
    assert [face for _, faces in result for face in faces] == order[place:]
    assert [start for start, _ in result] == sorted(
        {max(place, start) for start, end in ((0, 5), (5, 8)) if end > place}
    )


def test_later_faces_stand_behind_and_other_orders_stay(store, kept):
    made, order, other, alike = kept
    with store.database.reading() as session:
        assert laid(session, made) == [(0, order[:5]), (5, order[5:])]
        assert sort_orders.face_ids(session, made) == order
        assert sort_orders.face_ids(session, other) == alike
        assert SortOrderBasis.read(session.get_one(SortOrder, made).stamp) == SortOrderBasis(8, max(order), 0)
        assert sort_orders.places(session, made, [order[6], order[0], order[4], 999]) == [0, 4, 6]
        assert sort_orders.places(session, made, []) == []


def test_nothing_is_put_behind_twice(store, kept):
    made, order, *_ = kept
    with store.database.writing() as session:
        sort_orders.keep_up(session, session.get_one(SortOrder, made), sort_orders.stamp(session, number(session, "D")))
        assert sort_orders.face_ids(session, made) == order


def test_only_orders_that_held_are_kept_up(store):
    first = fill(store, "D", [0, 1, 2])
    fill(store, "D 2", [0], start=50)
    with store.database.writing() as session:
        dataset = number(session, "D")
        was = sort_orders.stamp(session, dataset)
        held, old, answers = (put(session, dataset, first, name) for name in ("random", "look-alikes", "poor picture"))
        foreign = put(session, number(session, "D 2"), [9])
        session.get_one(SortOrder, old).stamp = str(SortOrderBasis(2, first[1]))
        session.get_one(SortOrder, answers).stamp = str(SortOrderBasis(was.faces, was.last, 7))
        session.get_one(SortOrder, foreign).stamp = str(was)
    later = fill(store, "D", [3], start=100)
    with store.database.writing() as session:
        sort_orders.keep_all_up(session, dataset, was)
        assert [sort_orders.face_ids(session, item) for item in (held, old, answers, foreign)] == [
            [*first, *later],
            first,
            [*first, *later],
            [9],
        ]
        assert SortOrderBasis.read(session.get_one(SortOrder, answers).stamp) == SortOrderBasis(4, later[0], 7), (
            "opinions are still counted"
        )


@pytest.mark.parametrize("place", [0, 1, 6, 7, 8, 13, 14, 15, 20, 21])
def test_long_orders_are_read_part_by_part(store, monkeypatch, place):
    monkeypatch.setattr(sort_orders, "PART", 7)
    monkeypatch.setattr(sort_orders, "AT_ONCE", 2)
    faces = fill(store, "D", [number % 7 for number in range(21)])
    with store.database.writing() as session:
        made = put(session, number(session, "D"), faces)
        result = laid(session, made, place)
    assert [face for _, part in result for face in part] == faces[place:]
    assert [start for start, _ in result] == sorted({max(place, start) for start in (0, 7, 14) if start + 7 > place})


def test_an_order_of_a_name_is_kept_once_for_each_dataset_and_run(store):
    faces = fill(store, "D", [0, 1, 2])
    fill(store, "D 2", [0], start=50)
    with store.database.writing() as session:
        dataset, alike = number(session, "D"), number(session, "D 2")
        first = put(session, dataset, faces)
        foreign = put(session, alike, [7])
        named = put(session, dataset, faces[1:], "look-alikes")
        second = put(session, dataset, faces[::-1])
        assert sort_orders.find(session, dataset, "random", None).id == second
        assert sort_orders.find(session, alike, "random", None).id == foreign
        assert sort_orders.find(session, dataset, "look-alikes", None).id == named
        assert sort_orders.find(session, dataset, "suspicious", None) is None
        assert session.get(SortOrder, first) is None or first == second
        assert sort_orders.face_ids(session, second) == faces[::-1]


@pytest.mark.parametrize(
    ("faces", "these", "expected"),
    [
        ([3, 1, 2, 9], [1, 9], [False, True, False, True]),
        ([3, 1], [], [False, False]),
        ([10, 0], [3, 5], [False, False]),
        ([], [1], []),
    ],
)
def test_within(faces, these, expected):
    assert sort_orders.within(np.array(faces, np.int64), np.array(these, np.int64)).tolist() == expected
