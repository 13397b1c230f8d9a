"""Photos become faces with provenance; stopped at any photo, the work goes on to the same result."""

import warnings
import zipfile

import numpy as np
import pytest
from sqlalchemy import func, select

from fercore.cli import cli
from fercore.clock import now
from fercore.drawing.photos import portrait_photo
from fercore.errors import Cancelled, UnreadableSourceError
from fercore.services.datasets import catalogue, extraction
from fercore.services.datasets.extraction import ExtractRequest
from fercore.store.datasets import faces as face_table
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Face, FaceContext, Import, Photo


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    """Twenty drawn portraits in two emotion folders, an unreadable file and an empty wall."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("album")
    for number in range(20):
        word, emotion = (("기쁨", 3), ("whatever", 5))[number % 2]
        (folder / word).mkdir(exist_ok=True)
        portrait_photo([("east", emotion)], number, (480, 360)).save(folder / word / f"{number:02}.jpg")
    (folder / "기쁨" / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    Image.new("RGB", (200, 100), "gray").save(folder / "wall.png")
    return folder


def stored(store):
    with store.database.reading() as session:
        faces = session.execute(select(Face.identity, Face.pixel_hash, Face.emotion, Face.source_word))
        return sorted(tuple(face) for face in faces)


def test_faces_keep_where_they_come_from(store, album):
    report = extraction.extract(store, ExtractRequest(album, "KFE"))
    assert report.photos == 22 and report.faces >= 12
    assert [fault["where"] for fault in report.unreadable] == ["기쁨/broken.jpg"]
    assert "wall.png" in report.without_face
    with store.database.reading() as session:
        face, photo = session.execute(select(Face, Photo).join(Photo).limit(1)).one()
        assert face.box[2] > 40 and face.score > 0 and face.detector == "haar" and face.emotion is None
        assert (photo.width, photo.height) == (480, 360)
        assert session.scalar(select(func.count()).select_from(FaceContext)) == report.faces
    [summary] = catalogue.summaries(store)
    assert summary.unlabelled == report.faces


def test_the_folder_s_word_is_the_emotion_or_leaves_it_open(lite, album):
    extraction.extract(lite, ExtractRequest(album, "KFE", emotion_from="parent"))
    result = {word: emotion for _, _, emotion, word in stored(lite)}
    assert result == {"기쁨": 3, "whatever": None}


@pytest.mark.parametrize("stop_after", [0, 3, 17, 21])
def test_stopped_and_continued_is_as_if_undisturbed(lite, album, stop_after):
    def stopping(done, total, message):
        if done >= stop_after:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        extraction.extract(lite, ExtractRequest(album, "half"), stopping)
    again = extraction.extract(lite, ExtractRequest(album, "half"))
    half = stored(lite)
    catalogue.remove(lite, "half")
    whole = extraction.extract(lite, ExtractRequest(album, "whole"))
    assert half == stored(lite)
    assert (again.faces, again.photos, again.without_face) == (whole.faces, whole.photos, whole.without_face)
    with lite.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 1


def test_uploaded_photos_are_copied_once_and_go_with_their_dataset(lite, album):
    extraction.extract(lite, ExtractRequest(album, "a", copy=True))
    extraction.extract(lite, ExtractRequest(album, "b", copy=True))
    copies = list(lite.photos.rglob("*/*"))
    assert len(copies) == 21
    catalogue.remove(lite, "a")
    assert list(lite.photos.rglob("*/*")) == copies, "another dataset still names them"
    catalogue.remove(lite, "b")
    assert not list(lite.photos.rglob("*/*"))


def test_a_folder_without_photos_is_refused(lite, tmp_path):
    with pytest.raises(UnreadableSourceError, match="no pictures"):
        extraction.extract(lite, ExtractRequest(tmp_path, "KFE"))
    assert catalogue.summaries(lite) == []


def test_the_same_photo_twice_in_one_zip_is_one_photo(store, album, tmp_path):
    """A name may come twice: in a zip that was added to, or in both forms of Unicode."""
    photo = next(album.rglob("*.jpg")).read_bytes()
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings(action="ignore"):
        for name in ("a.jpg", "a.jpg", "b.jpg"):
            archive.writestr(name, photo)
    extraction.extract(store, ExtractRequest(path, "KFE"))
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Photo)) == 2
    assert extraction.extract(store, ExtractRequest(path, "KFE")).added == 0


def test_undoing_one_import_leaves_the_faces_that_another_found_on_its_photos(store, album):
    extraction.extract(store, ExtractRequest(album, "KFE"))
    with store.database.writing() as session:
        photo = session.scalars(select(Photo).where(Photo.faces > 0)).first()
        later = Import(
            dataset_id=photo.dataset_id, source="parquet", path="later", started_at=now(), added=1, skipped=[]
        )
        session.add(later)
        session.flush()
        first = photo.import_id
        new = NewFace(
            identity="later",
            split="train",
            emotion=3,
            word="",
            pixel_hash="0" * 64,
            gray=np.zeros((48, 48), np.uint8),
            photo_id=photo.id,
        )
        face_table.add(session, photo.dataset_id, later.id, [new])
    catalogue.undo_import(store, first)
    assert [row[0] for row in stored(store)] == ["later"]


@pytest.mark.parametrize("there_before", [False, True])
def test_photos_of_which_none_can_be_read_leave_no_trace(store, tmp_path, there_before):
    from fercore.errors import UnreadableSourceError
    from fercore.services.datasets import catalogue
    from tests.conftest import fill

    if there_before:
        fill(store, "D", [3])
    (tmp_path / "in").mkdir()
    for name in ("a.jpg", "b.png"):
        (tmp_path / "in" / name).write_bytes(b"no picture")
    with pytest.raises(
        UnreadableSourceError, match=r"None of the 2 photos could be read. a\.jpg: This file is not a readable picture"
    ):
        extraction.extract(store, ExtractRequest(tmp_path / "in", "D"))
    assert [(summary.name, summary.faces) for summary in catalogue.summaries(store)] == (
        [("D", 1)] if there_before else []
    )
    assert len(catalogue.imports(store, "D")) == 1 if there_before else True


@pytest.mark.parametrize(
    ("unreadable", "without_face", "output"),
    [
        pytest.param(0, 0, "101 faces in 16 photos, 90 of the faces new, ", id="all"),
        pytest.param(4, 0, "101 faces in 12 photos (4 more unreadable), ", id="unreadable"),
        pytest.param(0, 1, "101 faces in 16 photos (1 of them without a face), ", id="no face"),
        pytest.param(15, 0, "101 faces in 1 photo (15 more unreadable), ", id="one"),
        pytest.param(4, 2, "101 faces in 12 photos (2 of them without a face, 4 more unreadable), ", id="both"),
    ],
)
def test_the_command_line_counts_the_photos_that_were_read(lite, monkeypatch, capsys, unreadable, without_face, output):
    report = extraction.ExtractReport(dataset="D", photos=16, faces=101, added=90)
    report.unreadable = [{"where": "x", "why": "y"}] * min(unreadable, 3)
    report.without_face = ["z"] * without_face
    report.more = {"unreadable": max(unreadable - 3, 0)}
    monkeypatch.setattr(extraction, "extract", lambda *_: report)
    cli.main(["extract", "album", "--dataset", "D"], standalone_mode=False)
    assert capsys.readouterr().out.startswith(output)
