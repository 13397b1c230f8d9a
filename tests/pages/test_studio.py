"""The pages of the training studio: recipes are cloned and changed, sweeps are started and watched."""

import json

import pytest

from fercore.jobs import queue
from fercore.services import freezing, recipes, sweeping, training, viewing
from fercore.services.cells import Grid
from fercore.services.training import TrainRequest
from fercore.store import runs
from fercore.store.tables import Epoch
from fercore.training.plan import MAX_SEED
from fercore.training.recipe import MAX_EPOCHS, MODERN, PAPER
from fercore.training.recipe_files import as_yaml
from fercore.ui import knobs, session
from tests.conftest import fill
from tests.pages.conftest import opened, texts


@pytest.fixture
def frozen(lite, monkeypatch):
    """Two snapshots, and a queue in which nothing starts."""
    monkeypatch.setattr(queue, "start_next", lambda store: None)
    for name, first in (("A", 0), ("B", 100)):
        fill(lite, name, [n % 7 for n in range(14)], "train", first)
        freezing.freeze(lite, name, [name])
    return lite


def accept(app):
    next(box for box in app.checkbox if box.label.startswith("I have read this")).check().run()


def start_training(app):
    accept(app)
    next(button for button in app.button if button.label == "Start training").click().run()


def knob(app, recipe, name):
    return app.text_input(key=f"{knobs.stamped(recipe)}/{name}")


def save_knobs(app, recipe):
    app.button(key=f"FormSubmitter:knobs-{knobs.stamped(recipe)}-Save").click().run()


def text(app, recipe):
    return app.text_area(key=f"yaml-{knobs.stamped(recipe)}")


def save_text(app, recipe, written):
    text(app, recipe).input(written).run()
    next(button for button in app.button if button.label == "Check and save").click().run()


def test_a_recipe_is_cloned_with_other_knobs(lite):
    app = opened("models/recipes.py")
    app.selectbox(key="recipe").select("modern").run()
    knob(app, MODERN, "epochs").input("7")
    knob(app, MODERN, "patience").input("")
    save_knobs(app, MODERN)
    assert not app.exception
    kept = recipes.named(session.store(), "my modern")
    assert kept == MODERN.model_copy(update={"name": "my modern", "epochs": 7})
    assert app.selectbox(key="recipe").value == "my modern"


def test_a_recipe_that_cannot_be_used_is_refused_calmly(lite):
    app = opened("models/recipes.py")
    knob(app, PAPER, "dropout").input("lots")
    save_knobs(app, PAPER)
    assert "dropout is 'lots'" in texts(app)
    save_text(app, PAPER, "name: x\nspeed: 9")
    assert "no knob 'speed'" in texts(app) and list(recipes.listed(session.store())) == ["paper", "modern"]


def test_the_form_and_the_text_of_a_recipe_show_what_is_kept(lite):
    first, second, third = (MODERN.model_copy(update={"name": "mine", "epochs": number}) for number in (5, 6, 7))
    recipes.save(lite, first)
    app = opened("models/recipes.py")
    app.selectbox(key="recipe").select("mine").run()
    save_text(app, first, as_yaml(second))
    assert knob(app, second, "epochs").value == "6" and text(app, second).value == as_yaml(second)
    knob(app, second, "epochs").input("7")
    save_knobs(app, second)
    assert knob(app, third, "epochs").value == "7" and text(app, third).value == as_yaml(third)
    knob(app, third, "dropout").input("0.25")
    save_knobs(app, third)
    assert recipes.named(lite, "mine") == third.model_copy(update={"dropout": 0.25})


@pytest.mark.parametrize("page", ["models/train.py", "models/recipes.py", "models/sweeps.py"])
@pytest.mark.parametrize("content", ["epochs: 2024-13-45", "epochs: " + "9" * 5_000, 'name: "\\ud800"', "epochs: 0"])
def test_a_broken_recipe_takes_no_page_down(frozen, page, content):
    (frozen.recipes / "broken.yaml").write_text(content)
    recipes.save(frozen, MODERN.model_copy(update={"name": "mine"}))
    app = opened(page)
    assert ("broken.yaml: " in texts(app)) == (page == "models/recipes.py")
    chosen = app.multiselect(key="sweep-recipes") if page == "models/sweeps.py" else app.selectbox(key="recipe")
    assert chosen.options[-1] == "mine" and "broken" not in chosen.options


