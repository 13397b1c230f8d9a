"""The material of a report: the chosen runs' evaluations, and everything that is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fercore.errors import InputError
from fercore.language import tr
from fercore.language.sentences import sentence
from fercore.services.comparison import evaluation, figures, stored_evaluations
from fercore.services.comparison.figures import Figures
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.training_key import TrainingKey
from fercore.services.training import run_details
from fercore.services.training.run_details import RunView
from fercore.splits import Split
from fercore.store import Store

_ORDER = (Split.TEST, Split.VALIDATION, Split.TRAIN)


@dataclass(frozen=True)
class ReportChoice:
    """The runs of a report (none named: all that were evaluated), and the question that it answers."""

    runs: tuple[int, ...] = ()
    question: str = ""


@dataclass(frozen=True)
class Place:
    """One split of a dataset, and the evaluations on it by run."""

    dataset_id: int
    dataset: str
    split: str
    views: tuple[EvaluationView, ...]

    @property
    def words(self) -> str:
        """The place by its name."""
        return f"{self.dataset} · {tr(self.split)}"

    @property
    def file(self) -> str:
        """The place as a part of a file's name: datasets are named in any signs."""
        return f"{self.dataset_id}-{self.split}"

    @property
    def tests_claims(self) -> bool:
        """True where faces say something of new ones: no training faces."""
        return self.split != Split.TRAIN


@dataclass(frozen=True)
class Material:
    """Everything that a report is written from; `places` has test splits first, `trained` the runs trained here."""

    store: Store
    choice: ReportChoice
    views: tuple[EvaluationView, ...]
    stale: frozenset[int]
    figures: Mapping[int, Figures]
    trained: Mapping[int, RunView]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places of the evaluations."""
        by_place: dict[tuple[int, str], list[EvaluationView]] = {}
        for view in sorted(self.views, key=lambda view: (_ORDER.index(Split(view.split)), view.dataset, view.run)):
            by_place.setdefault((view.dataset_id, view.split), []).append(view)
        return tuple(Place(*key[:1], views[0].dataset, key[1], tuple(views)) for key, views in by_place.items())

    @cached_property
    def runs(self) -> tuple[EvaluationView, ...]:
        """One evaluation of each run, in the runs' order."""
        return tuple({view.run: view for view in sorted(self.views, key=lambda view: view.run)}.values())

    @cached_property
    def trainings(self) -> Mapping[TrainingKey, tuple[int, ...]]:
        """The runs of each training that was done here, which differ in their seed alone."""
        groups: dict[TrainingKey, tuple[int, ...]] = {}
        for view in self.runs:
            if not view.is_foreign:
                groups[view.training] = (*groups.get(view.training, ()), view.run)
        return groups


def gather(store: Store, choice: ReportChoice) -> Material:
    """The material for a report; raises InputError where a run was not evaluated, or none was."""
    every = stored_evaluations.listed(store)
    known = {view.run for view in every}
    for run in choice.runs:
        if run not in known:
            evaluation.refuse_unevaluated(store, run)
    views = [view for view in every if not choice.runs or view.run in choice.runs]
    if not views:
        raise InputError(sentence("No evaluation yet: train a run, then evaluate it on a split."))
    stale = frozenset(stored_evaluations.stale(store, views))
    wanted = {view.run for view in views}
    trained = {view.run.id: view for view in _with_epochs(store) if view.run.id in wanted}
    return Material(store, choice, tuple(views), stale, figures.of_each(store, views), trained)


def _with_epochs(store: Store) -> Sequence[RunView]:
    return run_details.listed_with_epochs(store)


def run_words(view: EvaluationView) -> str:
    """A run by its number, backbone and data."""
    data = " + ".join(view.trained_on)
    return " · ".join(part for part in (tr("Run {run}", run=view.run), view.backbone, data) if part)
