"""Places of a page's faces in a task."""

import pytest
from sqlalchemy import select

from fercore.services.review import assignments
from fercore.services.review.assignments import TaskPlan
from fercore.store.review import leases
from fercore.store.tables import TaskFace
from tests.conftest import fill


@pytest.fixture
def task(store):
    """A task of eight faces; a second one has the same faces at other places."""
    fill(store, "D", [3] * 8)
    first = assignments.create(store, TaskPlan("t", "D"))
    assignments.create(store, TaskPlan("t 2", "D", order="random"))
    return first


@pytest.mark.parametrize(
    ("chosen", "place"),
    [([0], 0), ([3], 3), ([5, 2, 4], 5), ([0, 7], 7), ([], -1), (None, -1)],
    ids=["the first", "one", "several", "the last", "none", "faces that are gone"],
)
def test_the_last_place_of_a_page(store, task, chosen, place):
    with store.database.reading() as session:
        rows = session.execute(select(TaskFace.place, TaskFace.face_id).where(TaskFace.task_id == task))
        by_place = dict(sorted(map(tuple, rows)))
        assert list(by_place) == list(range(8))
        faces = [9_999] if chosen is None else [by_place[item] for item in chosen]
        assert leases.place_behind(session, task, faces) == place
