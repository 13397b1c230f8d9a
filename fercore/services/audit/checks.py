"""Checks of an audit: each counts what it finds, and draws control faces or pairs beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation import findings
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.emotions import EMOTIONS
from fercore.services.audit import bias
from fercore.services.audit.bias import BiasAudit
from fercore.services.audit.copies import SearchedFaces
from fercore.services.audit.duplicates import DuplicateAudit
from fercore.services.audit.label_issues import LabelAudit, LabelFinding
from fercore.services.audit.leaks import LeakAudit, Place, SplitLeaks
from fercore.services.audit.not_faces import NotFaceAudit, NotFaceFinding
from fercore.splits import SPLITS, Split
from fercore.store.audit.audited_faces import NONE, AuditedFaces
from fercore.store.audit.findings import NewFinding

CONTROL_FACES: Final = 200
CONTROL_PAIRS: Final = 100
PERSON: Final = "person"  # two faces of a person who is on both sides of a split


@dataclass(frozen=True)
class CheckResult:
    """A check's findings, the most suspicious first, and its control sample; `count` of a `population` are found.

    `detail` is what the check counted beyond that, as JSON can hold it.
    """

    found: Sequence[NewFinding]
    controls: Sequence[NewFinding]
    count: int
    population: int
    detail: dict[str, Any] = field(default_factory=dict)

    def as_counted(self) -> dict[str, Any]:
        """The result as an audit keeps it."""
        return {"count": self.count, "population": self.population, "detail": self.detail}


def of_duplicates(audit: DuplicateAudit, searched: SearchedFaces, seed: int) -> CheckResult:
    """Each face of a group beside the one to keep; control pairs are no copies."""
    found = []
    for number, group in enumerate(audit.groups, start=1):
        direct = {(pair.face, pair.other): pair for pair in group.pairs}
        for face in group.faces:
            if face.face == group.keeper:
                continue
            pair = direct.get((face.face, group.keeper)) or direct.get((group.keeper, face.face))
            kind = pair.kind if pair else group.pairs[-1].kind
            label = None if face.label is None else EMOTIONS.index(face.label)
            similarity = pair.similarity if pair else None
            found.append(NewFinding(face.face, group.keeper, label, None, similarity, str(kind), number))
    detail = {
        "groups": len(audit.groups),
        "contradicting": sum(group.contradicts for group in audit.groups),
        "kinds": audit.counts,
    }
    return CheckResult(found, _control_pairs(searched, seed), audit.superfluous, audit.faces, detail)


def of_leaks(audit: LeakAudit, searched: SearchedFaces, seed: int) -> CheckResult:
    """Each held-out face with its closest copy in each other split, exact copies first, then people who are on both
    sides; a face that leaks from two splits stands here twice, and is counted once.
    """
    found = [
        NewFinding(leak.face, leak.source, None, None, leak.similarity, str(leak.kind))
        for pair in audit.pairs
        for leak in pair.leaked
    ]
    found.sort(key=lambda each: (each.detail != DuplicateKind.EXACT, -(each.score or 0)))
    found += [NewFinding(person.face, person.source, detail=PERSON) for pair in audit.pairs for person in pair.people]
    knows_people = bool((searched.faces.subject != NONE).any())
    pairs = [
        {
            "from": [pair.source.dataset, pair.source.split],
            "to": [pair.target.dataset, pair.target.split],
            "exact": pair.exact,
            "near": pair.near,
            "people": len(pair.people) if knows_people else None,
        }
        for pair in audit.pairs
    ]
    controls = _control_across(searched, [pair for pair in audit.pairs if pair.targets], seed)
    return CheckResult(found, controls, len(audit.leaked), audit.held_out, {"pairs": pairs})


def of_labels(audits: Sequence[LabelAudit], why: Mapping[str, str], seed: int) -> CheckResult:
    """The labels that look wrong, of several datasets by suspicion; control faces are others.

    `why` says of a dataset why its labels could not be looked at.
    """
    if not audits:
        return CheckResult([], [], 0, 0, {"not_looked_at": dict(why)})
    looked_at = [finding for audit in audits for finding in audit.findings]
    issues = [finding for finding in looked_at if finding.is_issue]
    if len(audits) > 1:
        issues.sort(key=lambda finding: -finding.score)
    others = [finding for finding in looked_at if not finding.is_issue]
    chosen = findings.drawn(np.arange(len(others)), CONTROL_FACES, seed).tolist()
    detail = {
        "method": str(audits[0].method),
        "run": audits[0].run,
        "left_out": sum(audit.left_out for audit in audits),
        "may_be_learned": audits[0].may_be_learned,
        "emotions": dict(Counter(finding.label for finding in issues)),
        "not_looked_at": dict(why),
    }
    return CheckResult(
        [_of_label(finding) for finding in issues],
        [_of_label(others[place]) for place in chosen],
        len(issues),
        len(looked_at),
        detail,
    )


def of_faces(audits: Sequence[NotFaceAudit], seed: int) -> CheckResult:
    """The pictures that look like no whole face, of several datasets by suspicion; control faces are others."""
    looked_at = [finding for audit in audits for finding in audit.findings]
    found = [finding for finding in looked_at if finding.is_finding]
    if len(audits) > 1:
        found.sort(key=lambda finding: -finding.score)
    others = [finding for finding in looked_at if not finding.is_finding]
    chosen = findings.drawn(np.arange(len(others)), CONTROL_FACES, seed).tolist()
    return CheckResult(
        [_of_face(finding, str(finding.kind)) for finding in found],
        [_of_face(others[place], None) for place in chosen],
        len(found),
        len(looked_at),
        {"kinds": dict(Counter(str(finding.kind) for finding in found))},
    )


def of_bias(audit: BiasAudit) -> CheckResult:
    """The associations and shortcuts of all that were looked at; they are no single faces."""
    found = bias.as_json(audit)
    detail = {part: found[part] for part in ("associations", "shortcuts", "shifts")}
    return CheckResult([], [], audit.count, audit.checks, detail)


def _of_face(finding: NotFaceFinding, kind: str | None) -> NewFinding:
    label = None if finding.label is None else EMOTIONS.index(finding.label)
    return NewFinding(finding.face, None, label, None, finding.score, kind)


def _of_label(finding: LabelFinding) -> NewFinding:
    suggested = None if finding.suggested is None else EMOTIONS.index(finding.suggested)
    return NewFinding(finding.face, None, EMOTIONS.index(finding.label), suggested, finding.score)


def _control_pairs(searched: SearchedFaces, seed: int) -> list[NewFinding]:
    """Random pairs that are no copies."""
    ids = searched.faces.ids
    pairs = findings.drawn_pairs(len(ids), _copies(searched), CONTROL_PAIRS, seed)
    return [NewFinding(int(ids[one]), int(ids[other])) for one, other in pairs]


def _control_across(searched: SearchedFaces, leaking: Sequence[SplitLeaks], seed: int) -> list[NewFinding]:
    """Random pairs that are no copies, as many of each two splits that leak: whoever judges these alone has some."""
    if not leaking:
        return _control_pairs(searched, seed)
    looked_at, known = searched.faces, _copies(searched)
    each = -(-CONTROL_PAIRS // len(leaking))
    pairs = [
        pair
        for at, split in enumerate(leaking)
        for pair in findings.drawn_across(
            _rows(looked_at, split.target), _rows(looked_at, split.source), known, each, seed + at
        )
    ]
    return [NewFinding(int(looked_at.ids[one]), int(looked_at.ids[other])) for one, other in dict.fromkeys(pairs)]


def _rows(looked_at: AuditedFaces, place: Place) -> npt.NDArray[np.int64]:
    """The places of a split's faces."""
    dataset, split = looked_at.names.index(place.dataset), SPLITS.index(Split(place.split))
    return np.flatnonzero((looked_at.dataset == dataset) & (looked_at.split == split))


def _copies(searched: SearchedFaces) -> list[tuple[int, int]]:
    return [(pair.face, pair.other) for group in searched.groups for pair in group.pairs]
