"""Datasets and people get other names, people are retired; what stands on the old names stays right."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fercore.curation.review_filter import ReviewFilter
from fercore.errors import InputError, InUseError, NotFoundError
from fercore.evaluation.paper import TABLE_III
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison import table as comparison_table
from fercore.services.datasets import catalogue
from fercore.services.review import agreement, assignments, grid, reviewers
from fercore.services.review.assignments import TaskPlan
from fercore.services.training import paper_sweep, snapshots
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.jobs import queue
from fercore.store.review import decisions
from fercore.store.tables import Evaluation, Face, Job
from fercore.store.training import runs, sweeps
from fercore.training.recipes.recipe import PAPER
from tests.conftest import fill
from tests.services.review.votes import say

HAPPY, SAD = 3, 5


def evaluated(store, name, split="validation"):
    """A finished run of the paper's on this dataset, evaluated there."""
    import numpy as np

    faces = fill(store, name, [HAPPY] * 4)
    seen = fill(store, name, [HAPPY] * 4, split, start=20)
    frozen = snapshots.freeze(store, "s", [name])
    request = TrainRequest("s", "VGG16", PAPER, "imagenet", 0)
    run = run_service.create(store, request)
    with store.database.writing() as session:
        runs.set_values(session, run, status="done")
        item = Evaluation(
            run_id=run,
            dataset_id=session.get_one(Face, faces[0]).dataset_id,
            split=split,
            n=4,
            accuracy=0.5,
            confusion=np.zeros((7, 7), int).tolist(),
        )
        table.add(
            session, item, ScoredFaces(seen, np.full(4, HAPPY), np.eye(7, dtype=np.float32)[[HAPPY, HAPPY, 0, 0]])
        )
    return run, frozen


def job(store, arguments, status):
    with store.database.writing() as session:
        row = Job(
            kind="evaluate",
            title="t",
            lane="device",
            arguments=arguments,
            status=status,
            submitted_by="tester",
            engine="local",
            created_at=datetime.now(UTC),
            position=0,
        )
        session.add(row)


def papers_row(store):
    result = comparison_table.paper_table(stored_evaluations.listed(store))
    return next(row.here for row, run in zip(result, TABLE_III, strict=True) if run.number == "3-1")


def test_a_renamed_dataset_is_the_same_in_snapshots_runs_sweeps_and_the_papers_table(store, monkeypatch):
    monkeypatch.setattr(comparison_table, "is_papers", lambda item: True)
    run, frozen = evaluated(store, "FER2013")
    fill(store, "FER", [HAPPY], start=90)
    before = papers_row(store)
    assert before[0] == 0.5
    assert catalogue.rename(store, "FER2013", " FER clean ") == "FER clean"
    [snapshot] = snapshots.listed(store)
    assert (snapshot.datasets, snapshot.hash) == (["FER clean"], frozen.hash)
    [evaluation] = stored_evaluations.listed(store)
    assert (evaluation.dataset, evaluation.trained_on, evaluation.run) == ("FER clean", ("FER clean",), run)
    assert papers_row(store) == before, "the study's table knows it by its first name"
    summary = next(result for result in catalogue.summaries(store) if result.name == "FER clean")
    assert summary.snapshots == ["s"]
    assert ("FER2013",) in paper_sweep.possible(store).sets
    assert paper_sweep.unfrozen(store) == [], "the snapshot of the renamed dataset is the study's"
    fill(store, "FER2013", [SAD], start=95)
    assert papers_row(store)[0] is None, "another dataset bears the name now"
    catalogue.remove(store, "FER2013")
    assert catalogue.rename(store, "FER clean", "FER2013") == "FER2013" and papers_row(store) == before


def test_arguments_of_ended_jobs_follow_and_active_ones_keep_the_name(store):
    fill(store, "D", [HAPPY])
    job(store, {"run": 1, "on": [["D", "test"], ["E", "test"]], "other": ["D", "x"]}, "done")
    job(store, {"dataset": "D", "title": "D"}, "failed")
    catalogue.rename(store, "D", "New")
    with store.database.reading() as session:
        request = [entry.arguments for entry in sorted(queue.recent(session, limit=9), key=lambda item: item.id)]
    assert request == [
        {"run": 1, "on": [["New", "test"], ["E", "test"]], "other": ["D", "x"]},
        {"dataset": "New", "title": "D"},
    ]
    job(store, {"dataset": "New"}, "held")
    with pytest.raises(InUseError, match="works with 'New'"):
        catalogue.rename(store, "New", "Newer")


