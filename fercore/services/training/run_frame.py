"""Runs as a pandas frame, for notebooks."""

from typing import TYPE_CHECKING, Any, Final

from fercore.services.comparison import foreign_models
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.statuses import Status
from fercore.store import Store

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    *("run", "backbone", "elsewhere", "status", "recipe", "snapshot", "trained_on", "weights", "seed"),
    *("epochs", "reported_epoch", "val_accuracy", "params_total", "seconds", "created_at"),
)


def frame(store: Store) -> "pd.DataFrame":
    """A row for each run, newest first; of a model from elsewhere little more than its name is known."""
    import pandas as pd

    rows: list[dict[str, Any]] = [_row(view) for view in run_details.listed_with_epochs(store)]
    rows += [
        {
            "run": model.run,
            "backbone": model.name,
            "elsewhere": True,
            "status": str(Status.DONE),
            "trained_on": [],
            "created_at": model.created_at,
        }
        for model in foreign_models.listed(store)
    ]
    rows.sort(key=lambda row: -row["run"])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(view: RunView) -> dict[str, Any]:
    run, reported = view.run, view.reported
    return {
        "run": run.id,
        "backbone": run.backbone,
        "elsewhere": False,
        "status": str(view.status),
        "recipe": run.recipe["name"],
        "snapshot": view.snapshot.name,
        "trained_on": view.snapshot.datasets,
        "weights": run.weights,
        "seed": run.seed,
        "epochs": len(view.epochs),
        "reported_epoch": run.reported_epoch,
        "val_accuracy": reported.val_accuracy if reported else None,
        "params_total": run.params_total,
        "seconds": view.seconds,
        "created_at": run.created_at,
    }
