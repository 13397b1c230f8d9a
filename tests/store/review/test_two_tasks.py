"""Leases and offers of one task and one person, beside those of another task with the same faces, and of others."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from fercore.clock import now
from fercore.services.review import assignments
from fercore.services.review.assignments import TaskPlan
from fercore.store.review import leases, offers
from fercore.store.review.leases import LeaseOwner
from fercore.store.tables import Lease, TaskFace
from tests.conftest import fill
from tests.store.review.test_decisions import decide

KIM, LEE = "Kim", "Lee"


@pytest.fixture
def two(store):
    """Two tasks of the same six faces, in the same order; the second wants two people a face."""
    ids = fill(store, "D", [3] * 6)
    first = assignments.create(store, TaskPlan("t", "D"))
    second = assignments.create(store, TaskPlan("t 2", "D", people=(KIM, LEE), twice=1.0))
    return store, ids, first, second


def held(store, task):
    """(person, face, whether it is offered, whether it is decided) of a task's leases."""
    with store.database.reading() as session:
        rows = session.scalars(select(Lease).where(Lease.task_id == task).order_by(Lease.reviewer, Lease.face_id))
        return [(row.reviewer, row.face_id, row.offered, row.decided_at is not None) for row in rows]


def opened(store, task):
    """To how many more people each face may be given, by place."""
    with store.database.reading() as session:
        query = select(TaskFace.open).where(TaskFace.task_id == task).order_by(TaskFace.place)
        return list(session.scalars(query))


def call(store, what, *given, **more):
    with store.database.writing() as session:
        return what(session, *given, **more)


def test_what_one_takes_is_theirs_alone_and_in_their_task_alone(two):
    store, ids, first, second = two
    assert call(store, leases.take, LeaseOwner(first, KIM), -1, 2) == [(0, ids[0]), (1, ids[1])]
    assert call(store, leases.take, LeaseOwner(first, LEE), -1, 2) == [(2, ids[2]), (3, ids[3])]
    assert (opened(store, first), opened(store, second)) == ([0, 0, 0, 0, 1, 1], [2] * 6)
    assert call(store, leases.take, LeaseOwner(second, KIM), -1, 2) == [(0, ids[0]), (1, ids[1])]
    assert call(store, leases.take, LeaseOwner(second, LEE), -1, 1) == [(0, ids[0])]
    assert opened(store, second) == [0, 1, 2, 2, 2, 2]
    assert [call(store, leases.left, task, KIM) for task in (first, second)] == [4, 6]
    assert [call(store, leases.left, task, "Ahn") for task in (first, second)] == [2, 5]
    assert [call(store, offers.others, LeaseOwner(task, KIM)) for task in (first, second)] == [1, 1]
    assert [call(store, offers.undecided, task) for task in (first, second)] == [6, 12]


def test_who_takes_the_next_gives_back_what_they_held(two):
    store, ids, first, second = two
    for task in (first, second):
        call(store, leases.take, LeaseOwner(task, KIM), -1, 2)
    call(store, leases.take, LeaseOwner(first, LEE), -1, 1)
    assert call(store, leases.take, LeaseOwner(first, KIM), 1, 2) == [(3, ids[3]), (4, ids[4])]
    assert held(store, first) == [*((KIM, face, False, False) for face in ids[3:5]), (LEE, ids[2], False, False)]
    assert opened(store, first) == [1, 1, 0, 0, 0, 1] and len(held(store, second)) == 2
    assert call(store, leases.take, LeaseOwner(first, KIM), 5, 1) == [(0, ids[0])], "from the front again"


@pytest.mark.parametrize(
    ("holder", "left"), [("", []), ("tab 1", [1]), ("tab 2", [0]), ("tab 3", [0, 1])], ids=["all", "1", "2", "neither"]
)
def test_a_tab_gives_its_own_faces_back(two, holder, left):
    store, ids, first, _ = two
    for number, tab in enumerate(("tab 1", "tab 2")):
        call(store, leases.hold, LeaseOwner(first, KIM, tab), ids[number])
    call(store, leases.hold, LeaseOwner(first, LEE, holder), ids[2])
    call(store, leases.release, LeaseOwner(first, KIM, holder))
    assert [face for _, face, *_ in held(store, first)] == [*(ids[item] for item in left), ids[2]]


def test_what_was_held_for_too_long_is_free_in_its_own_task(two):
    store, ids, first, second = two
    for task in (first, second):
        call(store, leases.take, LeaseOwner(task, KIM), -1, 2)
    decide(store, KIM, ids[0], emotion=3)
    call(store, leases.settle, LeaseOwner(first, KIM), [ids[0]])
    with store.database.writing() as session:
        session.execute(update(Lease).values(until=now() - timedelta(seconds=1)))
    call(store, leases.begin, LeaseOwner(first, LEE))
    assert held(store, first) == [(KIM, ids[0], False, True)] and opened(store, first) == [0, 1, 1, 1, 1, 1]
    assert len(held(store, second)) == 2


