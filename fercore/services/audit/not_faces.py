"""Pictures of a dataset that are no face, or not one whole face: blank, text, half faces, several faces, unusual."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.curation.not_faces import search
from fercore.curation.not_faces.search import KINDS, NotFaceKind
from fercore.emotions import EMOTIONS
from fercore.progress import Progress, silent
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.audit import audited_faces
from fercore.store.audit.audited_faces import NONE
from fercore.store.datasets import datasets, faces


@dataclass(frozen=True, slots=True)
class NotFaceFinding:
    """A face with the likeliest fault of its picture; `score` is 0 (surely a face) to 1, above a half if it
    `is_finding`. `pixels` is the SHA-256 in hex of its grays, `label` None where it has none.
    """

    face: int
    pixels: str
    split: str
    label: str | None
    kind: NotFaceKind
    score: float
    is_finding: bool


@dataclass(frozen=True)
class NotFaceAudit:
    """All faces that were looked at, the most suspicious first; rejected ones were left out."""

    dataset: str
    findings: tuple[NotFaceFinding, ...]
    rejected: int

    @property
    def count(self) -> int:
        """The number of pictures that look like no whole face."""
        return sum(self.counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """These pictures by kind."""
        counted = Counter(finding.kind for finding in self.findings if finding.is_finding)
        return {str(kind): counted[kind] for kind in KINDS}


def audit(store: Store, dataset: str, split: str | None = None, progress: Progress = silent) -> NotFaceAudit:
    """The suspicious pictures of a dataset, or of one of its splits, beside all of its faces; raises NotFoundError."""
    with store.database.one_moment() as session:
        chosen = [datasets.named(session, dataset)]
        looked_at = audited_faces.read(session, chosen)

        def read(places: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
            return faces.pixels(session, looked_at.ids[places].tolist())

        result = search.find(len(looked_at), read, progress=progress)
        rejected = audited_faces.rejected(session, chosen)
    splits = [str(name) for name in SPLITS]
    findings = [
        NotFaceFinding(
            face=int(looked_at.ids[place]),
            pixels=looked_at.pixels(place),
            split=splits[looked_at.split[place]],
            label=None if looked_at.label[place] == NONE else EMOTIONS[looked_at.label[place]],
            kind=KINDS[result.kind[place]],
            score=float(result.score[place]),
            is_finding=bool(result.is_finding[place]),
        )
        for place in result.order.tolist()
        if split in (None, splits[looked_at.split[place]])
    ]
    return NotFaceAudit(dataset, tuple(findings), rejected)


def as_json(audit: NotFaceAudit) -> dict[str, Any]:
    """The audit as the command line prints it."""
    return {
        "dataset": audit.dataset,
        "count": audit.count,
        "counts": audit.counts,
        "rejected": audit.rejected,
        "findings": [
            {
                "pixels": finding.pixels,
                "split": finding.split,
                "label": finding.label,
                "kind": str(finding.kind),
                "score": finding.score,
                "face": finding.face,
                "is_finding": finding.is_finding,
            }
            for finding in audit.findings
        ],
    }
