"""Runs that go on from another run's model: what they learned, record and refuse."""

from dataclasses import replace

import pytest

from fercore.errors import Cancelled, InputError, InUseError, NotFoundError
from fercore.jobs import queue
from fercore.progress import silent
from fercore.services.comparison import figures, gap, stored_evaluations, training_overlap
from fercore.services.comparison.report import data, trainings
from fercore.services.comparison.report.material import ReportChoice, gather
from fercore.services.system import backup
from fercore.services.training import continuation, preflight, run_details, snapshots, worker
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.settings import sqlite_url
from fercore.store.database import Database
from fercore.store.datasets import datasets
from fercore.store.review import model_predictions
from fercore.store.tables import Epoch, Face, Run
from fercore.store.training import lineage, runs
from fercore.training.recipes.recipe import MODERN, PAPER
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate

WEST, EAST = "west", "east"


def done(store, request):
    """A run that has ended with two epochs and a model."""
    number = run_service.create(store, request)
    with store.database.writing() as session:
        for epoch in (1, 2):
            figures_of = {"loss": 1.0, "accuracy": epoch / 10, "learning_rate": 1e-3, "seconds": 1.0}
            session.add(Epoch(run_id=number, number=epoch, **figures_of))
        runs.set_values(session, number, status="done", reported_epoch=2)
    store.run_folder(number).mkdir(parents=True, exist_ok=True)
    (store.run_folder(number) / "model.keras").write_bytes(b"model")
    return number


@pytest.fixture
def continued(store):
    """Run 1 on "west", run 2 on "east" from its model, run 3 from that of run 2; "east" tests on a face of "west"."""
    fill(store, WEST, [HAPPY, SAD, HAPPY])
    fill(store, EAST, [HAPPY, SAD], start=50)
    fill(store, EAST, [HAPPY, SAD, HAPPY], "test", start=2)  # the first is the last of "west"
    snapshots.freeze(store, WEST, [WEST])
    snapshots.freeze(store, EAST, [EAST])
    done(store, TrainRequest(WEST, "VGG16", MODERN, "none"))
    done(store, TrainRequest(EAST, "VGG16", MODERN, from_run=1))
    done(store, TrainRequest(EAST, "VGG16", MODERN, from_run=2, seed=1))
    return store


def test_what_earlier_runs_learned_counts_as_learned(continued):
    alone = done(continued, TrainRequest(EAST, "VGG16", MODERN, "none"))
    west, both = (figures.training_pixels(continued, run) for run in (1, 2))
    own = figures.training_pixels(continued, alone)
    assert both == west | own == figures.training_pixels(continued, 3) and len(both) == 5
    known = {}
    for run in (alone, 2, 3):
        number = evaluate(continued, run, EAST, "test", [HAPPY, SAD, SAD])
        view = stored_evaluations.get(continued, number)
        known[run] = (
            training_overlap.learned(continued, view).faces,
            figures.of_each(continued, [view])[number].learned,
        )
        assert view.continues == {alone: (), 2: (1,), 3: (2, 1)}[run]
        assert view.trained_on == ((EAST,) if run == alone else (EAST, WEST))
    assert known == {alone: (0, 0), 2: (1, 1), 3: (1, 1)}
    warnings = training_overlap.of_runs(continued, [alone, 2])
    assert len(warnings) == 1 and warnings[0].startswith("east → east · test: 1 of these faces is also")


def test_people_whom_earlier_runs_learned_are_known(continued):
    with continued.database.writing() as session:
        west = datasets.named(session, WEST).id
        for face in session.query(Face).where(Face.dataset_id == west):
            face.subject = "01"
    fill(continued, WEST, [SAD], "test", start=80)
    with continued.database.writing() as session:
        session.query(Face).where(Face.dataset_id == west, Face.split == "test").one().subject = "01"
    view = stored_evaluations.get(continued, evaluate(continued, 3, WEST, "test", [SAD]))
    assert training_overlap.learned(continued, view).of_known_people == 1


