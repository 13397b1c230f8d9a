"""Costs of runs: as stored, as measured, the front, and the command."""

import csv
import json
import platform

import numpy as np
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError, NotFoundError
from fercore.evaluation.significance import wilson
from fercore.prediction import latency
from fercore.services import jobs
from fercore.services.comparison import cost, cost_measurement, stored_evaluations
from fercore.services.comparison.cost import Cost, Costs, RunCost
from fercore.services.comparison.cost_measurement import CostJob
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots, worker
from fercore.services.training.runs import TrainRequest
from fercore.store.tables import Epoch, Run
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, run
from tests.training.loop.test_trainer import small_network as small_network

HERE = f"{platform.node()}, cpu"
LATENCY = {"one_ms": 5.0, "one_low": 4.5, "one_high": 6.0, "many_ms": 0.5, "repeats": 30}


def filled(store):
    """Three runs of 100, 50 and 200 thousand parameters that read 32, 24 and 32 of 40 faces; the third is old."""
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", [HAPPY] * 40, "test", 50)
    snapshots.freeze(store, "S", ["D"])
    numbers = [run(store, seed=seed) for seed in range(3)]
    for number, right, parameters in zip(numbers, (32, 24, 32), (100_000, 50_000, 200_000), strict=True):
        evaluate(store, number, "D", "test", [HAPPY] * right + [SAD] * (40 - right))
        with store.database.writing() as session:
            runs.set_values(session, number, params_total=parameters)
    with store.database.writing() as session:
        runs.note(session, numbers[0], {"macs": 3_000_000, "seconds": 60.0, "latency": {HERE: LATENCY}})
        other = {"another, gpu H200": LATENCY | {"one_ms": 1.0}}
        runs.note(session, numbers[1], {"macs": 2_000_000, "seconds": 90.0, "latency": other})
        for number, memory in enumerate((500.0, 700.0, None), 1):
            runs.add_epoch(session, epoch(numbers[0], number, memory))
    return numbers


def epoch(run_id, number, memory):
    return Epoch(run_id=run_id, number=number, loss=1.0, accuracy=0.5, learning_rate=0.1, seconds=1.0, memory_mb=memory)


def views(store):
    return [view for view in stored_evaluations.listed(store) if view.split == "test"]


def test_costs_are_read_as_they_are_stored(store):
    numbers = filled(store)
    found = cost.of_runs(store, views(store))
    first, second, third = found.runs
    assert [each.run for each in found.runs] == numbers
    assert (first.accuracy, first.n, (first.low, first.high)) == (0.8, 40, pytest.approx(wilson(32, 40)))
    assert (first.parameters, first.flops, first.latency, first.seconds, first.memory) == (
        100_000,
        6e6,
        5.0,
        60.0,
        700.0,
    )
    assert (first.latency_quartiles, first.latency_of_many) == ((4.5, 6.0), 0.5)
    assert (second.flops, second.latency, second.memory) == (4e6, None, None), "latency of another machine"
    assert (third.parameters, third.flops, third.latency, third.seconds, third.memory) == (
        200_000,
        None,
        None,
        None,
        None,
    )
    assert (found.machine, found.machines) == (HERE, (HERE, "another, gpu H200"))
    assert found.unmeasured() == numbers[1:]


def test_latencies_of_another_machine_are_shown_when_asked_for(store):
    filled(store)
    found = cost.of_runs(store, views(store), "another, gpu H200")
    assert [each.latency for each in found.runs] == [None, 1.0, None]
    assert cost.of_runs(store, views(store), "nowhere").machine == HERE


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        pytest.param(Cost.PARAMETERS, [0, 1], id="the third is as good for more"),
        pytest.param(Cost.FLOPS, [0, 1], id="the third is not measured"),
        pytest.param(Cost.SECONDS, [0], id="the second is worse and slower"),
        pytest.param(Cost.MEMORY, [0], id="one is known"),
    ],
)
def test_the_front(store, measure, expected):
    numbers = filled(store)
    assert cost.of_runs(store, views(store)).front(measure) == {numbers[at] for at in expected}


@pytest.mark.parametrize(
    ("faces", "expected"),
    [
        pytest.param(2, {2}, id="two faces"),
        pytest.param(29, {2}, id="just too few"),
        pytest.param(30, {1}, id="enough"),
    ],
)
def test_few_faces_have_no_place_on_the_front_and_beat_nobody(faces, expected):
    few = RunCost(1, "VGG16", ("A",), accuracy=1.0, n=faces, parameters=1_000)
    many = RunCost(2, "VGG16", ("A",), accuracy=0.6, n=3_000, parameters=2_000)
    assert Costs((few, many), None, ()).front(Cost.PARAMETERS) == expected


