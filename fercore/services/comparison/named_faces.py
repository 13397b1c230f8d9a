"""The faces that the rows of a file mean: by number, by path or file name, or by the hash of their pixels."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import Fault
from fercore.exports.face import UNLABELLED
from fercore.language.sentences import sentence
from fercore.sources.prediction_rows import NamedFace, PredictionRows
from fercore.store.comparison.foreign_runs import PlaceFace

_EXPORTED: Final = re.compile(rf"({'|'.join(EMOTIONS).lower()}|{UNLABELLED})/(\d{{6,10}})\.png", re.ASCII)


@dataclass
class Matched:
    """The row of each matched face, the names of no face of the split, and rows that mean no face for sure."""

    rows: dict[int, int] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class NamedFaces:
    """The faces of one split by all of their names."""

    def __init__(self, split: str, faces: Iterable[PlaceFace]) -> None:
        self._split = split
        self._by_number = {face.id: face for face in faces}
        self._by_pixels: defaultdict[str, list[int]] = defaultdict(list)
        self._by_file: defaultdict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        for face in self._by_number.values():
            self._by_pixels[face.pixel_hash].append(face.id)
            for name in face.paths:
                parts = _parts(name)
                if parts:
                    self._by_file[parts[-1]].append((parts, face.id))

    def candidates(self, name: NamedFace) -> list[int]:
        """The faces that all of a row's names mean; several are copies of each other, or the name is not enough."""
        given: list[set[int]] = []
        if name.number is not None:
            given.append({name.number} & self._by_number.keys())
        if name.path:
            given.append(self._of_path(name.path))
        if name.pixels:
            given.append(set(self._by_pixels.get(name.pixels, ())))
        return sorted(set.intersection(*given))

    def contradicts(self, name: NamedFace) -> bool:
        """True if each of a row's names means a face, and no face has them all."""
        several = sum((name.number is not None, bool(name.path), bool(name.pixels))) > 1
        parts = (NamedFace(name.number), NamedFace(path=name.path), NamedFace(pixels=name.pixels))
        return several and all(self.candidates(part) for part in parts if part != NamedFace())

    def _of_path(self, path: str) -> set[int]:
        """The faces whose path ends in this one, or that it ends in: the longest such path counts."""
        parts = _parts(path)
        known = self._by_file.get(parts[-1], []) if parts else []
        contained = [(len(own), face) for own, face in known if parts[-len(own) :] == own]
        if contained:
            longest = max(length for length, _ in contained)
            return {face for length, face in contained if length == longest}
        return {face for own, face in known if own[-len(parts) :] == parts} or self._of_export(parts)

    def _of_export(self, parts: Sequence[str]) -> set[int]:
        """The face of a picture that `export` wrote, such as `test/angry/000123.png`, if it has such a label."""
        match = _EXPORTED.fullmatch("/".join(parts[-2:]))
        if match is None or len(parts) < 3 or parts[-3] != self._split:
            return set()
        face = self._by_number.get(int(match[2]))
        words = {UNLABELLED if label is None else EMOTIONS[label].lower() for label in face.labels} if face else set()
        return {face.id} if face and match[1] in words else set()


def match(known: NamedFaces, rows: PredictionRows) -> Matched:
    """The face of each row; a hash alone stands for all copies of a face."""
    matched = Matched()
    faults = dict(rows.faults)
    copies: defaultdict[str, list[int]] = defaultdict(list)
    for index, (place, name) in enumerate(zip(rows.places, rows.faces, strict=True)):
        faces = known.candidates(name)
        if not faces:
            if known.contradicts(name):
                faults[place] = sentence("'{name}' and the other names of this row are different faces", name=name)
            else:
                matched.unmatched.append(str(name))
            continue
        by_hash = bool(name.pixels) and name.number is None and not name.path
        if len(faces) > 1 and not by_hash:
            faults[place] = sentence(
                "'{name}' is the name of {count} faces: give the face's number or its path", name=name, count=len(faces)
            )
            continue
        earlier = next((matched.rows[face] for face in faces if face in matched.rows), None)
        if earlier is None:
            matched.rows |= dict.fromkeys(faces, index)
            continue
        same = copies[name.pixels] if by_hash else []
        same.append(index)
        if len(same) >= len(faces) or not np.array_equal(rows.shares[earlier], rows.shares[index]):
            faults[place] = sentence(
                "'{name}' is the face of {place} {earlier}, too",
                name=name,
                place=rows.place_word,
                earlier=rows.places[earlier],
            )
    matched.faults = [rows.fault(place, faults[place]) for place in sorted(faults)]
    return matched


def _parts(path: str) -> tuple[str, ...]:
    """The folders and the file name of a path, as any system writes it."""
    text = unicodedata.normalize("NFC", path).replace("\\", "/")
    return tuple(part for part in text.split("/") if part not in ("", "."))
