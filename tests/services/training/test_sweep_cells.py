"""The cells of a sweep: every combination once, what became of each, and what is left to do."""

from types import SimpleNamespace

import pytest

from fercore.services.training.sweep_cells import CellView, Grid, SweepCell, SweepView

PLACE, OTHER = ("D", "test"), ("E", "test")


def run(number=1, status="done", epochs=(), reported=None, active=False):
    rows = [SimpleNamespace(number=n, val_accuracy=value) for n, value in epochs]
    return SimpleNamespace(
        status=status, epochs=rows, run=SimpleNamespace(id=number, reported_epoch=reported), is_active=active
    )


def cell(found=None, accuracies=None):
    return CellView(SweepCell("VGG16", "paper", "s", 0), found, accuracies or {})


def view(*cells, evaluating=()):
    sweep = SimpleNamespace(plan={"evaluate": [list(PLACE), list(OTHER)]})
    return SweepView(sweep, list(cells), None, frozenset(evaluating))


def test_every_combination_backbones_slowest_and_each_once():
    grid = Grid(["s", "t", "s"], ["VGG16", "Xception"], ["paper"], [0, 1])
    assert [(c.backbone, c.snapshot, c.seed) for c in grid.cells] == [
        (backbone, name, seed) for backbone in ("VGG16", "Xception") for name in ("s", "t") for seed in (0, 1)
    ]
    assert Grid([], ["VGG16"], ["paper"]).cells == [] and Grid(["s"], ["VGG16"], ["paper"]).cells[0].seed == 0


@pytest.mark.parametrize(
    ("actual", "status", "watched"),
    [
        pytest.param(None, "gone", None, id="deleted"),
        pytest.param(run(status="queued"), "queued", None, id="no epoch yet"),
        pytest.param(run(status="running", epochs=[(1, 0.2), (2, 0.3)]), "running", 0.3, id="the last so far"),
        pytest.param(run(epochs=[(1, 0.4), (2, 0.3)], reported=1), "done", 0.4, id="the reported one"),
        pytest.param(run(epochs=[(3, 0.4), (4, None)], reported=9), "done", None, id="one that is not known"),
    ],
)
def test_what_became_of_a_cell(actual, status, watched):
    assert (cell(actual).status, cell(actual).validated) == (status, watched)


@pytest.mark.parametrize(
    ("cells", "evaluating", "active", "busy", "unevaluated"),
    [
        pytest.param([], (), False, False, [], id="nothing"),
        pytest.param([cell()], (), False, False, [], id="a deleted run"),
        pytest.param([cell(run(active=True, status="running"))], (), True, True, [], id="one runs"),
        pytest.param([cell(run(7))], (), False, False, [7], id="trained, not evaluated"),
        pytest.param([cell(run(7), {PLACE: 0.5})], (), False, False, [7], id="evaluated on one of two"),
        pytest.param([cell(run(7), {PLACE: 0.5, OTHER: 0.0})], (), False, False, [], id="evaluated on both"),
        pytest.param([cell(run(7))], (7,), False, True, [], id="being evaluated"),
        pytest.param([cell(run(7, active=True))], (), True, True, [], id="done, and its job goes on"),
        pytest.param([cell(run(7, status="failed"))], (), False, False, [], id="failed"),
    ],
)
def test_what_a_sweep_still_has_to_do(cells, evaluating, active, busy, unevaluated):
    result = view(*cells, evaluating=evaluating)
    assert (result.is_active, result.is_busy, result.unevaluated) == (active, busy, unevaluated)


def test_cells_are_counted_by_status():
    result = view(cell(), cell(run()), cell(run(status="failed")), cell(run(status="failed")))
    assert [result.count(*states) for states in (("done",), ("failed", "gone"), ("queued",), ())] == [1, 3, 0, 0]
    assert result.places == [PLACE, OTHER]