def test_runs_without_an_evaluation_have_costs_and_no_front(store):
    numbers = filled(store)
    found = cost.unevaluated(store, numbers[:1])
    assert (found.runs[0].parameters, found.runs[0].accuracy, found.front(Cost.PARAMETERS)) == (100_000, None, set())
    assert sorted(each.run for each in cost.unevaluated(store, ()).runs) == numbers
    with pytest.raises(NotFoundError):
        cost.unevaluated(store, [99])


@pytest.fixture
def trained(lite, small_network):
    """A run that was trained here for one epoch."""
    fill(lite, "D", [n % 7 for n in range(21)], "train", 70)
    name = snapshots.freeze(lite, "S", ["D"]).name
    recipe = MODERN.model_copy(update={"validation_share": 0.3})
    number = run_service.create(lite, TrainRequest(name, "MobileNetV2", recipe, weights="none", epochs=1))
    worker.train(lite, number, lambda *_: None)
    return number


def record(store, number):
    with store.database.reading() as session:
        return session.get_one(Run, number).record


def test_a_training_stores_its_operations_and_measuring_finds_the_same(lite, trained, monkeypatch):
    macs = record(lite, trained)["macs"]
    assert macs > 0
    monkeypatch.setattr(latency, "REPEATS", 4)
    with lite.database.writing() as session:
        runs.note(session, trained, {"macs": None, "latency": {"another, cpu": LATENCY}})
    said = []
    assert cost_measurement.measure(lite, [trained], lambda *words: said.append(words)) == [trained]
    after = record(lite, trained)
    assert after["macs"] == macs and set(after["latency"]) == {HERE, "another, cpu"}
    mine = after["latency"][HERE]
    assert 0 < mine["one_low"] <= mine["one_ms"] <= mine["one_high"] and mine["backend"] == "tensorflow"
    assert said[-1] == (15, 15, f"Measuring run {trained}")
    [found] = cost.unevaluated(lite, [trained]).runs
    assert (found.flops, found.measured_here) == (2 * macs, True) and found.memory and found.seconds


def test_what_cannot_be_measured_does_not_stop_the_others(lite, trained, monkeypatch):
    monkeypatch.setattr(latency, "REPEATS", 4)
    waiting = run(lite, done=False)
    with pytest.raises(InputError, match=f"Run {waiting} has no trained model"):
        cost_measurement.measure(lite, [waiting, trained])
    assert HERE in record(lite, trained)["latency"]
    request = CostJob(runs=[trained])
    kind = jobs.kind_of(CostJob)
    assert kind.title(request) == "Measure 1 run" and kind.run(lite, request, lambda *_: None) == {"runs": [trained]}


def printed(*words):
    done = CliRunner().invoke(cli, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_command_prints_measures_and_writes(lite, monkeypatch, tmp_path):
    numbers = filled(lite)
    found = printed("cost", "--dataset", "D", "--split", "test", "--csv", tmp_path / "c.csv")
    assert [row["run"] for row in found["runs"]] == numbers and found["machine"] == HERE
    assert found["runs"][0]["front"] == [str(each) for each in Cost]
    assert found["runs"][2]["flops"] is None and found["runs"][2]["front"] == []
    with (tmp_path / "c.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["parameters"] for row in rows] == ["100000", "50000", "200000"]
    assert [row["front"] for row in rows] == ["parameters, flops, latency, seconds, memory", "parameters, flops", ""]
    asked = []
    monkeypatch.setattr(cost_measurement, "measure", lambda store, run_ids, progress: asked.append(list(run_ids)))
    printed("cost", "--measure", "--dataset", "D", "--split", "test")
    printed("cost", numbers[0], "--measure")
    assert asked == [numbers[1:], numbers[:1]]
    shown = CliRunner().invoke(cli, ["cost", str(numbers[0])]).stdout
    assert "100000" in shown and f"Latency for one face on {HERE}." in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["--dataset", "D"], "Say both", id="half a place"),
        pytest.param(["99"], "run", id="an unknown run"),
        pytest.param(["--dataset", "D", "--split", "train"], "No run was evaluated", id="nothing there"),
        pytest.param(["1", "--measure"], "no trained model", id="nothing to measure"),
    ],
)
def test_the_command_refuses_in_a_sentence(lite, words, message):
    filled(lite)
    with lite.database.writing() as session:
        runs.set_values(session, 1, status="failed")
    done = CliRunner().invoke(cli, ["cost", *words])
    assert done.exit_code != 0 and message in done.stderr + str(done.exception)


def test_numbers_of_the_front_are_plain(store):
    filled(store)
    rows = cost.rows(cost.of_runs(store, views(store)))
    assert json.loads(json.dumps(rows)) == rows and not any(isinstance(v, np.generic) for r in rows for v in r.values())
