"""Attributes by which faces are put into groups: what their records say of the person, the picture and the dataset."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation.quality_bands import QualityBand, bands
from fercore.emotions import EMOTIONS
from fercore.faces.attributes import Gender
from fercore.faces.quality import side
from fercore.populations import Population
from fercore.services.datasets import exports
from fercore.store import Store
from fercore.store.comparison import attributes as table

Codes = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
UNKNOWN: Final = -1
_KEPT: Final = 8  # splits
_records: Final[OrderedDict[tuple[str, int, str], tuple[tuple[object, ...], Sequence[Any]]]] = OrderedDict()


class Attribute(StrEnum):
    """An attribute of a face; stored and printed as these words."""

    GENDER = "gender"
    AGE = "age"
    PROFESSIONAL = "professional"
    QUALITY = "quality"
    BRIGHTNESS = "brightness"
    SHARPNESS = "sharpness"
    SIZE = "size"
    DATASET = "dataset"
    POPULATION = "population"
    LABEL = "label"


MEASURED: Final = (Attribute.BRIGHTNESS, Attribute.SHARPNESS, Attribute.SIZE)
YES_NO: Final = ("lay", "professional")
_FIXED: Final[Mapping[Attribute, tuple[str, ...]]] = {
    Attribute.GENDER: tuple(Gender),
    Attribute.PROFESSIONAL: YES_NO,
    Attribute.QUALITY: tuple(QualityBand),
    Attribute.POPULATION: tuple(Population),
    Attribute.LABEL: EMOTIONS,
}


@dataclass(frozen=True)
class AttributeValue:
    """One value of an attribute: its word, or for what is measured its bounds (from `low` up to below `high`)."""

    attribute: Attribute
    word: str = ""
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The value as it is recorded and printed."""
        bounds = {"low": self.low, "high": self.high} if self.attribute in MEASURED else {"value": self.word}
        return {"attribute": str(self.attribute), **bounds}


def from_json(recorded: Mapping[str, Any]) -> AttributeValue:
    """A value that was recorded."""
    attribute = Attribute(recorded["attribute"])
    return AttributeValue(attribute, recorded.get("value", ""), recorded.get("low"), recorded.get("high"))


@dataclass(frozen=True)
class FaceAttributes:
    """The codes of N faces by attribute, (N,) each and `UNKNOWN` where a face's record does not say, and the value
    that each code stands for. `bounds` are those between the thirds of what is measured.
    """

    codes: Mapping[Attribute, Codes]
    values: Mapping[Attribute, tuple[AttributeValue, ...]]
    bounds: Mapping[Attribute, tuple[float, float]] = field(default_factory=dict)

    def value(self, attribute: Attribute, code: int) -> AttributeValue:
        """The value that a code stands for."""
        return self.values[attribute][code]


@dataclass(frozen=True)
class Place:
    """The faces of one evaluated split: its dataset, and the numbers and labels of the faces that count."""

    dataset_id: int
    dataset: str
    split: str
    face_ids: npt.NDArray[np.int64]
    labels: Codes


def read(
    store: Store, places: Sequence[Place], bounds: Mapping[Attribute, tuple[float, float]] | None = None
) -> FaceAttributes:
    """The attributes of the faces of all places, one place after the other.

    What is measured is put into thirds of these faces, or by `bounds` of others; a picture's quality into thirds of
    its own place.
    """
    parts, known = [], []
    for place in places:
        with store.database.reading() as session:
            known.append(table.population(session, place.dataset_id))
        rows = _rows(store, place)
        at = np.searchsorted([row[0] for row in rows], place.face_ids)
        parts.append([rows[index] for index in at.tolist()])
    rows = [row for part in parts for row in part]
    measured = {
        Attribute.BRIGHTNESS: _floats([row[5] for row in rows]),
        Attribute.SHARPNESS: _floats([row[4] for row in rows]),
        Attribute.SIZE: _floats([side(row[7]) for row in rows]),
    }
    between = dict(bounds) if bounds is not None else {name: _thirds(values) for name, values in measured.items()}
    ages = sorted({row[2] for row in rows if row[2] is not None})
    datasets = tuple(dict.fromkeys(place.dataset for place in places))
    words = dict(_FIXED) | {Attribute.AGE: tuple(map(str, ages)), Attribute.DATASET: datasets}
    sizes = [len(place.face_ids) for place in places]
    given: dict[Attribute, Sequence[str | None]] = {
        Attribute.GENDER: [row[1] for row in rows],
        Attribute.AGE: [None if row[2] is None else str(row[2]) for row in rows],
        Attribute.PROFESSIONAL: [None if row[3] is None else YES_NO[row[3]] for row in rows],
        Attribute.QUALITY: [band for part in parts for band in _bands(part)],
        Attribute.DATASET: np.repeat([place.dataset for place in places], sizes).tolist(),
        Attribute.POPULATION: [name for name, size in zip(known, sizes, strict=True) for _ in range(size)],
        Attribute.LABEL: [EMOTIONS[label] for place in places for label in place.labels],
    }
    codes = {name: _coded(column, words[name]) for name, column in given.items()}
    codes |= {name: _band(values, between[name]) for name, values in measured.items()}
    values = {name: tuple(AttributeValue(name, word) for word in words[name]) for name in given}
    values |= {name: _bounded(name, between[name]) for name in measured}
    order = tuple(Attribute)
    return FaceAttributes({name: codes[name] for name in order}, {name: values[name] for name in order}, between)


def _rows(store: Store, place: Place) -> Sequence[Any]:
    """The records of a split's faces, read again only once something of the dataset has changed."""
    key = (store.settings.database, place.dataset_id, place.split)
    mark = exports.mark(store, exports.ExportKind.DATASET, place.dataset)
    known = _records.get(key)
    if known is None or known[0] != mark:
        with store.database.reading() as session:
            known = _records[key] = (mark, table.of_split(session, place.dataset_id, place.split))
        if len(_records) > _KEPT:
            _records.popitem(last=False)
    return known[1]


def _coded(column: Sequence[str | None], words: Sequence[str]) -> Codes:
    places = {word: code for code, word in enumerate(words)}
    return np.array([UNKNOWN if word is None else places.get(word, UNKNOWN) for word in column], np.int64)


def _bands(rows: Sequence[Any]) -> list[QualityBand]:
    sharpness, brightness, contrast = (_floats([row[at] for row in rows]) for at in (4, 5, 6))
    return bands(sharpness, brightness, contrast, _floats([side(row[7]) for row in rows]))


def _thirds(values: Values) -> tuple[float, float]:
    """Whole numbers between the thirds of what is known: they are read out to people."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, 0.0
    low, high = np.quantile(known, [1 / 3, 2 / 3])
    return float(round(low)), float(round(high))


def _band(values: Values, between: tuple[float, float]) -> Codes:
    codes = np.searchsorted(np.array(between), values, side="right").astype(np.int64)
    return np.where(np.isnan(values), UNKNOWN, codes)


def _bounded(name: Attribute, between: tuple[float, float]) -> tuple[AttributeValue, ...]:
    edges = (None, *between, None)
    return tuple(AttributeValue(name, low=edges[at], high=edges[at + 1]) for at in range(3))


def _floats(values: Sequence[float | None]) -> Values:
    return np.array([np.nan if value is None else value for value in values], np.float64)
