"""The mark that tells whether a prepared export still is what would be exported."""

import pytest
from sqlalchemy import delete, select

from fercore.services.datasets import exports
from fercore.services.training import snapshots
from fercore.store.tables import Face, Snapshot
from tests.conftest import fill
from tests.store.review.test_decisions import decide


@pytest.mark.parametrize(
    ("change", "goes_stale"),
    [
        pytest.param(lambda store, ids: None, False, id="nothing"),
        pytest.param(lambda store, ids: fill(store, "other", [3], start=50), False, id="another dataset"),
        pytest.param(lambda store, ids: decide(store, "anna", ids[0], emotion=5), True, id="relabelled"),
        pytest.param(lambda store, ids: fill(store, "D", [3], start=70), True, id="more faces"),
        pytest.param(lambda store, ids: _delete(store, ids[0]), True, id="a face purged"),
    ],
)
def test_the_mark_of_a_dataset(store, change, goes_stale):
    ids = fill(store, "D", [3, 0])
    before = exports.mark(store, "dataset", "D")
    change(store, ids)
    assert (exports.mark(store, "dataset", "D") != before) == goes_stale


def test_the_mark_of_a_snapshot(store):
    fill(store, "D", [3, 0])
    snapshots.freeze(store, "s", ["D"])
    first = exports.mark(store, "snapshot", "s")
    snapshots.remove(store, "s")
    fill(store, "D", [3], start=70)
    snapshots.freeze(store, "s", ["D"])
    before = exports.mark(store, "snapshot", "s")
    assert before != first, "another snapshot of the same name"
    with store.database.writing() as session:
        session.scalars(select(Snapshot)).one().purged += 1
    assert exports.mark(store, "snapshot", "s") != before


def _delete(store, face_id):
    with store.database.writing() as session:
        session.execute(delete(Face).where(Face.id == face_id))
