"""Evaluations keep their labels: they grow stale, are counted again, and are never overwritten."""

import numpy as np
import pytest

from fercore.errors import InputError, NotFoundError
from fercore.services.comparison import (
    evaluation,
    evaluation_details,
    stored_evaluations,
    training_overlap,
)
from fercore.services.comparison.evaluation import recount
from fercore.services.training import snapshots
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.store.review.test_decisions import decide


def accuracies(store):
    return [(item.run, item.dataset, item.accuracy) for item in stored_evaluations.listed(store)]


def test_an_evaluation_is_stale_once_a_label_has_changed(judged):
    assert stored_evaluations.stale(judged, stored_evaluations.listed(judged)) == set()
    before = accuracies(judged)
    face = faces_of(judged, "D", "test")[3]
    action = decide(judged, "a", face, emotion=HAPPY)
    result = stored_evaluations.listed(judged)
    assert {(row.run, row.dataset) for row in result if row.id in stored_evaluations.stale(judged, result)} == {
        (1, "D"),
        (2, "D"),
    }
    assert accuracies(judged) == before, "looking counts nothing again"
    from tests.store.review.test_decisions import undo

    undo(judged, "a", action)
    assert stored_evaluations.stale(judged, result) == set(), "the labels are as they were"


def test_confirming_a_label_makes_nothing_stale(judged):
    decide(judged, "a", faces_of(judged, "D", "test")[0], emotion=HAPPY)
    assert stored_evaluations.stale(judged, stored_evaluations.listed(judged)) == set()


def test_a_recount_adds_one_for_every_run_of_the_split_and_keeps_the_old(judged):
    decide(judged, "a", faces_of(judged, "D", "test")[3], emotion=HAPPY)
    done = recount(judged, "D", "test")
    assert [(item.run, item.accuracy) for item in done.added] == [(1, 1.0), (2, 0.75)]
    assert accuracies(judged) == [(1, "D", 1.0), (1, "D 2", 1.0), (2, "D", 0.75)] or sorted(accuracies(judged)) == [
        (1, "D", 1.0),
        (1, "D 2", 1.0),
        (2, "D", 0.75),
    ]
    newest, oldest = stored_evaluations.history(judged, done.added[0].id)
    assert (oldest.accuracy, newest.recounts, oldest.recounts) == (0.75, oldest.id, None)
    assert stored_evaluations.stale(judged, [newest, oldest]) == {oldest.id}
    assert stored_evaluations.scored(judged, oldest.id).labels.tolist() == [HAPPY, HAPPY, SAD, SAD]
    again = recount(judged, "D", "test")
    assert (again.added, again.unchanged) == ([], [1, 2])


def test_a_rejected_face_is_counted_no_more(judged):
    decide(judged, "a", faces_of(judged, "D", "test")[3], reason="blurred")
    assert [(item.n, item.accuracy) for item in recount(judged, "D", "test").added] == [
        (3, 1.0),
        (3, pytest.approx(2 / 3)),
    ]


def test_a_face_that_was_never_predicted_is_told_and_not_counted(judged):
    fill(judged, "D", [SAD], "test", 60)
    done = recount(judged, "D", "test")
    assert (done.added, done.unpredicted) == ([], {1: 1, 2: 1}), "nothing else has changed"
    decide(judged, "a", faces_of(judged, "D", "test")[3], emotion=HAPPY)
    done = recount(judged, "D", "test")
    assert [(item.run, item.n) for item in done.added] == [(1, 4), (2, 4)] and done.unpredicted == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("dataset", "split", "raised"), [("D", "validation", InputError), ("E", "test", NotFoundError)]
)
def test_nothing_to_recount(judged, dataset, split, raised):
    with pytest.raises(raised):
        recount(judged, dataset, split)


def test_the_same_predictions_with_the_same_labels_are_kept_once(judged):
    with judged.database.reading() as session:
        known = stored_evaluations.listed(judged)[0]
        scored = table.scored(session, known.id)
        assert table.equal(session, known.run, known.dataset_id, "test", scored) == known.id
        other = ScoredFaces(scored.face_ids, scored.labels, scored.probabilities[::-1])
        assert table.equal(session, known.run, known.dataset_id, "test", other) is None


