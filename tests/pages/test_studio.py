"""The pages Train and Runs: trainings are started, cloned, watched together, paused and annotated."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from fercore.services.training import recipes, run_details, snapshots
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.tables import Epoch, Job
from fercore.store.training import runs
from fercore.training.loop.config import MAX_SEED
from fercore.training.recipes.recipe import MAX_EPOCHS, MODERN
from fercore.ui.shell import session
from tests.conftest import fill
from tests.pages.conftest import accept, opened, shown, texts


def start_training(app):
    accept(app)
    next(button for button in app.button if button.label == "Start training").click().run()


def test_the_longest_recipe_is_trained_with_the_highest_seed(frozen):
    recipes.save(frozen, MODERN.model_copy(update={"name": "long", "epochs": MAX_EPOCHS}))
    app = opened("models/train.py")
    app.selectbox(key="recipe").select("long").run()
    app.number_input(key="seed").set_value(MAX_SEED).run()
    start_training(app)
    assert not app.exception
    run = run_details.view(frozen, 1).run
    assert (run.epochs, run.seed) == (MAX_EPOCHS, MAX_SEED)


@pytest.mark.parametrize(("epochs", "seed"), [(0, 0), (20_000, 2**40), (2_000, 5)])
def test_a_run_beyond_the_forms_bounds_is_cloned_within_them(frozen, epochs, seed):
    run = run_service.create(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    with frozen.database.writing() as writing:
        runs.set_values(writing, run, epochs=epochs, seed=seed)
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Clone run 1").click().run()
    app.switch_page("pages/models/train.py").run()
    assert not app.exception
    assert app.number_input(key="epochs-modern").value == min(max(epochs, 1), MAX_EPOCHS)
    assert app.number_input(key="seed").value == min(seed, MAX_SEED)


def test_a_run_is_continued_from_its_page_and_offered_to_its_backbone_only(frozen):
    fill(frozen, "B", [n % 7 for n in range(14)], start=100)
    snapshots.freeze(frozen, "cleaned", ["A", "B"])
    run = run_service.create(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    with frozen.database.writing() as writing:
        runs.set_values(writing, run, status="done", reported_epoch=1)
        message = {"loss": 1.5, "accuracy": 0.25, "val_loss": None, "val_accuracy": None, "learning_rate": 0.1}
        runs.add_epoch(writing, Epoch(run_id=run, number=1, seconds=1.0, **message))
    (frozen.run_folder(run) / "model.keras").write_bytes(b"model")
    app = opened("models/train.py")
    app.selectbox(key="backbone").select("Xception").run()
    assert "Model of run 1" not in app.selectbox(key="weights").options
    app.selectbox(key="backbone").select("VGG16").run()
    assert "Model of run 1" in app.selectbox(key="weights").options
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Continue run 1").click().run()
    app.switch_page("pages/models/train.py").run()
    assert app.selectbox(key="weights").value == "run 1"
    app.selectbox(key="snapshot").select("cleaned").run()
    app.selectbox(key="backbone").select("Xception").run()
    assert "Run 1 is a VGG16: only a VGG16 can continue it, not a Xception." in texts(app)
    app.selectbox(key="backbone").select("VGG16").run()
    start_training(app)
    assert not app.exception
    view = run_details.view(frozen, 2)
    assert (view.run.continues, view.snapshot.name, view.cloned_from) == (1, "cleaned", None)
    app = opened("models/runs.py")
    assert "Continues run 1, which was trained on A; its epochs come first." in texts(app)


def test_a_run_of_an_older_recipe_is_not_cloned_and_says_why(frozen):
    run = run_service.create(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    with frozen.database.writing() as writing:
        runs.set_values(writing, run, recipe=MODERN.model_dump(mode="json") | {"epochs": 0})
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Clone run 1").click().run()
    assert not app.exception and "epochs is 0" in shown(app.error[0].value)


def test_a_run_that_was_watched_and_deleted_is_forgotten(frozen):
    app = opened("models/train.py")
    start_training(app)
    assert app.session_state["watched"] == 1 and "Run 1" in texts(app)
    run_service.cancel(frozen, 1)
    run_service.remove(frozen, 1)
    app.run()
    assert not app.exception and "Run 1" not in texts(app) and "watched" not in app.session_state


def test_imagenet_is_offered_to_the_backbones_that_have_such_weights(frozen):
    app = opened("models/train.py")
    app.selectbox(key="weights").select("imagenet").run()
    app.selectbox(key="backbone").select("SmallResNet").run()
    assert not app.exception
    assert app.selectbox(key="weights").options == ["nothing: random weights"]
    start_training(app)
    [run] = run_details.listed(frozen)
    assert (run.run.backbone, run.run.weights) == ("SmallResNet", "none")
    app.selectbox(key="backbone").select("VGG16").run()
    assert not app.exception and len(app.selectbox(key="weights").options) == 2


def test_a_run_shows_the_exception_that_it_was_started_with(frozen):
    run = run_service.create(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    kept = {"reason": "To compare with *the paper*.", "exceeded": ["leaks: 3 where 0 are allowed."]}
    with frozen.database.writing() as writing:
        runs.set_values(writing, run, record={"exception": kept})
    app = opened("models/runs.py")
    assert not app.exception and "Exception: To compare with" in texts(app) and kept["exceeded"][0] in texts(app)


def test_a_training_waits_until_its_warnings_are_accepted(frozen):
    app = opened("models/train.py")
    assert "Fewer than 20 training faces" in texts(app)
    start = next(button for button in app.button if button.label == "Start training")
    assert start.disabled
    start_training(app)
    assert not app.exception and [run.status for run in run_details.listed(frozen)] == ["queued"]


def test_several_runs_are_drawn_together_while_they_learn(frozen):
    for seed in (1, 2):
        run = run_service.start(frozen, TrainRequest("A", "VGG16", MODERN, "none", seed))
        with frozen.database.writing() as session:
            message = {"loss": 1.5, "accuracy": 0.25, "val_loss": 1.75, "val_accuracy": 0.125, "learning_rate": 0.1}
            runs.add_epoch(session, Epoch(run_id=run, number=1, seconds=1.0, **message))

    def drawn(app):
        charts = [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")[:3]]
        return [[line["y"] for line in chart] for chart in charts]

    app = opened("models/runs.py")
    assert not app.exception and drawn(app) == [[[0.125]] * 2, [[1.75]] * 2, [[0.1]] * 2]
    app.segmented_control(key="together-of").select("training").run()
    assert not app.exception and drawn(app) == [[[0.25]] * 2, [[1.5]] * 2, [[0.1]] * 2]


def test_a_run_is_cloned_into_the_form(frozen):
    fill(frozen, "B", [n % 7 for n in range(14)], "test", 100)
    recipe = MODERN.model_copy(update={"name": "gone", "epochs": 9})
    run_service.start(frozen, TrainRequest("A", "VGG16", recipe, "none", 7, 3, [("B", "test")]))
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Clone run 1").click().run()
    app.switch_page("pages/models/train.py").run()
    assert not app.exception
    chosen = {key: app.selectbox(key=key).value for key in ("snapshot", "backbone", "recipe", "weights")}
    assert chosen == {"snapshot": "A", "backbone": "VGG16", "recipe": "gone, as it was", "weights": "none"}
    assert app.number_input(key="seed").value == 7 and app.multiselect(key="evaluate").value == [("B", "test")]
    start_training(app)
    assert replace(run_service.clone(frozen, 2), cloned_from=1) == run_service.clone(frozen, 1)
    assert run_details.view(frozen, 2).cloned_from == 1
    start_training(app)
    assert run_details.view(frozen, 3).cloned_from is None, "what is started next from the form is no clone"


def gpus(store):
    """Asked for by the latest job."""
    with store.database.reading() as session:
        return session.scalars(select(Job.gpus).order_by(Job.id.desc()).limit(1)).one()


def test_a_run_asks_for_all_gpus_where_there_are_several(frozen, monkeypatch):
    assert "All GPUs for this run" not in [item.label for item in opened("models/train.py").checkbox]
    monkeypatch.setenv("FERCORE_GPUS", "0,1")
    session.store.clear()
    app = opened("models/train.py")
    accept(app)
    app.checkbox(key="all-gpus").check().run()
    next(button for button in app.button if button.label == "Start training").click().run()
    job = run_details.view(frozen, 1).job
    assert gpus(frozen) == -1 and job.arguments["all_gpus"]
    assert run_service.clone(frozen, 1).all_gpus
    run_service.cancel(frozen, 1)
    run_service.resume(frozen, 1)
    assert gpus(frozen) == -1


def test_a_run_is_paused_resumed_and_annotated(frozen):
    run_service.start(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    app = opened("models/runs.py")
    app.button(key="pause-run-1").click().run()
    assert "paused" in texts(app)
    app.button(key="resume-run-1").click().run()
    assert run_details.view(frozen, 1).status == "queued"
    app.text_area(key="note-1").input("look again")
    app.button(key="FormSubmitter:notes-1-Save").click().run()
    assert run_details.view(frozen, 1).run.note == "look again"
