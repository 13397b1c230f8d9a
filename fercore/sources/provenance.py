"""What an export of fercore tells of a face beyond its picture, label and person, so that it comes back whole."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Verdict:
    """One decision that the file tells of, without who made it: `kind` is confirmed, relabelled or rejected."""

    kind: str
    emotion: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class CropOrigin:
    """Where in its photo a detector found the face, and the detector's checks."""

    box: tuple[int, int, int, int] | None = None
    detector: str | None = None
    score: float | None = None
    eyes: int | None = None
    skin: float | None = None
    inside: float | None = None
    covered: float | None = None
    doubtful: bool | None = None


@dataclass(frozen=True)
class Provenance:
    """A face's crop, its photo's name, and the verdicts that lead from the source's emotion to the label."""

    crop: CropOrigin = CropOrigin()
    photo: str | None = None
    verdicts: tuple[Verdict, ...] = ()


NOTHING: Final = Provenance()
