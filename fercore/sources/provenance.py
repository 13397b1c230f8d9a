"""Facts of a face in fercore's exports beyond its picture, label and person, so that it comes back whole."""

from dataclasses import dataclass
from typing import Final

from fercore.curation.votes import DecisionKind
from fercore.faces.attributes import NOWHERE, CropOrigin


@dataclass(frozen=True)
class Verdict:
    """One decision that the file tells of, without who made it: `kind` is confirmed, relabelled or rejected."""

    kind: DecisionKind
    emotion: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Provenance:
    """A face's crop, its photo's name, and the verdicts that lead from the source's emotion to the label."""

    crop: CropOrigin = NOWHERE
    photo: str | None = None
    verdicts: tuple[Verdict, ...] = ()


NOTHING: Final = Provenance()
