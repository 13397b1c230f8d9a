"""Class folders as Keras' `flow_from_directory` reads them: `train/angry/000123.png`.

Every split that has faces has all seven emotion folders, so that a class has the same index in each.
"""

from collections.abc import Iterable
from pathlib import Path

from fercore.emotions import EMOTIONS
from fercore.exports.face import ExportFace, folder_of, png


def write(faces: Iterable[ExportFace], target: Path) -> int:
    """Write one PNG for each face, all of them labelled, into a new folder; returns how many files."""
    splits: set[str] = set()
    count = 0
    for face in faces:
        if face.split not in splits:
            splits.add(face.split)
            for label in range(len(EMOTIONS)):
                (target / face.split / folder_of(label)).mkdir(parents=True)
        (target / face.place).write_bytes(png(face.gray))
        count += 1
    return count
