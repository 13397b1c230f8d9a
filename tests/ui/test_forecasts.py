"""What is said of a training before it starts, and of each cell of a sweep."""

from types import SimpleNamespace

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.services.training.sweep_cells import CellView, SweepCell
from fercore.services.training.time_estimate import TrainingTime
from fercore.ui.comparison import table
from fercore.ui.training import preflight, sweep_forms, sweeps
from fercore.ui.widgets import hashes

TIME = TrainingTime(40.0, 20.4)
UNKNOWN = "no similar training here yet: measure a few steps for an estimate"


def forecast(seconds=100.4, time=TIME, epochs=3, measured=False, memory=None, counts=None):
    return SimpleNamespace(
        seconds=seconds, time=time, epochs=epochs, measured=measured, memory_mb=memory, counts=counts or {}
    )


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        pytest.param(forecast(seconds=None), UNKNOWN, id="nothing is known"),
        pytest.param(forecast(time=None), UNKNOWN, id="no time of its parts"),
        pytest.param(
            forecast(),
            "at most 0:01:40: 0:00:40 to start, 3 epochs of 0:00:20 · by earlier runs here",
            id="earlier runs",
        ),
        pytest.param(
            forecast(epochs=1, measured=True),
            "at most 0:01:40: 0:00:40 to start, 1 epoch of 0:00:20 · by steps measured here",
            id="one epoch, measured",
        ),
        pytest.param(
            forecast(memory=1234.4, time=TrainingTime(0.4, 0.6)),
            "at most 0:01:40: 0:00:00 to start, 3 epochs of 0:00:01 · by earlier runs here · 1,234 MB of memory",
            id="with memory, rounded",
        ),
        pytest.param(
            forecast(memory=0.0),
            "at most 0:01:40: 0:00:40 to start, 3 epochs of 0:00:20 · by earlier runs here · 0 MB of memory",
            id="hardly any memory",
        ),
    ],
)
def test_the_time_of_a_training(actual, words):
    assert preflight._time(actual) == words


def test_splits_without_faces_are_no_row():
    some = dict.fromkeys(EMOTIONS, 0) | {"Happy": 2, "Sad": 1}
    result = preflight._counts(forecast(counts={"train": some, "validation": dict.fromkeys(EMOTIONS, 0)}))
    [row] = result.to_dict("records")
    assert (row["Split"], row["Happy"], row["Sad"], row["Angry"], row["Faces"]) == ("train", 2, 1, 0, 3)


def cell(status="done", epochs=2, of=4, reported=1, accuracies=None, watched=(0.5, 0.25)):
    rows = [SimpleNamespace(number=n + 1, val_accuracy=watched[n]) for n in range(epochs)]
    run = SimpleNamespace(status=status, epochs=rows, run=SimpleNamespace(id=1, epochs=of, reported_epoch=reported))
    return CellView(SweepCell("VGG16", "paper", "s", 0), run, accuracies or {})


PLACE = ("D", "test")


@pytest.mark.parametrize(
    ("first", "place", "text"),
    [
        pytest.param(cell(), None, "50.0%", id="the reported epoch"),
        pytest.param(cell(), PLACE, "done", id="not evaluated there"),
        pytest.param(cell(accuracies={PLACE: 0.0}), PLACE, "0.0%", id="nothing right is a figure"),
        pytest.param(cell(accuracies={PLACE: 0.123456}), PLACE, "12.3%", id="evaluated there"),
        pytest.param(cell("running", epochs=1), None, "1/4", id="under way"),
        pytest.param(cell("failed", accuracies={PLACE: 0.5}), PLACE, "failed", id="failed"),
        pytest.param(CellView(SweepCell("VGG16", "paper", "s", 0), None, {}), None, "gone", id="deleted"),
    ],
)
def test_a_cell_as_text(first, place, text):
    assert sweeps._text(first, place).rpartition(": ")[2].split(" ", 1)[-1].endswith(text)


@pytest.mark.parametrize(
    ("first", "words"),
    [
        pytest.param(cell(epochs=0, status="queued"), "queued", id="nothing yet"),
        pytest.param(cell(), "validation in training: 50.00%", id="the validation"),
        pytest.param(
            cell(accuracies={PLACE: 0.12345, ("E", "train"): 1.0}),
            "D · test: 12.35%  \nE · train: 100.00%  \nvalidation in training: 50.00%",
            id="evaluations first",
        ),
    ],
)
def test_what_a_cell_tells(first, words):
    assert sweeps._tooltip(first) == words


@pytest.mark.parametrize(("given", "seed"), [(0, 0), ("7", 7), (str(2**31 - 1), 2**31 - 1)])
def test_a_seed(given, seed):
    assert sweep_forms._seed(given) == seed


@pytest.mark.parametrize("given", ["", "-1", "1.5", "seven", str(2**40), "9" * 5000])
def test_what_is_no_seed(given):
    with pytest.raises(InputError, match="is not a seed"):
        sweep_forms._seed(given)


def test_names_of_splits_and_hashes():
    assert [table.split_names(item) for item in ("train", "test")] == ["train (seen in training)", "test"]
    assert [hashes.short("a" * length) for length in (0, 12, 13)] == ["", "a" * 12, f"{'a' * 12}…"]
