"""Runs that can predict, as the API and assistants see them: without anything that names a place on this machine."""

from typing import Any

from fercore.services.prediction import demo_model
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.store import Store


def listed(store: Store, every: bool = False) -> list[dict[str, Any]]:
    """The runs that the demo offers, the first one first, or every run; `default` is true of the first one offered."""
    offered = demo_model.offered(store)
    chosen = offered[0].run.id if offered else None
    return [
        {**as_json(view), "default": view.run.id == chosen}
        for view in (run_details.listed(store) if every else offered)
    ]


def as_json(view: RunView) -> dict[str, Any]:
    """A run in the words of `fercore runs --json`."""
    run, snapshot = view.run, view.snapshot
    return {
        "run": run.id,
        "status": view.status,
        "backbone": run.backbone,
        "recipe": run.recipe["name"],
        "snapshot": snapshot.name,
        "snapshot_hash": snapshot.hash,
        "trained_on": snapshot.datasets,
        "seed": run.seed,
        "params_total": run.params_total,
        "reported_epoch": run.reported_epoch,
        "seconds": view.seconds,
        "note": run.note,
        "tags": run.tags,
    }
