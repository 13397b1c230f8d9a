"""Snapshots in words, as JSON, and what differs between two."""

import pytest

from fercore.services.training import snapshots
from fercore.store.tables import Face, Snapshot
from tests.conftest import fill
from tests.store.review.test_decisions import decide

HAPPY, SAD, FEAR = 3, 5, 2


@pytest.mark.parametrize(
    ("learned", "watched", "words"),
    [
        (["D"], [], "D"),
        (["D", "E"], [], "D + E"),
        (["D"], ["E"], "D, watching E"),
        (["D", "E"], ["F", "G"], "D + E, watching F + G"),
    ],
)
def test_the_origin_of_a_snapshot(learned, watched, words):
    assert snapshots.origin(Snapshot(datasets=learned, validation_from=watched)) == words


def test_a_snapshot_as_json():
    snapshot = Snapshot(name="S", hash="a" * 64, faces=4, datasets=["D"], validation_from=["E"], purged=1)
    snapshot.counts = {"train": {"Happy": 4}}
    assert snapshots.as_json(snapshot) == {
        **{"name": "S", "hash": "a" * 64, "faces": 4, "datasets": ["D"], "validation_from": ["E"]},
        **{"counts": {"train": {"Happy": 4}}, "purged": 1, "record": None},
    }


def test_what_changed_between_two_snapshots(lite):
    ids = fill(lite, "D", [HAPPY] * 5 + [SAD] * 3)
    snapshots.freeze(lite, "S", ["D"])
    for face in ids[:2]:
        decide(lite, "Kim", face, emotion=SAD)
    for face in ids[5:8]:
        decide(lite, "Kim", face, emotion=FEAR)
    decide(lite, "Kim", ids[4], reason="blurred")
    more = fill(lite, "D", [HAPPY], start=50)
    with lite.database.writing() as session:
        session.get_one(Face, ids[3]).split = "test"
    snapshots.freeze(lite, "S 2", ["D"])
    result = snapshots.difference(lite, "S", "S 2")
    assert result == {
        **{"added": 1, "removed": 1, "moved_split": 1, "relabelled": 5, "voted": result["voted"]},
        "reweighted": 0,
        "moves": [{"from": "Sad", "to": "Fear", "faces": 3}, {"from": "Happy", "to": "Sad", "faces": 2}],
    }
    changes = {tuple(sorted(faces)) for faces in snapshots.changed(lite, "S", "S 2").values()}
    assert {tuple(ids[:2]), tuple(ids[5:8]), (ids[4],), tuple(more)} <= changes
    assert snapshots.difference(lite, "S", "S") == {
        **{"added": 0, "removed": 0, "moved_split": 0, "relabelled": 0, "voted": 0, "moves": []},
        "reweighted": 0,
    }
    assert [snapshot.name for snapshot in snapshots.listed(lite)] == ["S 2", "S"]
