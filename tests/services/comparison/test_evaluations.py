"""Evaluations keep their labels: they grow stale, are counted again, and are never overwritten."""

import numpy as np
import pytest

from fercore.errors import InputError, NotFoundError
from fercore.services.comparison import (
    best_run,
    confusion_cell,
    evaluation,
    evaluation_details,
    stored_evaluations,
    training_overlap,
)
from fercore.services.comparison.evaluation import recount
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets
from fercore.store.tables import Evaluation
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.store.review.test_decisions import decide

HAPPY, SAD = 3, 5


def run(store, snapshot="S", seed=0, done=True):
    number = run_service.create(store, TrainRequest(snapshot, "VGG16", MODERN, "none", seed))
    if done:
        with store.database.writing() as session:
            runs.set_values(session, number, status="done", reported_epoch=1)
    return number


def evaluate(store, number, dataset, split, guesses):
    """Store an evaluation that says these emotions of the split's faces, in their order."""
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id
        ids, labels = table.labelled_faces(session, dataset_id, split)
        shares = np.full((len(ids), 7), 0.05, np.float32)
        shares[np.arange(len(ids)), guesses] = 0.7
        truth = np.array(labels)
        counts = np.zeros((7, 7), int)
        np.add.at(counts, (truth, np.array(guesses)), 1)
        accuracy = float((truth == guesses).mean())
        new = Evaluation(
            run_id=number, dataset_id=dataset_id, split=split, n=len(ids), accuracy=accuracy, confusion=counts.tolist()
        )
        return table.add(session, new, ScoredFaces(ids, truth, shares)).id


@pytest.fixture
def judged(store):
    """Two runs on the same four faces of D's test split, three and two of which they read rightly, and a third of
    another dataset of nearly the same name.
    """
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", [HAPPY, HAPPY, SAD, SAD], "test", 50)
    fill(store, "D 2", [HAPPY, SAD], "test", 90)
    snapshots.freeze(store, "S", ["D"])
    first, second = run(store), run(store, seed=1)
    evaluate(store, first, "D", "test", [HAPPY, HAPPY, SAD, HAPPY])
    evaluate(store, second, "D", "test", [HAPPY, SAD, SAD, HAPPY])
    evaluate(store, first, "D 2", "test", [HAPPY, SAD])
    return store


def faces_of(store, dataset, split):
    with store.database.reading() as session:
        return table.labelled_faces(session, datasets.named(session, dataset).id, split)[0]


def accuracies(store):
    return [(one.run, one.dataset, one.accuracy) for one in stored_evaluations.listed(store)]


def test_an_evaluation_is_stale_once_a_label_has_changed(judged):
    assert stored_evaluations.stale(judged, stored_evaluations.listed(judged)) == set()
    before = accuracies(judged)
    face = faces_of(judged, "D", "test")[3]
    action = decide(judged, "a", face, emotion=HAPPY)
    found = stored_evaluations.listed(judged)
    assert {(one.run, one.dataset) for one in found if one.id in stored_evaluations.stale(judged, found)} == {
        (1, "D"),
        (2, "D"),
    }
    assert accuracies(judged) == before, "looking counts nothing again"
    from tests.store.review.test_decisions import undo

    undo(judged, "a", action)
    assert stored_evaluations.stale(judged, found) == set(), "the labels are as they were"


def test_confirming_a_label_makes_nothing_stale(judged):
    decide(judged, "a", faces_of(judged, "D", "test")[0], emotion=HAPPY)
    assert stored_evaluations.stale(judged, stored_evaluations.listed(judged)) == set()


def test_a_recount_adds_one_for_every_run_of_the_split_and_keeps_the_old(judged):
    decide(judged, "a", faces_of(judged, "D", "test")[3], emotion=HAPPY)
    done = recount(judged, "D", "test")
    assert [(one.run, one.accuracy) for one in done.added] == [(1, 1.0), (2, 0.75)]
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
    assert [(one.n, one.accuracy) for one in recount(judged, "D", "test").added] == [
        (3, 1.0),
        (3, pytest.approx(2 / 3)),
    ]


