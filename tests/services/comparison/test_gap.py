"""The gap of runs: whose faces a dataset shows, which runs are comparable, and what the command prints."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError
from fercore.services.comparison import claims, gap
from fercore.services.comparison.gap import GapChoice
from fercore.services.datasets import catalogue
from fercore.services.training import snapshots
from fercore.store.datasets import datasets
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, run
from tests.services.comparison.test_results import LABELS, keep

TEST = GapChoice("test")


@pytest.fixture
def sides(store):
    """Datasets W and V of Western faces, E of East Asian ones; run 1 has a gap of 50 points, run 2 of 20."""
    for start, name in enumerate(("W", "V", "E")):
        fill(store, name, LABELS[:8], "train", 500 + 20 * start)
        fill(store, name, LABELS, "test", 100 * start)
    catalogue.set_population(store, "W", "western")
    catalogue.set_population(store, "E", "east asian")
    snapshots.freeze(store, "western only", ["W"])
    snapshots.freeze(store, "both", ["W", "E"])
    first, second = run(store, "western only"), run(store, "both")
    for number, western, east_asian in ((first, 64, 24), (second, 64, 48)):
        keep(store, number, "W", np.arange(80) < western)
        keep(store, number, "E", np.arange(80) < east_asian)
    return store, (first, second)


def test_the_gap_of_each_run_and_its_data(sides):
    store, (first, second) = sides
    found = gap.of_runs(store, TEST)
    assert [(each.run.run, round(each.gap.value, 3)) for each in found.runs] == [(first, 0.5), (second, 0.2)]
    assert [each.east_asian_share for each in found.runs] == [0.0, 0.5]
    assert (found.runs[0].western, found.runs[0].east_asian) == (("W",), ("E",))
    assert all(each.gap.low < each.gap.value < each.gap.high for each in found.runs)


def test_two_gaps_differ(sides):
    store, (first, second) = sides
    change = gap.difference(store, first, second, TEST)
    assert change.value == pytest.approx(0.3) and change.p_value < 0.001
    assert claims.of_gaps(first, second, change).startswith(
        f"The gap of run {second} is smaller than that of run {first}"
    )
    same = gap.difference(store, first, first, TEST)
    assert claims.of_gaps(first, first, same).startswith("No evidence that the gaps differ: 0.0 points")


def test_runs_that_lack_a_dataset_are_left_out(sides):
    store, (first, _) = sides
    catalogue.set_population(store, "V", "western")
    keep(store, first, "V", np.arange(80) < 40)
    found = gap.of_runs(store, TEST)
    assert len(found.runs) == 2 and found.runs[0].western == ("W",), "most runs decide"
    alone = run(store, "both", seed=9)
    keep(store, alone, "V", np.arange(80) < 40)
    keep(store, alone, "E", np.arange(80) < 40)
    assert gap.of_runs(store, TEST).left_out == (alone,)


def test_only_shared_emotions(sides):
    store, (first, _) = sides
    fill(store, "J", [HAPPY] * 6 + [SAD] * 6, "test", 400)
    catalogue.set_population(store, "E", None)
    catalogue.set_population(store, "J", "east asian")
    keep(store, first, "J", np.arange(12) < 6)
    [result] = gap.of_runs(store, GapChoice("test", shared_only=True)).runs
    assert result.emotions == (HAPPY, SAD)


def test_without_both_sides_there_is_a_sentence(sides):
    store, _ = sides
    catalogue.set_population(store, "E", None)
    with pytest.raises(InputError, match="say on Datasets whose faces each shows"):
        gap.of_runs(store, TEST)
    with pytest.raises(InputError, match="There is no population 'martian'"):
        catalogue.set_population(store, "E", "martian")


@pytest.mark.parametrize(
    ("source", "population"),
    [("fer2013", "western"), ("ckplus", "western"), ("jaffe", "east asian"), ("aihub", "east asian"), ("folder", None)],
)
def test_known_sources_are_known(store, source, population):
    with store.database.writing() as session:
        assert datasets.ensure(session, "D", source).population == population


def test_the_commands(lite):
    for start, name in enumerate(("W", "E")):
        fill(lite, name, LABELS[:8], "train", 500 + 20 * start)
        fill(lite, name, LABELS, "test", 100 * start)
    snapshots.freeze(lite, "S", ["W"])
    number = run(lite)
    for name, right in (("W", 60), ("E", 30)):
        keep(lite, number, name, np.arange(80) < right)
    runner = CliRunner()
    assert runner.invoke(cli, ["population", "W", "western"]).exit_code == 0
    assert (
        json.loads(runner.invoke(cli, ["population", "E", "east asian", "--json"]).stdout)["population"] == "east asian"
    )
    [row] = json.loads(runner.invoke(cli, ["gap", "--json"]).stdout)["rows"]
    assert row["run"] == number and row["gap"] == pytest.approx(30 / 80) and row["interval"][0] < row["gap"]
    assert "37.5" in runner.invoke(cli, ["gap"]).stdout