def test_an_interval_counts_people_where_they_are_known(store):
    from fercore.store.tables import Face

    ids = fill(store, "D", [HAPPY] * 20, "test")
    fill(store, "D", [HAPPY, SAD], "train", 50)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    made = evaluate(store, number, "D", "test", [HAPPY] * 10 + [SAD] * 10)
    item = stored_evaluations.get(store, made)
    plain = evaluation_details.interval(store, item)
    assert plain.people is None
    with store.database.writing() as session:
        for place, face in enumerate(ids):
            session.get_one(Face, face).subject = f"S{place // 5}"
    by_person = evaluation_details.interval(store, item)
    assert by_person.people == 4 and by_person.high - by_person.low > plain.high - plain.low


def test_learned_faces_and_people_are_counted_apart(store):
    from fercore.store.tables import Face

    train = fill(store, "D", [HAPPY, SAD, HAPPY], "train")
    fill(store, "E", [HAPPY], "test")  # the same noise as D's first face: pixel by pixel
    others = fill(store, "D", [HAPPY, SAD], "test", 50)
    fill(store, "E", [SAD, SAD], "test", 70)
    snapshots.freeze(store, "S", ["D"])
    with store.database.writing() as session:
        for face, subject in ((train[1], "S1"), (others[1], "S1"), (faces_of(store, "E", "test")[1], "S1")):
            session.get_one(Face, face).subject = subject
    number = run(store)
    here = stored_evaluations.get(store, evaluate(store, number, "D", "test", [HAPPY, HAPPY]))
    elsewhere = stored_evaluations.get(store, evaluate(store, number, "E", "test", [SAD, SAD, HAPPY]))
    result = training_overlap.learned(store, here)
    assert (result.faces, result.of_known_people, result.accuracy_of_others, result.others) == (0, 1, 1.0, 1)
    result = training_overlap.learned(store, elsewhere)
    assert (result.faces, result.of_known_people, result.accuracy_of_others, result.others) == (1, 0, 0.5, 2)


def test_predictions_of_several_runs_are_one_tidy_table(judged):
    result = stored_evaluations.listed(judged)
    frame = evaluation_details.predictions(judged, result)
    assert len(frame) == 4 + 2 + 4
    assert list(frame.columns[:8]) == ["run", "dataset", "split", "face", "path", "subject", "label", "prediction"]
    row = frame[(frame["run"] == 2) & (frame["face"] == faces_of(judged, "D", "test")[1])].iloc[0]
    assert (row["path"], row["label"], row["prediction"], round(row["p_sad"], 2)) == ("test/51", "Happy", "Sad", 0.7)


@pytest.mark.parametrize(
    ("identity", "photo", "path"),
    [
        ("a/b.png#0f", None, "a/b.png"),
        ("train/3", None, "train/3"),
        ("a#b.png#0f", None, "a#b.png"),
        ("x", "p.jpg", "p.jpg"),
    ],
)
def test_path_of(identity, photo, path):
    assert evaluation_details.path_of(identity, photo) == path


def test_evaluating_again_after_a_label_changed_adds_one(judged, monkeypatch):
    class Steady:
        def probabilities(self, pixels):
            return np.eye(7, dtype=np.float32)[[HAPPY] * len(pixels)]

    monkeypatch.setattr(evaluation, "predictor_of", lambda *_: Steady())
    first = evaluation.evaluate(judged, 1, "D", "test")
    same = evaluation.evaluate(judged, 1, "D", "test")
    assert first.id == same.id
    decide(judged, "a", faces_of(judged, "D", "test")[3], emotion=HAPPY)
    later = evaluation.evaluate(judged, 1, "D", "test")
    assert later.id != first.id and stored_evaluations.get(judged, first.id).accuracy == 0.5 and later.accuracy == 0.75
