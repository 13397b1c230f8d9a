"""Evaluations as tidy rows, those that are alike enough to be averaged, and the paper's table beside them."""

import csv
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fercore.evaluation.paper import TABLE_III
from fercore.exports.targets import placed
from fercore.services.comparison import stored_evaluations
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.training_key import TrainingKey, recipe_hash
from fercore.splits import Split
from fercore.store import Store
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import PAPER

COLUMNS = (
    "run",
    "backbone",
    "recipe",
    "recipe_hash",
    "seed",
    "snapshot",
    "snapshot_hash",
    "weights",
    "epochs",
    "epochs_done",
    "trained_on",
    "dataset",
    "split",
    "n",
    "accuracy",
    "is_training_accuracy",
    "labels_hash",
    "selected_by",
    "mark",
)
# Of the paper's table, in its order.
PLACES: Final = (("FER2013", Split.VALIDATION), ("KFE", Split.TEST), ("JAFFE", Split.TEST))


def alike(part: Sequence[EvaluationView], stale: frozenset[int] | set[int]) -> list[EvaluationView]:
    """The evaluations of one split that were counted with the labels of now, or else with those of most of them."""
    fresh = [view.labels_hash for view in part if view.id not in stale]
    labels = fresh[0] if fresh else Counter(view.labels_hash for view in part).most_common(1)[0][0]
    return [view for view in part if view.labels_hash == labels]


def recipe_names(groups: Mapping[TrainingKey, Sequence[EvaluationView]]) -> dict[TrainingKey, str]:
    """The recipes' names; where one name stands for several contents, a few signs of the hash follow it."""
    names = {training: group[0].recipe for training, group in groups.items()}
    contents: defaultdict[str, set[str]] = defaultdict(set)
    for training, name in names.items():
        contents[name].add(training.recipe_hash)
    return {
        training: f"{name} · {training.recipe_hash[:6]}" if len(contents[name]) > 1 else name
        for training, name in names.items()
    }


@dataclass(frozen=True)
class PaperRow:
    """One run of the paper's Table III, its printed accuracies, and those of the same training here (None: none)."""

    backbone: str
    trained_on: tuple[str, ...]
    printed: tuple[float, float, float]
    here: tuple[float | None, float | None, float | None]


def is_papers(training: TrainingKey) -> bool:
    """True if a training followed the paper: its recipe to the letter, ImageNet weights, all of its epochs."""
    return (
        has_papers_recipe(training) and training.weights == InitialWeights.IMAGENET and training.epochs == PAPER.epochs
    )


def has_papers_recipe(training: TrainingKey) -> bool:
    """True if a recipe sets just what the paper's does, whatever its name."""
    return training.recipe_hash == recipe_hash(PAPER.model_dump(mode="json"))


def paper_table(views: Sequence[EvaluationView], stale: frozenset[int] | set[int] = frozenset()) -> list[PaperRow]:
    """Table III with what was trained here just as the paper did; of several snapshots, the newest run's counts."""
    rows = []
    for printed in TABLE_III:
        mine = [view for view in views if is_papers(view.training) and not view.continues]
        mine = [view for view in mine if view.backbone == printed.backbone]
        mine = [view for view in mine if set(view.study_trained_on or view.trained_on) == set(printed.trained_on)]
        numbers = printed.printed
        here = [
            _paper_cell([view for view in mine if (view.study_dataset or view.dataset, view.split) == place], stale)
            for place in PLACES
        ]
        figures = (numbers.fer2013, numbers.kfe, numbers.jaffe)
        rows.append(PaperRow(printed.backbone, printed.trained_on, figures, (here[0], here[1], here[2])))
    return rows


def _paper_cell(part: Sequence[EvaluationView], stale: frozenset[int] | set[int]) -> float | None:
    if not part:
        return None
    newest = max(part, key=lambda view: view.run).training
    same = alike([view for view in part if view.training == newest], stale)
    return statistics.fmean(view.accuracy for view in same)


def not_the_papers(views: Iterable[EvaluationView]) -> list[EvaluationView]:
    """Evaluations of runs whose recipe has the paper's name and which do not count in its table, one for each run."""
    others = {view.run: view for view in views if view.recipe == PAPER.name and not is_papers(view.training)}
    return list(others.values())


def rows(store: Store) -> list[dict[str, Any]]:
    """Every evaluation as one flat row; `stale` says that labels have changed since."""
    views = stored_evaluations.listed(store)
    stale = stored_evaluations.stale(store, views)
    return [row(view) | {"stale": view.id in stale} for view in views]


def row(view: EvaluationView) -> dict[str, Any]:
    """One evaluation as a flat row."""
    training = {name: getattr(view.training, name) for name in ("recipe_hash", "snapshot_hash", "weights", "epochs")}
    return {column: training.get(column, getattr(view, column, None)) for column in COLUMNS} | {
        "trained_on": list(view.trained_on),
        "selected_by": list(view.selected_by),
        "mark": stored_evaluations.selection_mark(view.selected_by),
    }


def flat(table_row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose lists are written as a file has them."""
    return {
        name: " + ".join(map(str, value)) if isinstance(value, list) else value for name, value in table_row.items()
    }


def write_csv(store: Store, file: Path, replace: bool = False) -> int:
    """Write every evaluation as CSV; returns how many. Raises what `placed` raises."""
    table_rows = rows(store)
    write_rows(file, table_rows, replace, (*COLUMNS, "stale"))
    return len(table_rows)


def write_rows(
    file: Path, table_rows: Sequence[Mapping[str, Any]], replace: bool = False, columns: Sequence[str] = ()
) -> None:
    """Write rows as CSV, with these columns or those of the first row. Raises what `placed` raises."""
    with placed(file, replace) as draft, draft.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, columns or tuple(table_rows[0]))
        writer.writeheader()
        writer.writerows(flat(table_row) for table_row in table_rows)


def write_text(file: Path, text: str, replace: bool = False) -> None:
    """Write a text to a file. Raises what `placed` raises."""
    with placed(file, replace) as draft:
        draft.write_text(text, "utf-8")
