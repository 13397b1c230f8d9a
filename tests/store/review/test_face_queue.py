"""Pages of a reviewer's view: undecided first, in import order, never the same face twice."""

import functools
import operator
from uuid import uuid4

import pytest
from sqlalchemy import select

from fercore.curation.review_filter import STATES, Cursor, ReviewFilter
from fercore.services.review import grid
from fercore.store.datasets import summaries
from fercore.store.review import decisions, face_queue, sort_orders, tiles
from fercore.store.review.decisions import DecisionRequest
from fercore.store.tables import Face, SortOrder, Vote
from tests.conftest import fill


@pytest.fixture
def dataset(store):
    """Ten faces: Angry ×5, Happy ×4, unlabelled ×1; `a` confirmed 0, relabelled 1 as Sad and rejected 2."""
    ids = fill(store, "D", [0, 0, 0, 0, 0, 3, 3, 3, 3, None])
    wishes = [{"emotion": 0}, {"emotion": 5}, {"reason": "blurred"}]
    with store.database.writing() as session:
        for face_id, request in zip(ids, wishes, strict=False):
            decisions.record(session, "a", [DecisionRequest(str(uuid4()), str(uuid4()), face_id, **request)])
        dataset_id = session.get_one(Face, ids[0]).dataset_id
    return store, dataset_id, ids


def turn(store, view, size):
    pages, cursor = [], Cursor()
    with store.database.reading() as session:
        while cursor is not None:
            faces, cursor = face_queue.page(session, view, cursor, size)
            pages.append(faces)
    return pages


@pytest.mark.parametrize(
    ("state", "emotion", "expected"),
    [
        pytest.param("all", None, [3, 4, 5, 6, 7, 8, 9, 0, 1, 2], id="undecided first, then the rest"),
        pytest.param("undecided", None, [3, 4, 5, 6, 7, 8, 9], id="undecided"),
        pytest.param("decided", None, [0, 1, 2], id="decided"),
        pytest.param("rejected", None, [2], id="rejected"),
        pytest.param("unlabelled", None, [9], id="unlabelled"),
        pytest.param("changed", None, [1, 2], id="changed by me"),
        pytest.param("all", 3, [5, 6, 7, 8], id="one emotion"),
        pytest.param("all", 5, [1], id="the present label counts, not the source's"),
    ],
)
def test_views(dataset, state, emotion, expected):
    store, dataset_id, ids = dataset
    view = ReviewFilter(dataset_id, "a", state, emotion)
    assert functools.reduce(operator.iadd, turn(store, view, 4), []) == [ids[i] for i in expected]
    with store.database.reading() as session:
        assert face_queue.count(session, view) == len(expected)


def test_a_face_of_which_somebody_is_not_sure_is_not_unlabelled(dataset):
    store, dataset_id, ids = dataset
    unsure = [DecisionRequest(str(uuid4()), str(uuid4()), face_id, reason="not sure") for face_id in (ids[3], ids[9])]
    with store.database.writing() as session:
        decisions.record(session, "b", unsure)
    assert turn(store, ReviewFilter(dataset_id, "a", "unlabelled"), 4) == [[]]
    with store.database.reading() as session:
        [counted] = summaries.summaries(session)
    assert (counted.unlabelled, counted.unsure, counted.disputed, counted.rejected) == (0, 2, 0, 1)
    assert sum(sum(row.values()) for row in counted.counts.values()) == 10 - 2 - 1


def test_each_reviewer_has_their_own_undecided(dataset):
    store, dataset_id, ids = dataset
    assert functools.reduce(operator.iadd, turn(store, ReviewFilter(dataset_id, "b", "undecided"), 4), []) == ids


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["a", "b"])
def test_counts_are_those_of_the_pages(dataset, state, who):
    store, dataset_id, _ = dataset
    view = ReviewFilter(dataset_id, who, state)
    shown = functools.reduce(operator.iadd, turn(store, view, 4), [])
    with store.database.reading() as session:
        mine = set(session.scalars(select(Vote.face_id).where(Vote.reviewer == who)))
    assert grid.counts(store, view) == (len(shown), len(set(shown) - mine))


@pytest.mark.parametrize("size", [1, 3, 7, 10, 11])
def test_pages_of_any_size_hold_every_face_once(dataset, size):
    store, dataset_id, ids = dataset
    pages = turn(store, ReviewFilter(dataset_id, "a"), size)
    assert sorted(functools.reduce(operator.iadd, pages, [])) == ids
    assert all(len(page) == size for page in pages[:-2])


def test_tiles_know_the_label_without_the_own_vote(dataset):
    store, dataset_id, ids = dataset
    with store.database.reading() as session:
        shown = tiles.seen(session, ReviewFilter(dataset_id, "a"), ids[:4])
    assert [(t.emotion, t.state, t.mine, t.baseline) for t in shown] == [
        (0, "confirmed", True, 0),
        (5, "relabelled", True, 0),
        (0, "rejected", True, 0),
        (0, "undecided", False, 0),
    ]


@pytest.mark.parametrize("patience", [0, 1, 99])
def test_an_ordering_is_paged_through_and_filtered(store, monkeypatch, patience):
    monkeypatch.setattr(sort_orders, "PART", 2)
    monkeypatch.setattr(face_queue, "PATIENCE", patience)
    ids = fill(store, "D", [3, 4, 3, 3, 4, 3, 3])
    laid = [ids[i] for i in (4, 1, 6, 3, 5, 0, 2)]
    with store.database.writing() as session:
        dataset_id = session.get_one(Face, ids[0]).dataset_id
        number = sort_orders.put(
            session, SortOrder(dataset_id=dataset_id, name="random", stamp="0/0/0"), [*laid, 10**6]
        )
    view = ReviewFilter(dataset_id, "a", ordering=number)
    for size in (1, 2, 3, 7):
        assert functools.reduce(operator.iadd, turn(store, view, size), []) == laid
    with store.database.writing() as session:
        decisions.record(session, "a", [DecisionRequest(str(uuid4()), str(uuid4()), face, emotion=6) for face in ids])
        mine = ReviewFilter(dataset_id, "a", "changed", ordering=number)
        assert face_queue.page(session, mine, face_queue.behind(session, mine, laid[1:3]), 9)[0] == laid[3:]
        session.rollback()
    happy = ReviewFilter(dataset_id, "a", emotion=3, ordering=number)
    assert functools.reduce(operator.iadd, turn(store, happy, 2), []) == [face for face in laid if face not in laid[:2]]
    with store.database.reading() as session:
        behind = face_queue.behind(session, view, laid[1:3])
        assert face_queue.page(session, view, behind, 9)[0] == laid[3:]