def test_a_face_that_was_never_predicted_is_told_and_not_counted(judged):
    fill(judged, "D", [SAD], "test", 60)
    done = recount(judged, "D", "test")
    assert (done.added, done.unpredicted) == ([], {1: 1, 2: 1}), "nothing else has changed"
    decide(judged, "a", faces_of(judged, "D", "test")[3], emotion=HAPPY)
    done = recount(judged, "D", "test")
    assert [(one.run, one.n) for one in done.added] == [(1, 4), (2, 4)] and done.unpredicted == {1: 1, 2: 1}


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


def test_a_cell_has_the_surest_first_and_both_probabilities(store):
    ids = fill(store, "D", [HAPPY, HAPPY, HAPPY])
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    with store.database.writing() as session:
        shares = np.full((3, 7), 0.01, np.float32)
        shares[:, SAD], shares[:, HAPPY] = [0.5, 0.9, 0.7], [0.4, 0.05, 0.2]
        new = Evaluation(run_id=number, dataset_id=1, split="train", n=3, accuracy=0.0, confusion=[[0] * 7] * 7)
        made = table.add(session, new, ScoredFaces(ids, np.array([HAPPY] * 3), shares)).id
    found = confusion_cell.cell(store, made, HAPPY, SAD)
    assert [one.face_id for one in found] == [ids[1], ids[2], ids[0]]
    assert [round(one.guessed, 2) for one in found] == [0.9, 0.7, 0.5]
    assert [round(one.true, 2) for one in found] == [0.05, 0.2, 0.4]
    assert confusion_cell.faces_of_cell(store, f"{made}.{HAPPY}.{SAD}") == tuple(ids)


@pytest.mark.parametrize(
    "name", ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.7.0", "1.0.7", "-1.0.0", "9" * 40 + ".0.0", "1.²"]
)
def test_a_link_to_no_cell_has_no_faces(store, name):
    assert confusion_cell.faces_of_cell(store, name) == ()


@pytest.fixture
def candidates(store):
    """Three finished runs: two on D's validation split, all on its test split, one on E's; one of them unfinished."""
    for name, start in (("D", 0), ("E", 200)):
        fill(store, name, [HAPPY, SAD], "train", start)
        fill(store, name, [HAPPY, SAD], "validation", start + 10)
        fill(store, name, [HAPPY, SAD], "test", start + 20)
    snapshots.freeze(store, "S", ["D"])
    a, b, c, unfinished = run(store), run(store, seed=1), run(store, seed=2), run(store, seed=3, done=False)
    evaluate(store, a, "D", "validation", [HAPPY, HAPPY])
    evaluate(store, b, "D", "validation", [SAD, HAPPY])
    evaluate(store, unfinished, "D", "validation", [HAPPY, SAD])
    evaluate(store, c, "E", "validation", [HAPPY, SAD])
    for number in (a, b, c):
        evaluate(store, number, "D", "test", [HAPPY, SAD])
        evaluate(store, number, "D", "train", [HAPPY, SAD])
    return store


def test_the_best_run_is_that_of_one_validation_split(candidates):
    found = best_run.best(candidates)
    assert (found.evaluation.run, found.evaluation.accuracy, found.evaluation.split) == (1, 0.5, "validation")
    assert (found.compared, found.not_comparable) == (2, 1)
    assert best_run.places(candidates) == {("D", "validation"): 2, ("E", "validation"): 1}
    assert best_run.best(candidates, ("E", "validation")).evaluation.run == 3
    assert best_run.best(candidates, ("D", "test")).evaluation.run == 1, "test faces choose nothing"


def test_no_best_run_without_a_validation_split(judged):
    assert best_run.best(judged) is None and best_run.places(judged) == {}


def test_runs_counted_with_other_labels_are_not_comparable(candidates):
    decide(candidates, "a", faces_of(candidates, "D", "validation")[0], emotion=SAD)
    recount(candidates, "D", "validation", only=2)
    found = best_run.best(candidates)
    assert (found.evaluation.run, found.compared, found.not_comparable) == (2, 1, 2)