def test_faces_that_earlier_runs_learned_are_not_asked_for(continued):
    with continued.database.reading() as session:
        numbers = {name: datasets.named(session, name).id for name in (WEST, EAST)}
        unasked = {name: len(model_predictions.unasked(session, 3, number)) for name, number in numbers.items()}
    assert unasked == {WEST: 0, EAST: 2}


def test_accuracy_on_what_an_earlier_run_learned_or_chose_on_is_marked(continued):
    view = stored_evaluations.get(continued, evaluate(continued, 2, WEST, "train", [HAPPY, SAD, HAPPY]))
    assert view.is_training_accuracy
    fill(continued, WEST, [HAPPY], "validation", start=90)
    watching = done(continued, TrainRequest(WEST, "VGG16", PAPER, "none"))
    later = done(continued, TrainRequest(EAST, "VGG16", PAPER, from_run=watching))
    assert stored_evaluations.get(continued, evaluate(continued, later, WEST, "validation", [HAPPY])).chosen_on


def test_the_share_of_east_asian_faces_is_of_all_that_were_learned(continued):
    with continued.database.writing() as session:
        datasets.named(session, EAST).population = "east asian"
    assert gap._east_asian_shares(continued) == {1: 0, 2: pytest.approx(2 / 5), 3: pytest.approx(2 / 5)}


def test_record_and_history_show_all_runs(continued):
    view = run_details.view(continued, 3)
    assert [(each["run"], each["snapshot"], each["epochs"]) for each in view.earlier] == [(2, EAST, 2), (1, WEST, 2)]
    assert (view.run.weights, view.run.continues) == ("run 2", 2)
    assert run_details.as_json(view)["continues"] == 2
    assert [each.run.id for each in continuation.history(continued, view)] == [1, 2]
    assert [epoch.accuracy for epoch in continuation.epochs_before(continued, view)] == [0.1, 0.2, 0.1, 0.2]
    assert run_service.clone(continued, 3) == TrainRequest(EAST, "VGG16", MODERN, "run 2", 1, 30, (), False, 3, 2)


def test_a_report_names_all_snapshots_and_the_start(continued):
    number = evaluate(continued, 2, EAST, "test", [HAPPY, SAD, SAD])
    material = gather(continued, ReportChoice((2,)))
    snapshots_of = next(block for block in data.section(material).blocks if getattr(block, "name", "") == "snapshots")
    assert [row[0] for row in snapshots_of.rows] == [EAST, WEST]
    (row,) = trainings._runs(material).rows
    assert row[4] == "run 1" and stored_evaluations.get(continued, number).continues == (1,)
    assert material.runs[0].trained_on == (EAST, WEST)


def test_a_run_that_is_continued_stays_with_its_snapshot(continued):
    with pytest.raises(InputError, match="Run 1 was continued as run 2: delete run 2 first"):
        run_service.remove(continued, 1)
    with pytest.raises(InUseError):
        snapshots.remove(continued, WEST)
    for number in (3, 2, 1):
        run_service.remove(continued, number)
    snapshots.remove(continued, WEST)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"backbone": "Xception"}, "Run 1 is a VGG16: only a VGG16 can continue it, not a Xception"),
        ({"recipe": MODERN.model_copy(update={"input_px": 96})}, "trained with input_px 64: a recipe with 96"),
        ({"recipe": MODERN.model_copy(update={"dense_units": 64})}, "trained with dense_units 256"),
        ({"recipe": MODERN.model_copy(update={"preprocessing": "rescale"})}, "trained with preprocessing backbone"),
        ({"from_run": 9}, None),
    ],
)
def test_runs_that_cannot_be_continued(continued, change, sentence):
    request = replace(TrainRequest(EAST, "VGG16", MODERN, from_run=1), **change)
    with pytest.raises(InputError if sentence else NotFoundError, match=sentence):
        run_service.start(continued, request)
    assert len(run_details.listed(continued)) == 3


