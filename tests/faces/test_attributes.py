"""The attributes of a face: written once, and the same wherever a face comes in, is kept or goes out."""

from dataclasses import fields

import pytest

from fercore.exports import parquet
from fercore.exports.face import ExportFace
from fercore.faces.attributes import ATTRIBUTES, NOBODY, NOWHERE, CropOrigin, PersonInfo, columns_of, kinds, person_of
from fercore.sources.parquet_columns import _TYPES
from fercore.sources.parquet_rows import OWN_COLUMNS
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Face


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_every_room_knows_every_attribute(name):
    assert name in Face.__table__.columns
    assert name in {field.name for field in fields(NewFace)} & {field.name for field in fields(ExportFace)}
    assert name in parquet.FEATURES and name in OWN_COLUMNS and name in _TYPES


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("subject", (str, False)),
        ("gender", (str, False)),
        ("age", (int, False)),
        ("professional", (bool, False)),
        ("annotators", (str, True)),
        ("box", (int, True)),
        ("score", (float, False)),
        ("doubtful", (bool, False)),
    ],
)
def test_what_kind_of_values_it_has(name, kind):
    assert kinds()[name] == kind


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        pytest.param(NOBODY, {"subject": None, "annotators": None}, id="nobody"),
        pytest.param(
            PersonInfo("S1", annotators=("기쁨", "")), {"subject": "S1", "annotators": ["기쁨", ""]}, id="somebody"
        ),
        pytest.param(NOWHERE, {"box": None, "score": None}, id="nowhere"),
        pytest.param(CropOrigin(box=(0, 0, 9, 9), score=0.0), {"box": [0, 0, 9, 9], "score": 0.0}, id="a box"),
    ],
)
def test_as_a_row_of_the_store(face, expected):
    names = [field.name for field in fields(face)]
    row = columns_of(face, names)
    assert {name: row[name] for name in expected} == expected and list(row) == names


def test_a_stored_face_s_person():
    face = Face(subject="S1", gender="female", age=20, professional=False, annotators=["a"], eyes=2)
    assert person_of(face) == PersonInfo("S1", "female", 20, False, ["a"])
