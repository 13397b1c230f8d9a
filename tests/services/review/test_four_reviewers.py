"""Four reviewers with known error rates share 400 faces, 30 % of them seen by two, and gold faces among them."""

from uuid import uuid4

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from sqlalchemy import select

from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.services.review import adjudication, agreement, assignments, grid
from fercore.services.review.assignments import TaskPlan
from fercore.store.tables import Face, TaskFace, Vote
from tests.conftest import fill

ERRORS = {"Choi": 0.0, "Kim": 0.1, "Lee": 0.3, "Park": 0.5}


def decide(store, view, answers, tab=""):
    events = [
        {"id": str(uuid4()), "action": str(uuid4()), "face": face, "emotion": int(emotion)}
        for face, emotion in answers.items()
    ]
    grid.commit(store, view, events, tab)


@pytest.fixture
def played(lite):
    """The truth is known to the play alone: each says it, or with their error rate the emotion behind it."""
    faces = fill(lite, "D", [number % 7 for number in range(440)])
    truth = {face: number % 7 for number, face in enumerate(faces)}
    with lite.database.reading() as session:
        dataset_id = session.get_one(Face, faces[0]).dataset_id
    adjudication.set_rule(lite, "D", "unanimous")
    golden = faces[400:]
    decide(lite, ReviewFilter(dataset_id, "judge", adjudicates=True), {face: truth[face] for face in golden})
    plan = TaskPlan("t", "D", order="random", seed=1, people=sorted(ERRORS), twice=0.3, gold=0.09)
    task = assignments.create(lite, plan)
    random = np.random.default_rng(2)
    cursors = dict.fromkeys(ERRORS, Cursor())
    for _ in range(60):
        for name, rate in ERRORS.items():
            view = ReviewFilter(dataset_id, name, task=task, blind=True)
            page = grid.open_page(lite, view, cursors[name], 10, name)
            cursors[name] = page.following or Cursor()
            wrong = random.random(len(page.face_ids)) < rate
            answers = {face: (truth[face] + miss) % 7 for face, miss in zip(page.face_ids, wrong, strict=True)}
            if answers:
                decide(lite, view, answers, name)
    return lite, truth, golden


def test_agreement_gold_and_disputes_are_what_the_plan_implies(played):
    store, truth, golden = played
    with store.database.reading() as session:
        laid = session.execute(select(TaskFace.face_id, TaskFace.wanted, TaskFace.kind, TaskFace.open)).all()
        answers = session.execute(select(Vote.face_id, Vote.reviewer, Vote.emotion)).all()
    votes: dict[int, dict[str, int]] = {}
    for face, name, emotion in answers:
        votes.setdefault(face, {})[name] = emotion
    gold = [face for face, _, kind, _ in laid if kind == "gold"]
    twice = [face for face, wanted, kind, _ in laid if kind == "plain" and wanted == 2]

    assert {kind: sum(row[2] == kind for row in laid) for kind in ("plain", "gold")} == {"plain": 400, "gold": 40}
    assert len(twice) == pytest.approx(120, abs=12) and set(gold) == set(golden)
    assert all(left == 0 for *_, left in laid) and assignments.listed(store)[0].left == 0
    assert {face: len(given) for face, given in votes.items()} == {face: wanted for face, wanted, _, _ in laid}

    by_name = {item.reviewer: item for item in agreement.gold(store, "D")}
    for name, rate in ERRORS.items():
        right = sum(votes[face][name] == truth[face] for face in gold)
        assert (by_name[name].right, by_name[name].faces) == (right, 40)
        assert by_name[name].interval[0] <= 1 - rate <= by_name[name].interval[1]

    open_faces = {face for face in twice if len(set(votes[face].values())) == 2}
    with store.database.reading() as session:
        assert set(session.scalars(select(Face.id).where(Face.state == "disputed"))) == open_faces
    assert adjudication.disputed(store) == {"D": len(open_faces)}

    result = agreement.agree(store, "D")
    for (first, other), kappa in result.pairs.items():
        both = [(given[first], given[other]) for given in votes.values() if first in given and other in given]
        assert kappa.value == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)))
