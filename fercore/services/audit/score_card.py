"""Score cards: the counts of each check of an audit, and the hit rate of its findings."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.curation.checks import OF_FACES, OF_PAIRS, Check, Verdict
from fercore.curation.findings import face_is_right, pair_is_right
from fercore.errors import InputError
from fercore.evaluation.hit_rate import HitRate, rate
from fercore.language import tr
from fercore.services.datasets import exports
from fercore.store import Store
from fercore.store.audit import audits, findings, present
from fercore.store.datasets import datasets
from fercore.store.tables import Audit, Dataset


@dataclass(frozen=True)
class CheckLine:
    """A check's count of its population; `right` says how often its findings were right by people's decisions since,
    `control` how often faces or pairs were that it did not find. `before` is the line of the audit before, if any.
    """

    check: Check
    count: int
    population: int
    detail: dict[str, Any]
    right: HitRate
    control: HitRate
    before: "tuple[int, int] | None" = None

    @property
    def share(self) -> float | None:
        """The share that was found; None where there was nothing to look at."""
        return self.count / self.population if self.population else None


@dataclass(frozen=True)
class ScoreCard:
    """An audit of datasets: when, of how many faces, and a line for each check that it made."""

    audit: int
    datasets: tuple[str, ...]
    faces: int
    rejected: int
    created_by: str
    created_at: datetime
    lines: tuple[CheckLine, ...]

    def line(self, check: Check) -> CheckLine | None:
        """The line of a check; None where it was not asked for."""
        return next((line for line in self.lines if line.check == check), None)


@dataclass(frozen=True)
class AuditSummary:
    """An audit in a list: its number, datasets, time and person."""

    audit: int
    datasets: tuple[str, ...]
    created_at: datetime
    created_by: str
    faces: int


def listed(store: Store) -> list[AuditSummary]:
    """All ended audits of which a dataset is still there, the newest first."""
    with store.database.reading() as session:
        names = _names(session)
        return [
            AuditSummary(each.id, _named(names, each.datasets), each.created_at, each.created_by, each.faces)
            for each in audits.listed(session)
            if any(number in names for number in each.datasets)
        ]


def card(store: Store, number: int) -> ScoreCard:
    """The score card of an audit, with the decisions of now; raises NotFoundError, InputError for deleted datasets."""
    with store.database.reading() as session:
        audit = audits.get(session, number)
        names = _names(session)
        if not any(each in names for each in audit.datasets):
            raise InputError(tr("The datasets of audit {number} were deleted.", number=number))
        earlier = next((each for each in audits.of_datasets(session, audit.datasets) if each.id < number), None)
        lines = [
            _line(session, audit, check, earlier.checks.get(check) if earlier else None)
            for check in Check
            if check in audit.checks
        ]
        return ScoreCard(
            audit=audit.id,
            datasets=_named(names, audit.datasets),
            faces=audit.faces,
            rejected=audit.rejected,
            created_by=audit.created_by,
            created_at=audit.created_at,
            lines=tuple(lines),
        )


def latest(store: Store, names: Sequence[str]) -> ScoreCard | None:
    """The card of the newest audit of exactly these datasets; None where there is none."""
    with store.database.reading() as session:
        numbers = [datasets.named(session, name).id for name in names]
        there = audits.of_datasets(session, numbers)
    return card(store, there[0].id) if there else None


_KEPT: Final = 200
_current: Final[OrderedDict[tuple[object, ...], bool]] = OrderedDict()


def is_current(store: Store, number: int) -> bool:
    """True while the faces, labels and splits of an audit's datasets are those that it looked at.

    What was found out is kept until one of them changes.
    """
    with store.database.reading() as session:
        names = _names(session)
        audit = audits.get(session, number)
    marks = [exports.mark(store, exports.ExportKind.DATASET, names[each]) for each in audit.datasets if each in names]
    key = (store.settings.database, number, *marks)
    if key not in _current:
        with store.database.reading() as session:
            _current[key] = present.is_current(session, audits.get(session, number))
        if len(_current) > _KEPT:
            _current.popitem(last=False)
    return _current[key]


def is_made(store: Store, names: Sequence[str], wanted: Sequence[Check]) -> bool:
    """True if an audit of exactly these datasets made these checks on the faces of now."""
    with store.database.reading() as session:
        numbers = [datasets.named(session, name).id for name in dict.fromkeys(names)]
        return present.of_now(session, numbers, wanted) is not None


def _names(session: Session) -> dict[int, str]:
    return {number: name for number, name in session.execute(select(Dataset.id, Dataset.name))}


def _named(names: dict[int, str], numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(names.get(number, tr("a deleted dataset")) for number in numbers)


def _line(session: Session, audit: Audit, check: Check, before: dict[str, Any] | None) -> CheckLine:
    noted = audit.checks[check]
    return CheckLine(
        check=check,
        count=noted["count"],
        population=noted["population"],
        detail=noted["detail"],
        right=_rate(session, audit, check, control=False),
        control=_rate(session, audit, check, control=True),
        before=(before["count"], before["population"]) if before else None,
    )


def _rate(session: Session, audit: Audit, check: Check, control: bool) -> HitRate:
    if check in OF_FACES:
        decided = findings.faces(session, audit, check, control, only_decided=True)
        return rate([face_is_right(check, each.label, each.state, each.emotion, each.reason) for each in decided])
    if check in OF_PAIRS:
        said = findings.verdicts(session, audit.id, check, control).values()
        return rate([pair_is_right(check, [Verdict(verdict) for _, verdict in each]) for each in said])
    return HitRate()


def as_json(card: ScoreCard) -> dict[str, Any]:
    """A score card as the command line prints it."""
    return {
        "audit": card.audit,
        "datasets": list(card.datasets),
        "checks": [
            {
                "check": str(line.check),
                "count": line.count,
                "share": line.share,
                "right": _rate_as_json(line.right),
                "control": _rate_as_json(line.control),
                "detail": line.detail,
            }
            for line in card.lines
        ],
        "faces": card.faces,
        "rejected": card.rejected,
        "created_at": card.created_at.isoformat(),
    }


def counted(card: ScoreCard) -> dict[str, dict[str, Any]]:
    """The counts of an audit's checks, as rules judge them."""
    return {
        str(line.check): {"count": line.count, "population": line.population, "detail": line.detail}
        for line in card.lines
    }


def _rate_as_json(rate: HitRate) -> dict[str, Any] | None:
    if rate.share is None or rate.interval is None:
        return None
    return {"share": rate.share, "interval": list(rate.interval), "decided": rate.decided, "unsure": rate.unsure}