def test_an_interval_counts_people_where_they_are_known(store):
    from fercore.store.tables import Face

    ids = fill(store, "D", [HAPPY] * 20, "test")
    fill(store, "D", [HAPPY, SAD], "train", 50)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    made = evaluate(store, number, "D", "test", [HAPPY] * 10 + [SAD] * 10)
    one = stored_evaluations.get(store, made)
    plain = evaluation_details.interval(store, one)
    assert plain.people is None
    with store.database.writing() as session:
        for place, face in enumerate(ids):
            session.get_one(Face, face).subject = f"S{place // 5}"
    by_person = evaluation_details.interval(store, one)
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
    found = training_overlap.learned(store, here)
    assert (found.faces, found.of_known_people, found.accuracy_of_others, found.others) == (0, 1, 1.0, 1)
    found = training_overlap.learned(store, elsewhere)
    assert (found.faces, found.of_known_people, found.accuracy_of_others, found.others) == (1, 0, 0.5, 2)


def test_predictions_of_several_runs_are_one_tidy_table(judged):
    found = stored_evaluations.listed(judged)
    frame = evaluation_details.predictions(judged, found)
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


def test_of_several_evaluations_the_best_is_the_highest_and_of_equals_the_first(store):
    for name, start in (("D", 0), ("D 2", 200)):
        fill(store, name, [HAPPY, SAD], "train", start)
        fill(store, name, [HAPPY, SAD, HAPPY, SAD], "validation", start + 10)
    snapshots.freeze(store, "S", ["D"])
    numbers = [run(store, seed=seed) for seed in range(5)]
    said = [[SAD] * 4, [HAPPY, SAD, HAPPY, HAPPY], [HAPPY, SAD, SAD, SAD], [HAPPY, HAPPY, HAPPY, HAPPY]]
    for number, guesses in zip(numbers, said, strict=False):
        evaluate(store, number, "D", "validation", guesses)
    evaluate(store, numbers[0], "D 2", "validation", [HAPPY, SAD, HAPPY, SAD])
    found = best_run.best(store)
    assert (found.evaluation.run, found.evaluation.accuracy) == (numbers[1], 0.75)
    assert (found.compared, found.not_comparable) == (4, 1)
    elsewhere = best_run.best(store, ("D 2", "validation"))
    assert (elsewhere.evaluation.run, elsewhere.compared, elsewhere.not_comparable) == (numbers[0], 1, 4)
    assert best_run.finished(store) == numbers[::-1]


@pytest.mark.parametrize(
    ("label", "predicted", "expected"),
    [
        pytest.param(HAPPY, SAD, [(1, 0.9, 0.05), (3, 0.6, 0.3)], id="happy read as sad"),
        pytest.param(SAD, HAPPY, [(5, 0.8, 0.1), (2, 0.7, 0.2)], id="sad read as happy"),
        pytest.param(HAPPY, HAPPY, [(0, 0.55, 0.55)], id="on the diagonal"),
        pytest.param(HAPPY, 0, [], id="an empty cell"),
        pytest.param(0, SAD, [(4, 0.9, 0.02)], id="another label"),
    ],
)
def test_every_cell_has_its_own_faces(store, label, predicted, expected):
    ids = fill(store, "D", [HAPPY, HAPPY, SAD, HAPPY, 0, SAD])
    snapshots.freeze(store, "S", ["D"])
    shares = np.zeros((6, 7), np.float32)
    shares[:, HAPPY] = [0.55, 0.05, 0.7, 0.3, 0.04, 0.8]
    shares[:, SAD] = [0.4, 0.9, 0.2, 0.6, 0.9, 0.1]
    shares[4, 0] = 0.02
    for number in (run(store), run(store, seed=1)):  # another run says the opposite of the same faces
        said = shares if number == 1 else shares[:, ::-1]
        with store.database.writing() as session:
            new = Evaluation(
                run_id=number, dataset_id=1, split="train", n=6, accuracy=0.0, confusion=[[0] * 7 for _ in range(7)]
            )
            made = table.add(session, new, ScoredFaces(ids, np.array([HAPPY, HAPPY, SAD, HAPPY, 0, SAD]), said)).id
    found = confusion_cell.cell(store, made - 1, label, predicted)
    told = [(ids.index(one.face_id), round(one.guessed, 2), round(one.true, 2)) for one in found]
    assert told == expected
    assert confusion_cell.faces_of_cell(store, f"{made - 1}.{label}.{predicted}") == tuple(
        sorted(ids[number] for number, *_ in expected)
    )
