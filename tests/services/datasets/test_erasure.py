"""One person's faces: all of it is found, all of it goes, nothing of anybody else's."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from fercore.drawing.photos import portrait_photo
from fercore.errors import NotFoundError
from fercore.faces.attributes import PersonInfo
from fercore.faces.extraction import extractor
from fercore.faces.files import Listed
from fercore.services.datasets import catalogue as datasets_service
from fercore.services.datasets import crop_writer, erasure, extraction
from fercore.services.datasets.crop_writer import CropResult
from fercore.services.datasets.exports import ExportRequest, export
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest, import_source
from fercore.services.training import snapshots
from fercore.sources.record import PhotoRecord
from fercore.store.datasets import datasets
from fercore.store.datasets.erasure import without
from fercore.store.tables import Base, Decision, Face, FaceContext, Import, Photo, Pixels, Snapshot
from tests.store.review.test_decisions import decide

KIM, LEE = "a1" * 32, "b2" * 32


def album(store):
    """Two photos of Kim and one of Lee, in a dataset with copies of them."""
    place = extraction.begin(store, "KFE", "album")
    cuts = []
    for number, subject in enumerate((KIM, KIM, LEE)):
        buffer = io.BytesIO()
        portrait_photo([("east", 3)], number, (480, 360)).save(buffer, "JPEG")
        result = extractor().extract(buffer.getvalue())
        assert result.faces
        name = f"{subject}_{number}.jpg"
        record = PhotoRecord(name, Listed(name, 1, io.BytesIO), "train", 3, "기쁨", PersonInfo(subject))
        cuts.append(
            CropResult(record, crop_writer.stored_file(store, record, buffer.getvalue(), result, copy=True), result)
        )
    crop_writer.store_cuts(store, place, cuts)
    with store.database.writing() as session:
        datasets.note_skipped(
            session, place.import_id, [{"where": f"{KIM}_9.jpg", "why": "?"}, {"where": "x", "why": "?"}]
        )


def rows(store, table):
    with store.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_person_goes_with_everything_and_nobody_else(store):
    album(store)
    with store.database.reading() as session:
        kims = list(session.scalars(select(Face.id).where(Face.subject == KIM)))
        others = session.scalar(select(func.count()).where(Face.subject != KIM))
    decide(store, "anna", kims[0], emotion=5)
    snapshots.freeze(store, "s", ["KFE"])
    result = erasure.find(store, f" {KIM} ")
    assert (len(result.faces), len(result.photos), result.decisions) == (len(kims), 2, 1)
    assert result.contexts == result.snapshots["s"] == len(kims) and len(result.copies) == 2
    gone = erasure.purge(store, KIM)
    assert gone == result
    with pytest.raises(NotFoundError):
        erasure.find(store, KIM)
    assert [rows(store, table) for table in (Face, Pixels, FaceContext)] == [others] * 3
    assert (rows(store, Photo), rows(store, Decision)) == (1, 0)
    assert len([path for path in store.photos.rglob("*") if path.is_file()]) == 1
    with store.database.reading() as session:
        assert session.scalar(select(Snapshot.purged)) == len(kims)
        assert KIM not in str([row for table in Base.metadata.sorted_tables for row in session.execute(select(table))])
        assert [entry["where"] for entry in session.scalar(select(Import.skipped))] == ["x"]


def test_sqlite_keeps_no_trace_of_the_pixels(lite):
    album(lite)
    with lite.database.writing() as session:
        face = session.scalar(select(Face.id).where(Face.subject == KIM))
        session.execute(update(Pixels).where(Pixels.face_id == face).values(gray=b"a face to be forgotten" * 100))
    lite.database.flush_log()
    file = lite.settings.data_dir / "fercore.db"
    assert b"to be forgotten" in file.read_bytes()
    erasure.purge(lite, KIM)
    for path in lite.settings.data_dir.glob("fercore.db*"):
        assert b"to be forgotten" not in path.read_bytes(), path.name


def test_only_in_one_dataset(store):
    album(store)
    with pytest.raises(NotFoundError, match="no dataset 'other'"):
        erasure.purge(store, KIM, "other")
    assert erasure.purge(store, LEE, "KFE").datasets == {"KFE": 1}


def test_a_parquet_s_photos_go_with_their_person(lite, tmp_path):
    """Only their names are here, and the names hold the person's hash."""
    album(lite)
    export(lite, ExportRequest("dataset", "KFE", "parquet", tmp_path / "out"))
    datasets_service.remove(lite, "KFE")
    import_source(lite, ImportRequest("parquet", tmp_path / "out", "again"))
    assert erasure.find(lite, KIM.upper()).photos
    erasure.purge(lite, KIM)
    with lite.database.reading() as session:
        assert KIM not in str([row for table in Base.metadata.sorted_tables for row in session.execute(select(table))])


def test_lists_of_problems_lose_the_person_s_lines_only(lite):
    album(lite)
    listed = lite.logs / "import-1-problems.csv"
    listed.write_text(f"where,why\n{KIM}_1.jpg,broken\n{LEE}_1.jpg,broken\n")
    erasure.purge(lite, KIM)
    assert listed.read_text() == f"where,why\n{LEE}_1.jpg,broken\n"


@pytest.mark.parametrize(
    ("value", "subject", "left"),
    [
        ([{"where": "KA.AN1.39.tiff", "why": "?"}, {"where": "KAGGLE.png", "why": "?"}], "KA", ["KAGGLE.png"]),
        ([{"where": "S010_001.png", "why": "?"}, {"where": "S0101.png", "why": "?"}], "S010", ["S0101.png"]),
    ],
)
def test_names_are_matched_as_a_whole(value, subject, left):
    assert [entry["where"] for entry in without(value, subject)] == left


def test_numbers_are_no_names():
    result = {"confusion": [[10, 2], [3, 4]], "without_face": ["1_a.jpg", "11_b.jpg"]}
    assert without(result, "1") == {"confusion": [[10, 2], [3, 4]], "without_face": ["11_b.jpg"]}


def test_a_person_is_taken_out_of_the_files_of_what_was_not_used(lite, tmp_path):
    for name, data in ((f"{KIM}_8.jpg", b"broken"), (f"{LEE}_9.jpg", b"broken")):
        (tmp_path / name).write_bytes(data)
    Image.new("L", (90, 90), 128).save(tmp_path / "wall.png")
    report = extraction.extract(lite, ExtractRequest(tmp_path, "KFE"))
    album(lite)
    erasure.purge(lite, KIM)
    left = Path(report.problems).read_text("utf-8-sig")
    assert KIM not in left and f"{LEE}_9.jpg" in left


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("S1", "S1"), (" S1 ", "S1"), ("AB" * 32, "ab" * 32), ("AB" * 31 + "A", "AB" * 31 + "A"), ("A" * 65, "A" * 65)],
)
def test_only_hashes_are_kept_in_small_letters(wanted, expected):
    assert erasure._as_stored(wanted) == expected
