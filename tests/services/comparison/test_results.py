"""The table of trainings: intervals, seeds in one row, learned faces left out, differences to a baseline."""

import numpy as np
import pytest

from fercore.evaluation.measures import MACRO_F1, MEASURES
from fercore.evaluation.significance import mcnemar, wilson
from fercore.services.comparison import evaluation, figures, foreign_models, stored_evaluations
from fercore.services.comparison.results import TableChoice, results
from fercore.services.training import snapshots
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.tables import Evaluation, Face
from fercore.store.training import runs
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, faces_of, run

LABELS = [HAPPY, SAD, 6, 0] * 20


def keep(store, number, dataset, right, split="test"):
    """Evaluate a run that reads the flagged faces rightly and takes the others for Fear."""
    target = evaluation.target_of(store, dataset, split)
    labels = np.array(target.labels)
    shares = np.full((len(labels), 7), 0.05, np.float32)
    shares[np.arange(len(labels)), np.where(right, labels, 2)] = 0.7
    return evaluation.keep(store, number, target, split, ScoredFaces(target.face_ids, labels, shares))


def table(store, **choice):
    return results(store, stored_evaluations.listed(store), TableChoice(**({"split": "test"} | choice)))


@pytest.fixture
def trained(store):
    """Two trainings on D, of two and of one seed, evaluated on D, of which ten test faces were learned, and on E."""
    fill(store, "D", LABELS[:10], "train", 50)
    fill(store, "D", LABELS, "test", 50)
    fill(store, "E", LABELS[:40], "test", 200)
    snapshots.freeze(store, "S", ["D"])
    first, second = run(store, seed=0), run(store, seed=1)
    other = run(store, seed=0)
    with store.database.writing() as session:
        runs.set_values(session, other, backbone="Xception")
    for number, count in ((first, 60), (second, 70), (other, 40)):
        keep(store, number, "D", np.arange(80) < count)
        keep(store, number, "E", np.arange(40) < count // 2)
    return store, (first, second, other)


def test_a_cell_holds_mean_interval_spread_and_faces(trained):
    store, (first, second, other) = trained
    found = table(store)
    assert found.datasets == ("D", "E") and [row.runs for row in found.rows] == [(first, second), (other,)]
    cell = found.rows[0].cells["D"]
    assert (cell.value, cell.n) == (pytest.approx(65 / 80), 80)
    assert cell.spread == pytest.approx(np.std([60 / 80, 70 / 80], ddof=1))
    alone = found.rows[1].cells["D"]
    assert (alone.low, alone.high) == wilson(40, 80) and alone.spread is None
    assert cell.high - cell.low > alone.high - alone.low, "two seeds that differ are less sure than one says"
    assert (cell.in_domain, found.rows[0].cells["E"].in_domain) == (True, False)


@pytest.mark.parametrize("measure", ["accuracy", "recall-happy"])
def test_a_difference_counts_the_faces_that_both_have(trained, tmp_path, measure):
    """A model that was evaluated on 20 faces makes no difference of 80."""
    store, _ = trained
    file = tmp_path / "few.csv"
    few = faces_of(store, "D", "test")[:20]
    file.write_text("\n".join(["face,prediction", *(f"{face},happy" for face in few)]))
    number = foreign_models.import_predictions(store, file, "few", "D", "test").run
    plain, pinned = table(store, measure=measure), table(store, measure=measure, baseline=number)
    happy = measure != "accuracy"
    for before, row in zip(plain.rows[:2], pinned.rows[:2], strict=True):
        assert (before.cells["D"].faces, before.cells["D"].is_few) == (20 if happy else 80, happy)
        assert (row.cells["D"].faces, row.cells["D"].is_few) == (5 if happy else 20, True)


def test_learned_faces_are_counted_and_left_out(trained):
    store, _ = trained
    cell = table(store).rows[1].cells["D"]
    assert cell.learned == 10
    fresh = table(store, without_learned=True).rows[1].cells["D"]
    assert (fresh.value, fresh.n) == (pytest.approx(30 / 70), 70)
    elsewhere = table(store, without_learned=True).rows[1].cells["E"]
    assert (elsewhere.learned, elsewhere.n) == (0, 40)


@pytest.mark.parametrize("measure", MEASURES)
def test_stored_figures_are_those_of_older_evaluations_worked_out(trained, measure):
    store, _ = trained
    views = stored_evaluations.listed(store)
    stored = figures.of_each(store, views)
    with store.database.writing() as session:
        for view in views:
            session.get_one(Evaluation, view.id).measures = None
    figures.forget()
    again = figures.of_each(store, views)
    for view in views:
        assert again[view.id].all[measure] == stored[view.id].all[measure]
        assert again[view.id].learned == stored[view.id].learned
        assert (again[view.id].fresh or {}).get(measure) == (stored[view.id].fresh or {}).get(measure)


def test_a_pinned_baseline_turns_figures_into_tested_differences(trained):
    store, (*_, other) = trained
    found = table(store, baseline=other)
    assert found.baseline == other and found.tests == 2
    cell = found.rows[0].cells["D"]
    assert cell.difference.value == pytest.approx(65 / 80 - 40 / 80) and cell.difference.seeds == (2, 1)
    assert cell.difference.low < cell.difference.value < cell.difference.high
    assert found.rows[1].cells["D"].difference is None, "a baseline is not compared with itself"
    assert cell.p_value >= cell.difference.p_value, "Holm makes no p smaller"


def test_single_runs_differ_by_mcnemars_test(trained):
    store, (first, second, other) = trained
    with store.database.writing() as session:
        runs.set_values(session, second, backbone="VGG16", epochs=7)
    found = table(store, baseline=other)
    by_run = {row.runs: row.cells["E"].difference for row in found.rows}
    known = mcnemar(np.arange(40) < 30, np.arange(40) < 20).p_mid
    assert by_run[first,].p_value == pytest.approx(known)


def test_other_measures_have_differences(trained):
    store, (_, _, other) = trained
    cell = table(store, baseline=other, measure=MACRO_F1).rows[0].cells["D"]
    base = table(store, measure=MACRO_F1)
    assert cell.difference.value == pytest.approx(base.rows[0].cells["D"].value - base.rows[1].cells["D"].value)


@pytest.mark.parametrize("baseline", [None, 0, 999])
def test_without_a_known_baseline_figures_stand(trained, baseline):
    store, _ = trained
    assert all(cell.difference is None for row in table(store, baseline=baseline).rows for cell in row.cells.values())


def test_faces_that_were_erased_do_not_count(trained):
    store, (*_, other) = trained
    with store.database.writing() as session:
        session.delete(session.query(Face).filter(Face.split == "test").order_by(Face.id.desc()).first())
    found = table(store, baseline=other)
    assert found.rows[0].cells["E"].difference is not None


@pytest.mark.parametrize(
    ("knobs", "chosen"),
    [
        pytest.param({"reported": "best", "validate_on": "validation"}, True, id="its best epoch"),
        pytest.param({"reported": "last", "patience": 3, "validate_on": "validation"}, True, id="when to stop"),
        pytest.param({"reported": "last", "patience": None, "validate_on": "validation"}, False, id="nothing"),
        pytest.param({"reported": "best", "validate_on": "training slice"}, False, id="on training faces"),
    ],
)
def test_an_evaluation_says_whether_its_run_chose_there(lite, knobs, chosen):
    fill(lite, "D", [HAPPY, SAD])
    fill(lite, "D", [HAPPY, SAD], "validation", 50)
    fill(lite, "D", [HAPPY, SAD], "test", 60)
    snapshots.freeze(lite, "S", ["D"])
    number = run(lite)
    with lite.database.writing() as session:
        row = runs.get(session, number)
        row.recipe = row.recipe | knobs
    for split in ("validation", "test"):
        keep(lite, number, "D", np.array([True, True]), split)
    by_split = {view.split: view.chosen_on for view in stored_evaluations.listed(lite)}
    assert by_split == {"validation": chosen, "test": False}
