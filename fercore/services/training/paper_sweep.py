"""The paper's 25 runs as one sweep: its five training sets, its five backbones, its recipe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fercore.errors import InputError
from fercore.evaluation.paper import TABLE_III
from fercore.language import tr
from fercore.services.comparison import evaluation
from fercore.services.system import overview
from fercore.services.training import snapshots
from fercore.services.training.sweep_cells import Grid
from fercore.splits import Split
from fercore.store import Store
from fercore.store.system import names as stored_names
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import PAPER

TRAINED_ON: Final = tuple(dict.fromkeys(run.trained_on for run in TABLE_III))
BACKBONES: Final = tuple(dict.fromkeys(run.backbone for run in TABLE_III))
WATCHED: Final = "FER2013"  # its validation faces, whatever is learned: their early stops say so
TESTED_ON: Final = (("FER2013", Split.VALIDATION), ("KFE", Split.TEST), ("JAFFE", Split.TEST))


@dataclass(frozen=True)
class PaperSweep:
    """The part of the paper's table that can be trained with the datasets that are here."""

    sets: list[tuple[str, ...]]
    missing: list[str]

    @property
    def cells(self) -> int:
        """The number of the 25."""
        return len(self.sets) * len(BACKBONES)


def possible(store: Store) -> PaperSweep:
    """The training sets whose datasets are here under the paper's names, and the names that are not."""
    here = _here(store)
    wanted = dict.fromkeys([name for names in TRAINED_ON for name in names] + [name for name, _ in TESTED_ON])
    sets = [names for names in TRAINED_ON if all(name in here for name in names)]
    return PaperSweep(sets, [name for name in wanted if name not in here])


def unfrozen(store: Store) -> list[tuple[str, ...]]:
    """The training sets of the paper that are here without a snapshot of them."""
    return [names for names in possible(store).sets if _frozen(store, names) is None]


def freeze(store: Store) -> list[str]:
    """Freeze a snapshot of each training set of the paper that is here without one; returns their names."""
    return [_freeze(store, names) for names in unfrozen(store)]


def grid(
    store: Store, weights: str = InitialWeights.IMAGENET, epochs: int | None = None, seeds: Sequence[int] = (0,)
) -> Grid:
    """The grid of those training sets of which there is a snapshot: see `freeze`.

    Raises InputError where none of the paper's training sets is here.
    """
    if not possible(store).sets:
        names = ", ".join(dict.fromkeys(name for learned in TRAINED_ON for name in learned))
        raise InputError(tr("Import the study's datasets under the names {names} to train its runs.", names=names))
    first, tested = _first_names(store), set(TESTED_ON)
    return Grid(
        snapshots=[name for names in possible(store).sets if (name := _frozen(store, names))],
        backbones=BACKBONES,
        recipes=[PAPER.name],
        seeds=seeds,
        weights=weights,
        epochs=epochs,
        evaluate=[
            (name, split) for name, split in evaluation.places(store) if (first.get(name, name), split) in tested
        ],
    )


def _first_names(store: Store) -> dict[str, str]:
    """The study's names of datasets that were renamed."""
    with store.database.reading() as session:
        return stored_names.study_names(session)


def _here(store: Store) -> dict[str, str]:
    """The present names of the datasets, by those under which the study knows them."""
    first = _first_names(store)
    return {first.get(name, name): name for name in overview.dataset_ids(store)}


def _watched(store: Store, names: tuple[str, ...]) -> list[str]:
    here = _here(store)
    return [here[WATCHED]] if WATCHED not in names and WATCHED in here else []


def _frozen(store: Store, names: tuple[str, ...]) -> str | None:
    """The newest snapshot of exactly these datasets, watched as in the paper."""
    watched, here = _watched(store, names), _here(store)
    for snapshot in snapshots.listed(store):
        same = set(snapshot.datasets) == {here[name] for name in names} and snapshot.validation_from == watched
        if same and not snapshot.only_reviewed:
            return snapshot.name
    return None


def _freeze(store: Store, names: tuple[str, ...]) -> str:
    """A fresh snapshot of these datasets as the paper used them; returns its name."""
    watched = _watched(store, names)
    title = tr("paper: {names}", names=" + ".join(names))
    if watched:
        title = tr("{learned}, watching {watched}", learned=title, watched=WATCHED)
    here = _here(store)
    return snapshots.freeze(store, title, [here[name] for name in names], validation_from=watched).name
