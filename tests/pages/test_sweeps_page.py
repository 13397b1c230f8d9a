"""The page Sweeps: grids are started, watched and cancelled, the study's own among them."""

from datetime import timedelta

from fercore.services.training import recipes, run_details, snapshots, sweeps
from fercore.services.training.sweep_cells import Grid
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.pages.conftest import accept, opened, texts
from tests.services.comparison.conftest import evaluate


def test_cells_whose_names_hold_hyphens_are_apart(frozen):
    snapshots.freeze(frozen, "b-A", ["A"])
    for name in ("r", "r-b"):
        recipes.save(frozen, MODERN.model_copy(update={"name": name}))
    sweeps.start(frozen, "first", Grid(["A", "b-A"], ["MobileNetV2"], ["r", "r-b"], weights="none"))
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
    [sweep] = sweeps.listed(frozen)
    cells = [button for button in app.button if button.key.startswith(f"cell-{sweep.id}-")]
    assert len(cells) == 4 and all("queued" in cell.label for cell in cells)
    cells[0].click().run()
    assert "Run 1" in texts(app)
    app.button(key=f"cancel-sweep-{sweep.id}").click().run()
    assert [run.status for run in run_details.listed(frozen)] == ["cancelled"] * 4


def test_a_sweep_offers_what_is_there(frozen):
    sweeps.start(frozen, "first", Grid(["A"], ["MobileNetV2"], ["modern"], weights="none"))
    app = opened("models/sweeps.py")
    app.multiselect(key="sweep-snapshots").set_value(["A", "B"])
    app.selectbox(key="sweep-weights").select("none").run()
    assert app.button(key="sweep-start").label == "Start training · 1"
    app.checkbox(key="sweep-reuse").uncheck().run()
    assert app.button(key="sweep-start").label == "Start training · 2"
    app.multiselect(key="sweep-seeds").set_value([0, "x"]).run()
    assert "'x' is not a seed" in texts(app)


def test_the_time_is_that_of_what_will_be_trained(frozen):
    from fercore.services.training import preflight
    from tests.services.training.test_sweeps import finish

    sweeps.start(frozen, "first", Grid(["A"], ["MobileNetV2"], ["modern"], weights="none"))
    finish(frozen, 1, epochs=30, seconds=10.0)
    app = opened("models/sweeps.py")
    app.multiselect(key="sweep-snapshots").set_value(["A"])
    app.selectbox(key="sweep-weights").select("none").run()
    assert "at most" not in texts(app), "the only run is there already"
    app.checkbox(key="sweep-reuse").uncheck().run()
    assert "at most" in texts(app)
    app.multiselect(key="sweep-snapshots").set_value(["A", "B"])
    app.checkbox(key="sweep-reuse").check().run()
    [item] = [cell for cell in Grid(["B"], ["MobileNetV2"], ["modern"], weights="none").cells]
    request = sweeps.request(frozen, Grid(["B"], ["MobileNetV2"], ["modern"], weights="none"), item)
    seconds = preflight.seconds(frozen, [request])
    assert f"at most {timedelta(seconds=round(seconds))} in all" in texts(app)


def test_the_papers_table_says_what_is_missing(lite):
    fill(lite, "FER2013", [n % 7 for n in range(14)])
    app = opened("models/sweeps.py")
    assert "5 of its 25 runs" in texts(app) and "Not here: CK+, KFE, JAFFE." in texts(app)


def test_the_papers_table_waits_until_its_warnings_are_accepted(frozen):
    fill(frozen, "FER2013", [n % 7 for n in range(14)], start=50)
    app = opened("models/sweeps.py")
    app.selectbox(key="paper-weights").select("none").run()
    assert app.selectbox(key="paper-weights").value == "none"
    app.button(key="paper-start").click().run()
    assert "its numbers are not comparable" in texts(app)
    assert "1 snapshot will be frozen for this: FER2013." in texts(app)
    assert "paper: FER2013" not in [snapshot.name for snapshot in snapshots.listed(frozen)], (
        "not before somebody agrees"
    )
    app.button(key="paper-freeze").click().run()
    assert "Fewer than 20 training faces" in texts(app) and "paper: FER2013: 14 train" in texts(app)
    assert app.button(key="paper-go").disabled and run_details.listed(frozen) == []
    next(box for box in app.checkbox if box.key.startswith("accept-paper")).check().run()
    app.button(key="paper-go").click().run()
    assert not app.exception and len(run_details.listed(frozen)) == 5
    assert not [button for button in app.button if button.key == "paper-go"]


def test_accuracies_of_learned_faces_are_marked(frozen):
    grid = Grid(["A"], ["MobileNetV2"], ["modern"], weights="none", evaluate=[("A", "train")])
    sweeps.start(frozen, "first", grid)
    assert "the run learned" not in texts(opened("models/sweeps.py"))
    evaluate(frozen, 1, "A", "train", [n % 7 for n in range(14)])
    assert "A → A · train: These are faces that the run learned" in texts(opened("models/sweeps.py"))