def test_a_decision_settles_the_face_that_it_is_of(two):
    store, ids, first, second = two
    for task, person in ((first, KIM), (second, KIM), (second, LEE)):
        call(store, leases.take, LeaseOwner(task, person), -1, 3)
    decide(store, KIM, ids[0], emotion=3)
    decide(store, LEE, ids[1], emotion=3)
    with store.database.writing() as session:
        session.execute(update(Lease).values(until=now() + timedelta(seconds=60)))
    call(store, leases.settle, LeaseOwner(second, KIM), ids[:2])
    assert held(store, first) == [(KIM, face, False, False) for face in ids[:3]]
    assert held(store, second) == [
        *((KIM, face, False, face == ids[0]) for face in ids[:3]),
        *((LEE, face, False, False) for face in ids[:3]),
    ]
    with store.database.reading() as session:
        longer = select(Lease.task_id, Lease.reviewer, Lease.face_id).where(Lease.until > now() + timedelta(minutes=2))
        assert sorted(map(tuple, session.execute(longer))) == [(second, KIM, face) for face in ids[1:3]]


def test_a_late_decision_counts_and_one_taken_back_does_not(two):
    store, ids, first, _ = two
    decide(store, KIM, ids[4], emotion=3)
    call(store, leases.settle, LeaseOwner(first, KIM), [ids[4]])
    assert held(store, first) == [(KIM, ids[4], False, True)] and opened(store, first) == [1, 1, 1, 1, 0, 1]
    call(store, leases.settle, LeaseOwner(first, KIM), [999])
    call(store, leases.give_back, first, KIM, [ids[4]])
    assert held(store, first) == [(KIM, ids[4], False, True)], "the vote stands"
    call(store, leases.hold, LeaseOwner(first, KIM), ids[5])
    call(store, leases.hold, LeaseOwner(first, LEE), ids[3])
    call(store, leases.give_back, first, KIM, ids)
    assert [face for _, face, *_ in held(store, first)] == [ids[4], ids[3]]


def test_what_was_decided_before_a_task_is_not_asked_again(two):
    store, ids, first, second = two
    decide(store, KIM, ids[0], emotion=3)
    decide(store, LEE, ids[1], emotion=3)
    call(store, leases.begin, LeaseOwner(second, KIM))
    assert held(store, second) == [(KIM, ids[0], False, True)] and held(store, first) == []
    assert opened(store, second) == [1, 2, 2, 2, 2, 2]
    assert call(store, leases.exists_for, second, KIM) and not call(store, leases.exists_for, second, LEE)
    assert not call(store, leases.exists_for, first, KIM)


def test_offers_take_nothing_and_others_are_shown_other_faces(two):
    store, ids, first, second = two
    assert call(store, offers.offer, LeaseOwner(first, KIM), 2) == [(0, ids[0]), (1, ids[1])]
    assert opened(store, first) == [1] * 6 and held(store, second) == []
    assert call(store, offers.offer, LeaseOwner(first, LEE), 2) == [(2, ids[2]), (3, ids[3])]
    assert call(store, offers.free_of, LeaseOwner(first, LEE), ids) == set(ids[2:])
    assert call(store, offers.free_of, LeaseOwner(second, LEE), ids) == set(ids)
    assert call(store, offers.free_of, LeaseOwner(first, KIM), ids[:3]) == set(ids[:2])
    assert call(store, offers.offer, LeaseOwner(first, KIM), 1) == [(0, ids[0])], "the earlier offer is withdrawn"
    assert [row[:3] for row in held(store, first)] == [(KIM, ids[0], True), *((LEE, face, True) for face in ids[2:4])]
    assert (call(store, offers.undecided, first), call(store, leases.left, first, KIM)) == (6, 6)


def test_an_offer_is_claimed_where_it_is_still_free(two):
    store, ids, first, _ = two
    call(store, offers.offer, LeaseOwner(first, KIM), 3)
    call(store, leases.hold, LeaseOwner(first, LEE), ids[1])
    assert call(store, leases.claim, LeaseOwner(first, KIM), ids[:3]) == {ids[0], ids[2]}
    assert held(store, first) == [
        *((KIM, face, False, False) for face in (ids[0], ids[2])),
        (LEE, ids[1], False, False),
    ]
    assert opened(store, first) == [0, 0, 0, 1, 1, 1]
    assert call(store, leases.claim, LeaseOwner(first, KIM), [ids[1]]) == set()


def test_where_all_is_shown_to_others_half_of_it_goes_to_who_comes(two):
    store, ids, first, _ = two
    call(store, offers.offer, LeaseOwner(first, KIM), 6)
    assert call(store, offers.offer, LeaseOwner(first, LEE), 6) == [(3, ids[3]), (4, ids[4]), (5, ids[5])]
    assert [row[:2] for row in held(store, first)] == [
        *((KIM, face) for face in ids[:3]),
        *((LEE, face) for face in ids[3:]),
    ]
