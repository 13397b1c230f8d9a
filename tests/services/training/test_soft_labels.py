"""Votes that do not agree, frozen with a snapshot and learned by a recipe that asks for them."""

import numpy as np
import pytest
from sqlalchemy import select

from fercore.services.training import preflight, worker
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training.runs import TrainRequest
from fercore.store.review.decisions import DecisionRequest, ReviewMode, record
from fercore.store.tables import Snapshot
from fercore.store.training import snapshots
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.store.review.test_decisions import decide

SOFT = MODERN.model_copy(update={"name": "soft", "soft_labels": True})


@pytest.fixture
def voted(store):
    """Five faces: votes of two and one, agreement, a rejection beside an emotion, a ruling, and none."""
    faces = fill(store, "D", [3, 3, 3, 3, 3])
    for who, emotion in (("a", 3), ("b", 4), ("c", 3)):
        decide(store, who, faces[0], emotion=emotion)
        decide(store, who, faces[1], emotion=5)
        decide(store, who, faces[3], emotion=emotion)
    decide(store, "a", faces[2], reason="blurred")
    decide(store, "b", faces[2], emotion=2)
    with store.database.writing() as session:
        ruling = DecisionRequest(
            "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002", faces[3], 4
        )
        record(session, "judge", [ruling], ReviewMode(adjudicates=True))
    snapshot_service.freeze(store, "S", ["D"])
    return faces


def test_only_where_votes_name_several_emotions_are_they_frozen(store, voted):
    with store.database.reading() as session:
        rows = {row.face_id: row for row in snapshots.rows(session, session.scalar(select(Snapshot.id)))}
    assert rows[voted[0]].votes == bytes([0, 0, 0, 2, 1, 0, 0])
    assert [rows[face].votes for face in voted[1:]] == [None] * 4


def test_a_later_vote_leaves_the_snapshot_as_it_is(store, voted):
    before = worker._faces(store, 1, "train", SOFT).targets
    decide(store, "d", voted[0], emotion=6)
    np.testing.assert_array_equal(worker._faces(store, 1, "train", SOFT).targets, before)
    np.testing.assert_allclose(before[0], [0, 0, 0, 2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(before[1:], np.eye(7)[[5, 2, 4, 3]])
    assert worker._faces(store, 1, "train").targets is None


@pytest.mark.parametrize(
    ("recipe", "faces", "cautioned"), [(SOFT, [3, 3], True), (MODERN, [3, 3], False), (SOFT, None, False)]
)
def test_who_asks_for_votes_that_are_not_there_is_told(store, voted, recipe, faces, cautioned):
    if faces:
        fill(store, "E", faces)
        snapshot_service.freeze(store, "T", ["E"])
    request = TrainRequest("T" if faces else "S", "MobileNetV2", recipe, "none")
    kinds = {caution.kind for caution in preflight.cautions(store, request)}
    assert ("no votes" in kinds) == cautioned
