"""Trained-on × tested-on: every evaluation as rows, as a table, and beside the paper's numbers."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercore.errors import UnreadableSourceError
from fercore.language import tr
from fercore.services import evaluating
from fercore.services.evaluating import Evaluated
from fercore.store import Store

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "run",
    "backbone",
    "recipe",
    "seed",
    "snapshot",
    "trained_on",
    "dataset",
    "split",
    "n",
    "accuracy",
)


def rows(store: Store) -> list[dict[str, Any]]:
    """Every evaluation as one flat row."""
    return [row(found) for found in evaluating.listed(store)]


def row(found: Evaluated) -> dict[str, Any]:
    """One evaluation as a flat row."""
    return {column: getattr(found, column) for column in COLUMNS} | {"trained_on": list(found.trained_on)}


def frame(found: Iterable[Evaluated]) -> "pd.DataFrame":
    """Evaluations as a tidy frame, one row each, `trained_on` joined by ' + '."""
    import pandas as pd

    flat = [row(one) | {"trained_on": " + ".join(one.trained_on)} for one in found]
    return pd.DataFrame(flat, columns=list(COLUMNS))


def cross_table(found: Iterable[Evaluated], split: str) -> "pd.DataFrame":
    """Accuracy by (backbone, recipe, trained on) × tested on, for one split; several runs are averaged."""
    tidy = frame(one for one in found if one.split == split)
    return tidy.pivot_table(
        index=["backbone", "recipe", "trained_on"],
        columns="dataset",
        values="accuracy",
        aggfunc="mean",
        sort=False,
    )


def write_csv(store: Store, file: Path) -> int:
    """Write every evaluation as CSV; returns how many."""
    found = rows(store)
    try:
        with file.open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, COLUMNS)
            writer.writeheader()
            writer.writerows(one | {"trained_on": " + ".join(one["trained_on"])} for one in found)
    except OSError as error:
        raise UnreadableSourceError(tr("'{name}' cannot be written: {why}.", name=file, why=error.strerror)) from None
    return len(found)