def test_the_longest_recipe_is_trained_with_the_highest_seed(frozen):
    recipes.save(frozen, MODERN.model_copy(update={"name": "long", "epochs": MAX_EPOCHS}))
    app = opened("models/train.py")
    app.selectbox(key="recipe").select("long").run()
    app.number_input(key="seed").set_value(MAX_SEED).run()
    start_training(app)
    assert not app.exception
    run = viewing.view(frozen, 1).run
    assert (run.epochs, run.seed) == (MAX_EPOCHS, MAX_SEED)


@pytest.mark.parametrize(("epochs", "seed"), [(0, 0), (20_000, 2**40), (2_000, 5)])
def test_a_run_beyond_the_forms_bounds_is_cloned_within_them(frozen, epochs, seed):
    run = training.create(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    with frozen.database.writing() as writing:
        runs.set_values(writing, run, epochs=epochs, seed=seed)
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Clone run 1").click().run()
    app.switch_page("pages/models/train.py").run()
    assert not app.exception
    assert app.number_input(key="epochs-modern").value == min(max(epochs, 1), MAX_EPOCHS)
    assert app.number_input(key="seed").value == min(seed, MAX_SEED)


def test_a_run_of_an_older_recipe_is_not_cloned_and_says_why(frozen):
    run = training.create(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    with frozen.database.writing() as writing:
        runs.set_values(writing, run, recipe=MODERN.model_dump(mode="json") | {"epochs": 0})
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Clone run 1").click().run()
    assert not app.exception and "epochs is 0" in app.error[0].value


def test_a_run_that_was_watched_and_deleted_is_forgotten(frozen):
    app = opened("models/train.py")
    start_training(app)
    assert app.session_state["watched"] == 1 and "Run 1" in texts(app)
    training.cancel(frozen, 1)
    training.remove(frozen, 1)
    app.run()
    assert not app.exception and "Run 1" not in texts(app) and "watched" not in app.session_state


def test_cells_whose_names_hold_hyphens_are_apart(frozen):
    freezing.freeze(frozen, "b-A", ["A"])
    for name in ("r", "r-b"):
        recipes.save(frozen, MODERN.model_copy(update={"name": name}))
    sweeping.start(frozen, "first", Grid(["A", "b-A"], ["MobileNetV2"], ["r", "r-b"], weights="none"))
    app = opened("models/sweeps.py")
    assert len([button for button in app.button if button.key.startswith("cell-1-")]) == 4


def test_a_sweep_is_started_watched_and_cancelled(frozen):
    app = opened("models/sweeps.py")
    app.multiselect(key="sweep-snapshots").set_value(["A", "B"])
    app.multiselect(key="sweep-backbones").set_value(["MobileNetV2", "VGG16"])
    app.selectbox(key="sweep-weights").select("none").run()
    assert app.button(key="sweep-start").label == "Start training · 4"
    assert app.button(key="sweep-start").disabled, "each emotion has two faces"
    accept(app)
    app.button(key="sweep-start").click().run()
    assert not app.exception
    [sweep] = sweeping.listed(frozen)
    cells = [button for button in app.button if button.key.startswith(f"cell-{sweep.id}-")]
    assert len(cells) == 4 and all("queued" in cell.label for cell in cells)
    cells[0].click().run()
    assert "Run 1" in texts(app)
    app.button(key=f"cancel-sweep-{sweep.id}").click().run()
    assert [one.status for one in viewing.listed(frozen)] == ["cancelled"] * 4


def test_a_sweep_offers_what_is_there(frozen):
    sweeping.start(frozen, "first", Grid(["A"], ["MobileNetV2"], ["modern"], weights="none"))
    app = opened("models/sweeps.py")
    app.multiselect(key="sweep-snapshots").set_value(["A", "B"])
    app.selectbox(key="sweep-weights").select("none").run()
    assert app.button(key="sweep-start").label == "Start training · 1"
    app.checkbox(key="sweep-reuse").uncheck().run()
    assert app.button(key="sweep-start").label == "Start training · 2"
    app.multiselect(key="sweep-seeds").set_value([0, "x"]).run()
    assert "'x' is no seed" in texts(app)


def test_the_papers_table_says_what_is_missing(lite):
    fill(lite, "FER2013", [n % 7 for n in range(14)])
    app = opened("models/sweeps.py")
    assert "5 of its 25 runs" in texts(app) and "Not here: CK+, KFE, JAFFE." in texts(app)


def test_the_papers_table_waits_until_its_warnings_are_accepted(frozen):
    fill(frozen, "FER2013", [n % 7 for n in range(14)], start=50)
    app = opened("models/sweeps.py")
    app.selectbox(key="paper-weights").select("none").run()
    app.button(key="paper-start").click().run()
    assert "Fewer than 20 training faces" in texts(app) and "paper: FER2013: 14 train" in texts(app)
    assert app.button(key="paper-go").disabled and viewing.listed(frozen) == []
    next(box for box in app.checkbox if box.key.startswith("accept-paper")).check().run()
    app.button(key="paper-go").click().run()
    assert not app.exception and len(viewing.listed(frozen)) == 5
    assert not [button for button in app.button if button.key == "paper-go"]


def test_a_training_waits_until_its_warnings_are_accepted(frozen):
    app = opened("models/train.py")
    assert "Fewer than 20 training faces" in texts(app)
    start = next(button for button in app.button if button.label == "Start training")
    assert start.disabled
    start_training(app)
    assert not app.exception and [one.status for one in viewing.listed(frozen)] == ["queued"]


def test_several_runs_are_drawn_together_while_they_learn(frozen):
    for seed in (1, 2):
        run = training.start(frozen, TrainRequest("A", "VGG16", MODERN, "none", seed))
        with frozen.database.writing() as session:
            told = {"loss": 1.5, "accuracy": 0.25, "watch_loss": 1.75, "watch_accuracy": 0.125, "learning_rate": 0.1}
            runs.add_epoch(session, Epoch(run_id=run, number=1, seconds=1.0, **told))

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
    training.start(frozen, TrainRequest("A", "VGG16", recipe, "none", 7, 3, [("B", "test")]))
    app = opened("models/runs.py")
    next(button for button in app.button if button.label == "Clone run 1").click().run()
    app.switch_page("pages/models/train.py").run()
    assert not app.exception
    chosen = {key: app.selectbox(key=key).value for key in ("snapshot", "backbone", "recipe", "weights")}
    assert chosen == {"snapshot": "A", "backbone": "VGG16", "recipe": "gone, as it was", "weights": "none"}
    assert app.number_input(key="seed").value == 7 and app.multiselect(key="evaluate").value == [("B", "test")]
    start_training(app)
    assert training.clone(frozen, 2) == training.clone(frozen, 1)


def test_a_run_asks_for_all_gpus_where_there_are_several(frozen, monkeypatch):
    assert "All GPUs for this run" not in [one.label for one in opened("models/train.py").checkbox]
    monkeypatch.setenv("FERCORE_GPUS", "0,1")
    session.store.clear()
    app = opened("models/train.py")
    accept(app)
    app.checkbox(key="all-gpus").check().run()
    next(button for button in app.button if button.label == "Start training").click().run()
    job = viewing.view(frozen, 1).job
    assert job.gpus == -1 and job.arguments["all_gpus"]
    assert training.clone(frozen, 1).all_gpus
    training.cancel(frozen, 1)
    training.resume(frozen, 1)
    assert viewing.view(frozen, 1).job.gpus == -1


def test_a_run_is_paused_resumed_and_annotated(frozen):
    training.start(frozen, TrainRequest("A", "VGG16", MODERN, "none"))
    app = opened("models/runs.py")
    app.button(key="pause-run-1").click().run()
    assert "paused" in texts(app)
    app.button(key="resume-run-1").click().run()
    assert viewing.view(frozen, 1).status == "queued"
    app.text_area(key="note-1").input("look again")
    app.button(key="FormSubmitter:notes-1-Save").click().run()
    assert viewing.view(frozen, 1).run.note == "look again"
