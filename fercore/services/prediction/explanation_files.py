"""Explanations of read photos as pictures in a folder, one for each face."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from fercore.emotions import EMOTIONS
from fercore.exports.targets import placed
from fercore.faces.names import readable_path
from fercore.prediction import explanation
from fercore.prediction.explanation import Reader
from fercore.services.prediction.photos import PhotoPrediction, UnreadablePhoto


def write(reader: Reader, read: Sequence[PhotoPrediction | UnreadablePhoto], folder: Path) -> list[Path]:
    """Write a PNG for each face: orange where it speaks for its predicted emotion, blue where it speaks against.

    A name has the photo's number and name, the face's number and the emotion. The folder must be absent or empty:
    raises InputError, and UnreadableSourceError where the disk refuses.
    """
    from fercore.charts import explanation as charts

    names = []
    with placed(folder) as draft:
        draft.mkdir()
        for number, photo in enumerate(read, start=1):
            if isinstance(photo, UnreadablePhoto):
                continue
            stem = readable_path(Path(photo.photo).stem)[:80]
            for place, face in enumerate(photo.faces, start=1):
                explained = explanation.explained(reader, face.pixels)
                best = int(photo.probabilities[place - 1].argmax())
                name = f"{number}-{stem}-{place}-{EMOTIONS[best]}.png"
                Image.fromarray(charts.overlay(face.pixels, explained.maps[best])).save(draft / name)
                names.append(name)
    return [folder / name for name in names]