@pytest.mark.parametrize(
    ("name", "new", "error"),
    [("D", "E", InputError), ("D", " ", InputError), ("D", "a/b", InputError), ("X", "Y", NotFoundError)],
)
def test_what_is_no_name_for_a_dataset(store, name, new, error):
    fill(store, "D", [HAPPY])
    fill(store, "E", [HAPPY])
    with pytest.raises(error):
        catalogue.rename(store, name, new)
    assert [summary.name for summary in catalogue.summaries(store)] == ["D", "E"]


def test_a_renamed_person_keeps_all_that_they_did(store):
    faces = fill(store, "D", [HAPPY] * 4)
    reviewers.add(store, "Kim")
    reviewers.add(store, "Lee")
    task = assignments.create(store, TaskPlan("t", "D", people=["Kim", "Lee"], twice=1.0))
    say(store, "Kim", faces, SAD, task=task)
    say(store, "Lee", faces, HAPPY, task=task)
    before = agreement.agree(store, "D")
    assert reviewers.rename(store, "Kim", "  Kim  Jiwon ") == "Kim Jiwon"
    result = agreement.agree(store, "D")
    assert (result.people, result.overall) == (["Kim Jiwon", "Lee"], before.overall)
    assert reviewers.listed(store) == ["tester", "Kim Jiwon", "Lee"]
    [item] = assignments.listed(store)
    assert item.task.people == ["Kim Jiwon", "Lee"] and {part.reviewer for part in item.parts} == {"Kim Jiwon", "Lee"}
    with store.database.reading() as session:
        dataset_id = session.get_one(Face, faces[0]).dataset_id
        assert decisions.last_action(session, "Kim Jiwon", dataset_id)
    late = {"id": str(uuid4()), "action": str(uuid4()), "face": faces[0], "emotion": 0}
    grid.commit(store, ReviewFilter(dataset_id, "Kim"), [late])
    assert agreement.agree(store, "D").people == ["Kim Jiwon", "Lee"], "a tab that was open says the old name"
    assert reviewers.rename(store, "Kim Jiwon", "Kim") == "Kim", "and back"
    assert reviewers.listed(store) == ["tester", "Kim", "Lee"] and agreement.agree(store, "D").people == ["Kim", "Lee"]


@pytest.mark.parametrize("new", ["Lee", "LEE", "Park", "", "a\x00b", "x" * 61])
def test_a_name_of_another_person_is_refused(store, new):
    faces = fill(store, "D", [HAPPY])
    reviewers.add(store, "Kim")
    reviewers.add(store, "Lee")
    say(store, "Park", faces, SAD)
    with pytest.raises(InputError):
        reviewers.rename(store, "Kim", new)
    with pytest.raises(NotFoundError):
        reviewers.rename(store, "Nobody", "Somebody")


def test_a_retired_person_is_offered_nowhere_and_keeps_their_decisions(store):
    faces = fill(store, "D", [HAPPY] * 2)
    reviewers.add(store, "Kim")
    say(store, "Kim", faces, SAD)
    say(store, "Lee", faces, SAD)
    reviewers.retire(store, "Kim")
    assert reviewers.listed(store) == ["tester"] and reviewers.retired(store) == ["Kim"]
    assert agreement.agree(store, "D").people == ["Kim", "Lee"]
    reviewers.call_back(store, "Kim")
    assert reviewers.listed(store) == ["tester", "Kim"] and reviewers.retired(store) == []
    reviewers.retire(store, "Kim")
    assert reviewers.add(store, "Kim") == "Kim" and reviewers.listed(store) == ["tester", "Kim"]
    with pytest.raises(InputError, match="settings"):
        reviewers.retire(store, "tester")
    with pytest.raises(NotFoundError):
        reviewers.retire(store, "Nobody")


def test_a_sweep_follows_a_renamed_dataset(store):
    fill(store, "D", [HAPPY] * 7)
    snapshots.freeze(store, "s", ["D"])
    plan = {"weights": "none", "epochs": 1, "evaluate": [["D", "train"]], "recipes": {}, "cells": []}
    with store.database.writing() as session:
        number = sweeps.add(session, "g", plan).id
    catalogue.rename(store, "D", "E")
    with store.database.reading() as session:
        assert sweeps.get(session, number).plan["evaluate"] == [["E", "train"]]
