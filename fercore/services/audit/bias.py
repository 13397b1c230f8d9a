"""Bias and shortcuts of datasets: associations of emotions and people, measures that give emotions away, and shifts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from fercore.curation import domains, features, out_of_fold, shortcuts
from fercore.curation.shortcuts import MEASURES
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.association import Association, associated
from fercore.evaluation.balanced_accuracy import BalancedAccuracy, balanced_accuracy
from fercore.evaluation.clusters import clusters
from fercore.evaluation.significance import holm
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.audit.bias_findings import AssociationFinding, DomainShift, Property, ShortcutFinding, ValuePair
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.audit import audited_faces, people
from fercore.store.audit.audited_faces import NONE, AuditedFaces
from fercore.store.datasets import datasets as table
from fercore.store.datasets import faces

Codes = npt.NDArray[np.int64]
_LEAST_OF_CLASS: Final = 10  # faces of an emotion or dataset that a measure is asked for
_LEAST_OF_DATASET: Final = 30
_CHUNK: Final = 8192


@dataclass(frozen=True)
class BiasAudit:
    """Associations and shortcuts, the strongest first, and shifts between datasets; rejected faces were left out."""

    datasets: tuple[str, ...]
    faces: int
    rejected: int
    associations: tuple[AssociationFinding, ...]
    shortcuts: tuple[ShortcutFinding, ...]
    shifts: tuple[DomainShift, ...]

    @property
    def count(self) -> int:
        """The number of associations and shortcuts that are findings; a shift is a measure, and no finding."""
        return sum(each.is_finding for each in self.associations) + sum(each.is_finding for each in self.shortcuts)

    @property
    def checks(self) -> int:
        """The number of associations and shortcuts that were looked at."""
        return len(self.associations) + len(self.shortcuts)


@dataclass(frozen=True)
class _Faces:
    """N faces with their codes by property (-1: unknown), and the groups of those that are alike."""

    names: tuple[str, ...]
    codes: dict[Property, Codes]
    people: Codes
    groups: Codes
    ids: npt.NDArray[np.int64]


def audit(store: Store, datasets: Sequence[str], progress: Progress = silent) -> BiasAudit:
    """The bias of datasets; raises NotFoundError, InputError where none is named."""
    if not datasets:
        raise InputError(tr("Name a dataset to audit."))
    with store.database.one_moment() as session:
        chosen = [table.named(session, name) for name in dict.fromkeys(datasets)]
        looked_at = audited_faces.read(session, chosen)
        known = _known(looked_at, *people.attributes(session, chosen, looked_at))
        measured = _measured(session, known, progress)
        shifts = tuple(_shifts(session, known, progress))
        rejected = audited_faces.rejected(session, chosen)
    found = _adjusted(list(_associations(known)))
    told = sorted(_shortcuts(known, measured, progress), key=lambda each: -each.accuracy.skill)
    return BiasAudit(looked_at.names, len(looked_at), rejected, found, tuple(told), shifts)


def _known(looked_at: AuditedFaces, gender: Codes, age: Codes) -> _Faces:
    codes = {
        Property.EMOTION: looked_at.label.astype(np.int64),
        Property.SPLIT: looked_at.split.astype(np.int64),
        Property.GENDER: gender,
        Property.AGE: age,
        Property.DATASET: looked_at.dataset.astype(np.int64),
    }
    subjects = [None if number == NONE else str(number) for number in looked_at.subject.tolist()]
    alike = clusters(subjects, [looked_at.pixels(place) for place in range(len(looked_at))])
    return _Faces(looked_at.names, codes, looked_at.subject.astype(np.int64), alike, looked_at.ids)


def _associations(known: _Faces) -> Iterator[AssociationFinding]:
    """All pairs within each dataset, then those with the dataset itself."""
    inside = [name for name in Property if name != Property.DATASET]
    for number, dataset in enumerate(known.names):
        here = known.codes[Property.DATASET] == number
        for first, second in combinations(inside, 2):
            yield from _association(known, here, dataset, first, second)
    everywhere = np.ones(len(known.ids), bool)
    for first in inside:
        yield from _association(known, everywhere, None, first, Property.DATASET)


def _association(
    known: _Faces, here: npt.NDArray[np.bool_], dataset: str | None, first: Property, second: Property
) -> Iterator[AssociationFinding]:
    codes = known.codes
    found = associated(codes[first][here], codes[second][here], known.people[here])
    if found is not None:
        pair = _value_pair(known.names, found, first, second)
        yield AssociationFinding(
            dataset, first, second, found.faces, found.v, found.p_value, found.p_value, found.test, pair
        )


def _value_pair(names: Sequence[str], found: Association, first: Property, second: Property) -> ValuePair:
    cell = found.strongest
    return ValuePair(_word(names, first, cell.first), _word(names, second, cell.second), cell.observed, cell.expected)


def _word(names: Sequence[str], of: Property, code: int) -> str:
    if of == Property.AGE:
        return f"{code}–{code + 9}"
    words = {
        Property.EMOTION: EMOTIONS,
        Property.SPLIT: tuple(map(str, SPLITS)),
        Property.GENDER: tuple(map(str, people.GENDERS)),
        Property.DATASET: tuple(names),
    }
    return words[of][code]


def _adjusted(found: list[AssociationFinding]) -> tuple[AssociationFinding, ...]:
    adjusted = holm([each.p_value for each in found])
    ready = [replace(each, adjusted=float(p_value)) for each, p_value in zip(found, adjusted, strict=True)]
    return tuple(sorted(ready, key=lambda each: (not each.is_finding, -each.v)))


def _measured(session: Session, known: _Faces, progress: Progress) -> npt.NDArray[np.float64]:
    """(N, 5) the measures of all pictures."""
    total = len(known.ids)
    result = np.empty((total, len(MEASURES)))
    for start in range(0, total, _CHUNK):
        pixels = faces.pixels(session, known.ids[start : start + _CHUNK].tolist())
        result[start : start + _CHUNK] = shortcuts.measured(pixels)
        progress(min(start + _CHUNK, total), total, tr("Measuring faces"))
    return result


def _shortcuts(known: _Faces, measured: npt.NDArray[np.float64], progress: Progress) -> Iterator[ShortcutFinding]:
    """The emotion within each dataset, then the dataset, by each measure alone."""
    dataset, emotion = known.codes[Property.DATASET], known.codes[Property.EMOTION]
    asked: list[tuple[str | None, Property, Codes]] = [
        (name, Property.EMOTION, np.where(dataset == number, emotion, NONE)) for number, name in enumerate(known.names)
    ]
    asked.append((None, Property.DATASET, dataset))
    for at, (name, target, labels) in enumerate(asked):
        counts = np.bincount(labels[labels >= 0], minlength=1)
        here = np.flatnonzero(np.isin(labels, np.flatnonzero(counts >= _LEAST_OF_CLASS)))
        if len(np.unique(labels[here])) > 1 and len(np.unique(known.groups[here])) >= out_of_fold.FOLDS:
            for column, measure in enumerate(MEASURES):
                guessed = shortcuts.predicted(measured[here, column], labels[here], known.groups[here])
                accuracy = balanced_accuracy(labels[here], guessed, known.groups[here])
                yield ShortcutFinding(name, measure, target, accuracy)
        progress(at + 1, len(asked), tr("Looking for shortcuts"))


def _shifts(session: Session, known: _Faces, progress: Progress) -> Iterator[DomainShift]:
    """All datasets at once, and each two of them where there are more."""
    dataset = known.codes[Property.DATASET]
    large = np.flatnonzero(np.bincount(dataset, minlength=1) >= _LEAST_OF_DATASET).tolist()
    pairs = [*combinations(large, 2)] if len(large) > 2 else []
    asked = [tuple(large), *pairs] if len(large) > 1 else []
    for at, numbers in enumerate(asked):
        here = np.flatnonzero(np.isin(dataset, numbers))
        chosen = here[domains.drawn(dataset[here], known.codes[Property.EMOTION][here])]
        if len(np.unique(known.groups[chosen])) >= out_of_fold.FOLDS:
            described = features.described(faces.pixels(session, known.ids[chosen].tolist()))
            guessed = domains.predicted(described, dataset[chosen], known.groups[chosen])
            accuracy = balanced_accuracy(dataset[chosen], guessed, known.groups[chosen])
            yield DomainShift(tuple(known.names[number] for number in numbers), accuracy)
        progress(at + 1, len(asked), tr("Telling datasets apart"))


def as_json(audit: BiasAudit) -> dict[str, Any]:
    """The audit as the command line prints it."""
    return {
        "datasets": list(audit.datasets),
        "faces": audit.faces,
        "rejected": audit.rejected,
        "count": audit.count,
        "checks": audit.checks,
        "associations": [
            {
                "dataset": each.dataset,
                "first": str(each.first),
                "second": str(each.second),
                "faces": each.faces,
                "v": each.v,
                "p": each.p_value,
                "p_holm": each.adjusted,
                "test": str(each.test),
                "strongest": {
                    "first": each.strongest.first,
                    "second": each.strongest.second,
                    "observed": each.strongest.observed,
                    "expected": each.strongest.expected,
                },
                "is_finding": each.is_finding,
            }
            for each in audit.associations
        ],
        "shortcuts": [
            {"dataset": each.dataset, "measure": str(each.measure), "target": str(each.target)}
            | _accuracy(each.accuracy)
            | {"is_finding": each.is_finding}
            for each in audit.shortcuts
        ],
        "shifts": [{"datasets": list(each.datasets)} | _accuracy(each.accuracy) for each in audit.shifts],
    }


def _accuracy(of: BalancedAccuracy) -> dict[str, Any]:
    return {
        "balanced_accuracy": of.value,
        "interval": [of.low, of.high],
        "chance": of.chance,
        "faces": of.faces,
    }