def test_a_run_without_a_model_or_in_training_cannot_be_continued(continued, monkeypatch):
    (continued.run_folder(1) / "model.keras").unlink()
    with pytest.raises(InputError, match="Run 1 cannot be continued: its model is gone"):
        run_service.check(continued, TrainRequest(EAST, "VGG16", MODERN, from_run=1))
    monkeypatch.setattr(queue, "advance", lambda store: None)
    waits = run_service.start(continued, TrainRequest(EAST, "VGG16", MODERN, "none"))
    with pytest.raises(InputError, match=f"Run {waits} has not ended yet"):
        run_service.check(continued, TrainRequest(EAST, "VGG16", MODERN, from_run=waits))


@pytest.mark.parametrize(
    ("snapshot", "recipe", "cautioned"),
    [(WEST, MODERN, True), (EAST, MODERN, False), (WEST, PAPER, False), ("copies", PAPER, True)],
)
def test_validation_on_faces_that_were_learned_before_is_warned_of(continued, snapshot, recipe, cautioned):
    """The validation face of "copies" is the first training face of "west"."""
    fill(continued, "C", [HAPPY, SAD], start=70)
    fill(continued, "C", [HAPPY], "validation", start=0)
    snapshots.freeze(continued, "copies", ["C"])
    first = done(continued, TrainRequest(WEST, "VGG16", recipe, "none"))
    kinds = {
        run: {
            each.kind
            for each in preflight.cautions(continued, TrainRequest(snapshot, "VGG16", recipe, "none", from_run=run))
        }
        for run in (None, first)
    }
    assert "learned faces" not in kinds[None] and ("learned faces" in kinds[first]) == cautioned


def test_runs_are_offered_by_backbone(continued):
    done(continued, TrainRequest(WEST, "Xception", MODERN, "none"))
    assert [each.run for each in continuation.offered(continued, "VGG16")] == [3, 2, 1]
    assert [continuation.number_of(text) for text in ("run 12", "imagenet", "run x", "/run 3")] == [
        12,
        None,
        None,
        None,
    ]


def test_a_copy_of_the_store_has_each_run_after_the_one_that_it_continues(continued, tmp_path):
    with continued.database.writing() as session:
        session.get_one(Run, 1).note = "moves behind the others in PostgreSQL"
    backup.dump(continued.database, tmp_path / "copy.db", silent)
    copy = Database(sqlite_url(tmp_path / "copy.db"))
    with copy.reading() as session:
        assert {number: [run.id for run, _ in links] for number, links in lineage.earlier(session).items()} == {
            2: [1],
            3: [2, 1],
        }
    copy.close()


@pytest.mark.slow
def test_the_new_run_starts_from_the_model_and_goes_on_after_a_stop(lite, monkeypatch):
    from tests.training.small import build

    starts = []
    monkeypatch.setattr(
        "fercore.training.loop.trainer.build", lambda *given: (starts.append(given[2]), build(*given))[1]
    )
    fill(lite, "D", [n % 7 for n in range(28)])
    snapshots.freeze(lite, "S", ["D"])
    recipe = MODERN.model_copy(update={"validate_on": "validation", "average": None, "flip_at_test": False})
    first = run_service.create(lite, TrainRequest("S", "VGG16", recipe, "none", epochs=1))
    worker.train(lite, first, silent)
    second = run_service.create(lite, TrainRequest("S", "VGG16", recipe, epochs=2, from_run=first))
    starts.clear()

    def stop(done, total, message=""):
        if message == "Epoch 2 of 2":
            raise Cancelled

    with pytest.raises(Cancelled):
        worker.train(lite, second, stop)
    model = lite.run_folder(first) / "model.keras"
    assert starts[0] == model
    moved = lite.run_folder(second) / "training.json"
    assert str(model) not in moved.read_text(), "the folder of models may be another one when it goes on"
    worker.train(lite, second, silent, resumed=True)
    assert len(run_details.view(lite, second).epochs) == 2
    record = run_details.view(lite, second).run.record
    assert record["weights"]["file"] == str(model) and record["continues"][0]["epochs"] == 1
    assert run_details.view(lite, second).epochs[0].learning_rate < recipe.learning_rate * 1.01
