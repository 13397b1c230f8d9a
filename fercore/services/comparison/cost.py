"""Accuracy of runs against their cost: parameters, operations, latency, and time and memory of the training."""

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.evaluation.measures import ACCURACY, LEAST_FACES
from fercore.evaluation.pareto import front
from fercore.services.comparison import figures
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.training import runs

FLOPS_PER_MAC: Final = 2  # a multiplication and an addition


class Cost(StrEnum):
    """A cost of a run."""

    PARAMETERS = "parameters"
    FLOPS = "flops"
    LATENCY = "latency"
    SECONDS = "seconds"
    MEMORY = "memory"


@dataclass(frozen=True)
class RunCost:
    """A run's accuracy on a split with its 95 % interval (None: not evaluated there), and its costs (None: not known).

    FLOPs are of one face's pass; latency is in ms for one face, with its quartiles and for each of many at once; memory
    is the training's peak in MiB.
    """

    run: int
    backbone: str
    trained_on: tuple[str, ...]
    is_foreign: bool = False
    can_be_measured: bool = False
    measured_here: bool = False
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    parameters: int | None = None
    flops: int | None = None
    latency: float | None = None
    latency_quartiles: tuple[float, float] | None = None
    latency_of_many: float | None = None
    seconds: float | None = None
    memory: float | None = None

    @property
    def is_few(self) -> bool:
        """True where the accuracy is one of too few faces to rank by."""
        return self.n is not None and self.n < LEAST_FACES

    def of(self, cost: Cost) -> float | None:
        """One cost."""
        value: float | None = getattr(self, cost)
        return value


@dataclass(frozen=True)
class Costs:
    """The costs of runs; latencies are those of one `machine` (None: none was measured), which `machines` names."""

    runs: tuple[RunCost, ...]
    machine: str | None
    machines: tuple[str, ...]

    def front(self, cost: Cost) -> set[int]:
        """The runs that no other beats: none is as accurate or more for as little or less, and one of both better; an
        accuracy on few faces has no place there and beats nobody.
        """
        ranked = [None if run.is_few else run.accuracy for run in self.runs]
        values, costs = (_numbers(each) for each in (ranked, self.of(cost)))
        return {run.run for run, flag in zip(self.runs, front(values, costs), strict=True) if flag}

    def of(self, cost: Cost) -> list[float | None]:
        """One cost of every run."""
        return [run.of(cost) for run in self.runs]

    def unmeasured(self) -> list[int]:
        """The runs with a model here whose latency was not measured on this machine; FLOPs are counted with it."""
        return [run.run for run in self.runs if run.can_be_measured and not run.measured_here]


def of_runs(store: Store, views: Sequence[EvaluationView], machine: str | None = None) -> Costs:
    """The costs of evaluated runs, and their accuracy there; latency on a `machine`, by default this one if it has any,
    else that of most runs.
    """
    measured = figures.of_each(store, views)
    known = {each.run.id: each for each in run_details.listed(store)}
    found = []
    for view in {view.run: view for view in views}.values():
        share = measured[view.id].all[ACCURACY]
        found.append(
            RunCost(
                run=view.run,
                backbone=view.backbone,
                trained_on=view.trained_on,
                is_foreign=view.is_foreign,
                accuracy=share.value,
                low=share.low,
                high=share.high,
                n=share.n,
            )
        )
    return _costs(store, found, known, machine)


def unevaluated(store: Store, run_ids: Sequence[int], machine: str | None = None) -> Costs:
    """The costs of runs by their numbers, or of all finished ones, without an accuracy; raises NotFoundError."""
    with store.database.reading() as session:
        for run in run_ids:
            runs.get(session, run)
    known = {each.run.id: each for each in run_details.listed(store)}
    chosen = run_ids or [run for run, each in known.items() if each.run.status == Status.DONE]
    found = [
        RunCost(run, known[run].run.backbone, tuple(known[run].snapshot.datasets)) for run in chosen if run in known
    ]
    return _costs(store, found, known, machine)


def _costs(store: Store, found: Sequence[RunCost], known: Mapping[int, RunView], machine: str | None) -> Costs:
    """Runs with the costs that are stored with them."""
    machine, machines = _machine([known[each.run] for each in found if each.run in known], machine)
    with store.database.reading() as session:
        memory = runs.peak_memory(session, [each.run for each in found])
    return Costs(
        tuple(
            _with_costs(each, known[each.run], machine, memory.get(each.run)) if each.run in known else each
            for each in found
        ),
        machine,
        machines,
    )


def _machine(known: Sequence[RunView], wanted: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The machine whose latencies are shown, and all that were measured on."""
    counts = Counter(name for each in known for name in (each.run.record or {}).get("latency", {}))
    names = sorted(counts, key=lambda name: (not _is_here(name), -counts[name], name))
    return (wanted if wanted in counts else next(iter(names), None)), tuple(names)


def _is_here(machine: str) -> bool:
    return machine.startswith(f"{platform.node()}, ")


def _with_costs(cost: RunCost, known: RunView, machine: str | None, memory: float | None) -> RunCost:
    run, record = known.run, known.run.record or {}
    latency, macs = record.get("latency", {}).get(machine, {}), record.get("macs")
    return replace(
        cost,
        can_be_measured=run.status == Status.DONE and run.reported_epoch is not None,
        measured_here=any(map(_is_here, record.get("latency", {}))),
        parameters=run.params_total,
        flops=None if macs is None else FLOPS_PER_MAC * macs,
        latency=latency.get("one_ms"),
        latency_quartiles=(latency["one_low"], latency["one_high"]) if latency else None,
        latency_of_many=latency.get("many_ms"),
        seconds=known.seconds,
        memory=memory,
    )


def _numbers(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)


COLUMNS: Final = (
    *("run", "backbone", "trained_on", "accuracy", "low", "high", "n", "parameters", "flops"),
    *("latency_ms", "latency_ms_of_many", "latency_machine", "training_seconds", "training_memory_mb", "front"),
)


def rows(found: Costs) -> list[dict[str, Any]]:
    """A row for each run, as the command line prints it; empty where nothing was measured."""
    fronts = {cost: found.front(cost) for cost in Cost}
    return [
        {
            "run": each.run,
            "backbone": each.backbone,
            "trained_on": " + ".join(each.trained_on),
            "accuracy": each.accuracy,
            "low": each.low,
            "high": each.high,
            "n": each.n,
            "parameters": each.parameters,
            "flops": each.flops,
            "latency_ms": each.latency,
            "latency_ms_of_many": each.latency_of_many,
            "latency_machine": found.machine if each.latency is not None else None,
            "training_seconds": each.seconds,
            "training_memory_mb": each.memory,
            "front": [str(cost) for cost in Cost if each.run in fronts[cost]],
        }
        for each in found.runs
    ]


def file_rows(found: Costs) -> list[dict[str, Any]]:
    """The same for files, where the costs on whose front a run stands are words with commas between them."""
    return [row | {"front": ", ".join(row["front"])} for row in rows(found)]
