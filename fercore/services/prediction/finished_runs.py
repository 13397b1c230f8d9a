"""Runs that can predict, as the API and assistants see them: without anything that names a place on this machine."""

from typing import Any

from fercore.services.prediction import demo_model
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.store import Store


def listed(store: Store, every: bool = False) -> list[dict[str, Any]]:
    """The runs with a model, or every run, newest first; `default` is the one that predicts where none is named."""
    chosen = demo_model.default_run(store)
    views = run_details.listed(store)
    shown = views if every else [view for view in views if view.status == Status.DONE and view.run.reported_epoch]
    return [{**as_json(view), "default": view.run.id == chosen} for view in shown]


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
