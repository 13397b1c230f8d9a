"""FER2013's CSV as Kaggle gives it: `emotion,pixels,Usage`, FER2013's own codes, line feeds."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fercore.emotions import FER2013_CODES
from fercore.exports.face import ExportFace
from fercore.splits import Split

NAME: Final = "fer2013.csv"
USAGES: Final[dict[str, bytes]] = {
    Split.TRAIN: b"Training",
    Split.VALIDATION: b"PublicTest",
    Split.TEST: b"PrivateTest",
}
_CODES: Final = {emotion: str(code).encode() for code, emotion in enumerate(FER2013_CODES)}
_NUMBERS: Final = tuple(str(value).encode() for value in range(256))


def write(faces: Iterable[ExportFace], target: Path) -> int:
    """Write one row for each face, all of them labelled; returns how many files that is: one."""
    with target.open("xb", buffering=1 << 20) as file:
        file.write(b"emotion,pixels,Usage\n")
        for face in faces:
            if face.label is None:
                raise ValueError(f"face {face.number} has no label, and FER2013's form knows no face without one")
            pixels = b" ".join(map(_NUMBERS.__getitem__, face.gray))
            file.write(b"%b,%b,%b\n" % (_CODES[face.label], pixels, USAGES[face.split]))
    return 1
