"""Compare face detectors on photos whose faces are known: recall, false faces, photos a second."""

import csv
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fercore.errors import InputError, UnreadableImageError, UnreadableSourceError
from fercore.faces.boxes import Box, same_face
from fercore.faces.detection import DETECTORS
from fercore.faces.extraction import ALL, Extractor, extractor
from fercore.faces.files import Listed
from fercore.faces.photos import photos_in
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.settings import Settings

BOXES: Final = "boxes.csv"
COLUMNS: Final = ("photo", "x", "y", "width", "height")


@dataclass(frozen=True)
class Performance:
    """The result of one detector: known faces found, boxes that show none, and how many of these it doubted itself."""

    detector: str
    photos: int
    known: int
    found: int
    false: int
    false_doubted: int
    doubted: int
    photos_per_second: float

    @property
    def recall(self) -> float:
        """The share of known faces that were found."""
        return self.found / self.known if self.known else 0.0


def report(settings: Settings, path: Path, progress: Progress = silent) -> list[Performance | str]:
    """Each detector's performance on a folder with `boxes.csv`, or why it cannot be measured.

    `boxes.csv` has the columns photo, x, y, width, height: one row for each face, in pixels of the upright
    photo; photos without a row have no face. Raises InputError for a folder or file of another form.
    """
    known = read_boxes(path / BOXES)
    results: list[Performance | str] = []
    for name in DETECTORS:
        try:
            worker = extractor(name, settings.yunet)
        except InputError as error:
            results.append(f"{name}: {error}")
            continue
        with _photos(path, known) as photos:
            results.append(_measured(name, worker, photos, known, progress))
    return results


def read_boxes(file: Path) -> dict[str, list[Box]]:
    """The known boxes by photo; raises InputError naming the row that cannot be read."""
    boxes: defaultdict[str, list[Box]] = defaultdict(list)
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            rows = csv.DictReader(stream)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise UnreadableSourceError(
                    tr("'{name}' lacks the columns {missing}.", name=file.name, missing=", ".join(missing))
                )
            for number, row in enumerate(rows, start=2):
                boxes[row["photo"]].append(_box(row, f"{file.name}, line {number}"))
    except OSError:
        raise UnreadableSourceError(
            tr(
                "'{folder}' contains no {name}. Expected one with the columns {columns}, a row for each face.",
                folder=file.parent.name,
                name=file.name,
                columns=", ".join(COLUMNS),
            )
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableSourceError(tr("'{name}' is not a UTF-8 CSV file: {why}.", name=file.name, why=error)) from None
    return boxes


def _box(row: dict[str, str], where: str) -> Box:
    try:
        x, y, width, height = (round(float(row[column])) for column in COLUMNS[1:])
    except (ValueError, TypeError, OverflowError):
        raise UnreadableSourceError(tr("{where}: x, y, width and height must be numbers.", where=where)) from None
    return x, y, width, height


@contextmanager
def _photos(path: Path, known: dict[str, list[Box]]) -> Iterator[list[Listed]]:
    with photos_in(path) as photos:
        missing = sorted(set(known) - {photo.name for photo in photos})
        if missing:
            raise UnreadableSourceError(
                tr("{name} names '{photo}', which is not in the folder.", name=BOXES, photo=missing[0])
            )
        yield photos


def _measured(
    name: str, worker: Extractor, photos: list[Listed], known: dict[str, list[Box]], progress: Progress
) -> Performance:
    recalled = false = false_doubted = doubted = 0
    started = time.perf_counter()
    for number, photo in enumerate(photos):
        progress(number, len(photos), name)
        try:
            faces = worker.extract(photo.read(), ALL).faces
        except UnreadableImageError:
            faces = []
        truth = known.get(photo.name, [])
        recalled += sum(any(same_face(face.box, box) for face in faces) for box in truth)
        wrong = [face for face in faces if not any(same_face(face.box, box) for box in truth)]
        false += len(wrong)
        false_doubted += sum(face.checks.doubtful for face in wrong)
        doubted += sum(face.checks.doubtful for face in faces)
    rate = len(photos) / max(time.perf_counter() - started, 1e-9)
    total = sum(map(len, known.values()))
    return Performance(name, len(photos), total, recalled, false, false_doubted, doubted, rate)
