"""Rows of a file of predictions and the faces that they mean: names that are known, unknown, doubtful or double."""

import pytest
from sqlalchemy import select

from fercore.errors import InputError, RowFaultsError
from fercore.services.comparison import foreign_models, foreign_notes, stored_evaluations
from fercore.store.tables import Face
from tests.conftest import fill, photograph
from tests.services.comparison.conftest import HAPPY, SAD
from tests.services.comparison.test_foreign_models import TRUE, counts, take, written

NAMES = {
    "a/1.png": ["a/1.png", "/data/faces/a/1.png", "C:\\faces\\a\\1.png", "./a/1.png"],
    "b/1.png": ["b/1.png"],
    "b/2.png": ["2.png", "x/b/2.png"],
    "b/여_기쁨.png": ["여_기쁨.png", "b/여_기쁨.png"],
}


@pytest.fixture
def filed(lite):
    """Four faces whose names are files."""
    fill(lite, "F", TRUE, "test")
    with lite.database.writing() as session:
        for face, name in zip(session.scalars(select(Face).order_by(Face.id)), NAMES, strict=True):
            face.identity = f"{name}#{face.pixel_hash[:8]}"
    return lite


@pytest.mark.parametrize(("given", "meant"), [(given, name) for name, names in NAMES.items() for given in names])
def test_a_path_means_the_face_whose_file_ends_so(filed, tmp_path, given, meant):
    report = take(filed, written(tmp_path / "p.csv", [given], [HAPPY], "file"), place=("F", "test"))
    [face] = stored_evaluations.scored(filed, report.evaluation.id).face_ids
    assert face == list(NAMES).index(meant) + 1
    assert (report.matched, report.labelled) == (1, 4)
    assert "1 of 4 labelled faces" in foreign_notes.coverage(report)
    assert any("1 of 4 labelled faces" in sentence for sentence in foreign_notes.notes(report.evaluation))


@pytest.mark.parametrize("given", ["c/2.png", "3.png", "9", "0" * 64])
def test_names_of_no_face_are_told_and_not_counted(filed, tmp_path, given):
    file = written(tmp_path / "p.csv", ["b/2.png", given], [SAD, SAD])
    report = take(filed, file, place=("F", "test"))
    assert (report.matched, report.unmatched) == (1, [given])
    assert given in foreign_notes.cautions(report)[0]
    with pytest.raises(InputError, match="No row names a face of 'F', test; the first says"):
        take(filed, written(tmp_path / "q.csv", [given], [SAD]), "other", ("F", "test"))
    assert [model.name for model in foreign_models.listed(filed)] == ["DeepFace"], "a refused one leaves no model"


@pytest.mark.parametrize(
    ("rows", "first", "more"),
    [
        (["face,prediction", "1,sad", "1,happy"], "line 3: '1' is the face of line 2, too", 0),
        (["face,prediction", "1,sad", "1,sad", "1,sad"], "line 3: '1' is the face of line 2, too", 1),
        (["file,prediction", "1.png,sad"], "line 2: '1.png' is the name of 2 faces", 0),
        (["face,file,prediction", "1,b/2.png,sad"], "'b/2.png' and the other names of this row are different faces", 0),
        (["face,prediction", "1,joyful", "2,", "3,sad"], "line 2: 'joyful' is not a known emotion", 1),
        (["face,prediction", "1,joyful", "2,", ",sad"], "line 2: 'joyful' is not a known emotion", 2),
    ],
)
def test_faulty_rows_refuse_the_whole_file(filed, tmp_path, rows, first, more):
    (tmp_path / "p.csv").write_text("\n".join(rows), "utf-8")
    with pytest.raises(RowFaultsError) as refusal:
        take(filed, tmp_path / "p.csv", place=("F", "test"))
    message = str(refusal.value)
    assert first in message and message.endswith("Nothing was stored.")
    assert (f"and {more} more fault" in message) == bool(more)
    assert counts(filed) == [0, 0, 0]


def test_a_hash_stands_for_all_copies(filed, tmp_path):
    with filed.database.writing() as session:
        for face in session.scalars(select(Face)):
            face.pixel_hash = "c" * 64 if face.id < 3 else f"{face.id}" * 64
    file = written(tmp_path / "p.csv", ["C" * 64, "3" * 64], [HAPPY, HAPPY], "pixels")
    report = take(filed, file, place=("F", "test"))
    assert report.matched == 3 and report.evaluation.accuracy == pytest.approx(2 / 3)
    twice = written(tmp_path / "q.csv", ["c" * 64, "c" * 64], [HAPPY, HAPPY], "pixels")
    assert take(filed, twice, "copies", ("F", "test")).matched == 2
    for emotions in ([HAPPY, SAD], [HAPPY] * 3):
        with pytest.raises(RowFaultsError, match="too"):
            take(filed, written(twice, ["c" * 64] * len(emotions), emotions, "pixels"), "x", ("F", "test"))


def test_a_photo_names_its_only_face(lite, tmp_path):
    faces = fill(lite, "P", [HAPPY, SAD, SAD], "test")
    photograph(lite, faces[:1], tmp_path / "one.png", (0, 0, 48, 48))
    photograph(lite, faces[1:], tmp_path / "two.png", (0, 0, 48, 48))
    assert take(lite, written(tmp_path / "p.csv", ["one.png"], [HAPPY], "photo"), place=("P", "test")).matched == 1
    with pytest.raises(RowFaultsError, match=r"'two\.png' is the name of 2 faces"):
        take(lite, written(tmp_path / "p.csv", ["two.png"], [HAPPY], "photo"), place=("P", "test"))
