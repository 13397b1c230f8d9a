"""A training before its start: faces, time, and what may spoil its result."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from fercore.language import tr, trn
from fercore.services.system import queue
from fercore.services.training import run_details, runs, step_measurement
from fercore.services.training.runs import TrainRequest
from fercore.services.training.time_estimate import TimeEstimates, TrainingTime, seconds_until_all_done
from fercore.splits import Split
from fercore.store import Store
from fercore.store.tables import Snapshot
from fercore.store.training import snapshots
from fercore.training.models.backbones import BACKBONES
from fercore.training.models.pretrained import CacheState, check_published, parse_weights, weights_state

FEW: Final = 20  # faces of an emotion, below which nothing is learned about it


class CautionKind(StrEnum):
    """Kinds of cautions; printed as these words."""

    NO_FACES = "no faces"
    FEW_FACES = "few faces"
    NO_VALIDATION = "no validation"
    SHARED_FACES = "shared faces"
    SHARED_PEOPLE = "shared people"
    NO_WEIGHTS = "no weights"
    NO_VOTES = "no votes"
    NO_FACE_WEIGHTS = "no face weights"
    LEARNED_FACES = "learned faces"


@dataclass(frozen=True)
class Caution:
    """Something that a researcher must know before the start; the command line goes on, `--strict` refuses."""

    kind: CautionKind
    text: str


@dataclass(frozen=True)
class Forecast:
    """Faces by split and emotion, the time (None: nothing like it was seen), memory, cautions.

    `measured` says that a few steps were timed; otherwise the time is that of earlier runs.
    """

    counts: dict[str, dict[str, int]]
    epochs: int
    time: TrainingTime | None
    memory_mb: float | None
    measured: bool
    cautions: list[Caution]

    @property
    def seconds(self) -> float | None:
        """The whole training with its start, if it uses all of its epochs."""
        return None if self.time is None else self.time.of(self.epochs)


def forecast(store: Store, request: TrainRequest) -> Forecast:
    """The forecast of a training; raises InputError for what cannot be trained."""
    runs.check(store, request)
    with store.database.reading() as session:
        counts: dict[str, dict[str, int]] = snapshots.named(session, request.snapshot).counts
    cost = step_measurement.cost(store, request)
    if cost is None:
        pace = _pace(store, {request.backbone})
        time = pace.time(request.backbone, request.recipe.name, sum(counts[Split.TRAIN].values()))
    else:
        time = TrainingTime(cost.start_seconds, cost.epoch_seconds)
    memory = cost.memory_mb if cost else None
    return Forecast(counts, request.total_epochs, time, memory, cost is not None, cautions(store, request))


def cautions(store: Store, *requests: TrainRequest) -> list[Caution]:
    """Cautions about one training or several, the worst first, each said once."""
    cautions: list[Caution] = []
    with store.database.reading() as session:
        frozen = {
            name: snapshots.named(session, name) for name in dict.fromkeys(request.snapshot for request in requests)
        }
        for snapshot in frozen.values():
            cautions += _leaks(snapshots.shared(session, snapshot.id))
            cautions += _classes(snapshot.counts[Split.TRAIN])
        soft = {request.snapshot for request in requests if request.recipe.soft_labels}
        of_one = {name for name, snapshot in frozen.items() if snapshots.shows_one_person(session, snapshot.id)}
        voted = {name for name in soft if snapshots.has_votes(session, frozen[name].id)}
        asked = {request.snapshot for request in requests if request.recipe.face_weights}
        weighted = {name for name in asked if snapshots.has_weights(session, frozen[name].id)}
        for request in requests:
            cautions += _learned_before(session, request, frozen[request.snapshot])
    for request in requests:
        cautions += _watching(request, frozen[request.snapshot], request.snapshot in of_one)
        cautions += [] if request.snapshot in voted else _votes(request)
        cautions += [] if request.snapshot in weighted else _face_weights(request)
        cautions += _weights(request)
    return list(dict.fromkeys(cautions))


def leaks(store: Store, snapshot: str) -> list[Caution]:
    """Faces and people that are in the training split of a snapshot and in another: results on it are inflated."""
    with store.database.reading() as session:
        return _leaks(snapshots.shared(session, snapshots.named(session, snapshot).id))


def seconds(store: Store, requests: Sequence[TrainRequest]) -> float | None:
    """The longest time of several trainings, as many beside each other as may be; None where one is not known."""
    pace = _pace(store, {request.backbone for request in requests})
    with store.database.reading() as session:
        frozen = {name: snapshots.named(session, name) for name in {request.snapshot for request in requests}}
    faces = {name: sum(snapshot.counts[Split.TRAIN].values()) for name, snapshot in frozen.items()}
    times = [pace.time(request.backbone, request.recipe.name, faces[request.snapshot]) for request in requests]
    known = [time.of(request.total_epochs) for time, request in zip(times, requests, strict=True) if time is not None]
    return seconds_until_all_done(known, queue.beside(store)) if len(known) == len(requests) else None


def _pace(store: Store, backbones: Collection[str]) -> TimeEstimates:
    """The times that were seen here of these backbones."""
    alike = [view for view in run_details.listed(store) if view.run.backbone in backbones]
    run_details.add_epochs(store, alike)
    return TimeEstimates.of(alike)


def _learned_before(session: Session, request: TrainRequest, snapshot: Snapshot) -> list[Caution]:
    """Validation on faces that the run to continue, or one before it, has learned."""
    if request.from_run is None:
        return []
    on_slice = request.recipe.validate_on == "training slice"
    rows = snapshots.rows(session, snapshot.id, Split.TRAIN if on_slice else Split.VALIDATION)
    learned = snapshots.training_pixels_of_run(session, request.from_run)
    if not any(row.pixel_hash in learned for row in rows):
        return []
    text = tr(
        "Run {run} has learned faces that recipe '{name}' validates on: validation accuracy will be inflated.",
        run=request.from_run,
        name=request.recipe.name,
    )
    return [Caution(CautionKind.LEARNED_FACES, text)]


def _watching(request: TrainRequest, snapshot: Snapshot, one_person: bool) -> list[Caution]:
    if request.recipe.validate_on == "training slice" and one_person:
        text = tr(
            "All training faces of the snapshot show one person: recipe '{name}' cannot hold any of "
            "them out for validation.",
            name=request.recipe.name,
        )
        return [Caution(CautionKind.NO_VALIDATION, text)]
    if request.recipe.validate_on != "validation" or sum(snapshot.counts["validation"].values()):
        return []
    text = tr(
        "The snapshot has no validation faces: recipe '{name}' trains without early stopping.",
        name=request.recipe.name,
    )
    return [Caution(CautionKind.NO_VALIDATION, text)]


def _votes(request: TrainRequest) -> list[Caution]:
    if not request.recipe.soft_labels:
        return []
    text = tr(
        "Recipe '{name}' learns from votes, but people disagreed on none of the snapshot's training faces.",
        name=request.recipe.name,
    )
    return [Caution(CautionKind.NO_VOTES, text)]


def _face_weights(request: TrainRequest) -> list[Caution]:
    if not request.recipe.face_weights:
        return []
    text = tr(
        "Recipe '{name}' uses weights of faces, but no training face of the snapshot has one.",
        name=request.recipe.name,
    )
    return [Caution(CautionKind.NO_FACE_WEIGHTS, text)]


def _leaks(shared: snapshots.SplitOverlap) -> list[Caution]:
    cautions = []
    if shared.people:
        text = trn(
            "{count} person is in the training split and in another: accuracy there will be inflated.",
            "{count} people are in the training split and in another: accuracy there will be inflated.",
            shared.people,
        )
        cautions.append(Caution(CautionKind.SHARED_PEOPLE, text))
    if shared.faces:
        text = trn(
            "{count} training face is in another split, too, pixel by pixel: accuracy there will be inflated.",
            "{count} training faces are in another split, too, pixel by pixel: accuracy there will be inflated.",
            shared.faces,
        )
        cautions.append(Caution(CautionKind.SHARED_FACES, text))
    return cautions


def _classes(counts: dict[str, int]) -> list[Caution]:
    cautions = []
    none = [tr(name) for name, count in counts.items() if count == 0]
    few = [tr(name) for name, count in counts.items() if 0 < count < FEW]
    if none:
        cautions.append(
            Caution(CautionKind.NO_FACES, tr("No training face shows {emotions}.", emotions=", ".join(none)))
        )
    if few:
        text = tr("Fewer than {few} training faces show {emotions}.", few=FEW, emotions=", ".join(few))
        cautions.append(Caution(CautionKind.FEW_FACES, text))
    return cautions


def _weights(request: TrainRequest) -> list[Caution]:
    if request.from_run is not None:
        return []
    wanted = BACKBONES[request.backbone]
    published = check_published(wanted, parse_weights(request.weights))
    if published is None or weights_state(wanted) != CacheState.MISSING:
        return []
    text = tr(
        "The ImageNet weights are not on this machine. Without a connection, get {file} from {url} first.",
        file=published.file,
        url=published.url,
    )
    return [Caution(CautionKind.NO_WEIGHTS, text)]
