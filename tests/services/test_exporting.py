"""What goes out comes back: three formats there and back, whole or not at all, the same bytes each time."""

import hashlib
import resource
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from fercore.emotions import EMOTIONS
from fercore.errors import Cancelled, InputError, NotFoundError, UnreadableSourceError
from fercore.exports import fer2013_csv, folders
from fercore.faces.pixels import pixel_hash
from fercore.services import exporting, freezing, importing
from fercore.services.exporting import ExportRequest
from fercore.services.importing import ImportRequest
from fercore.store import datasets, faces
from fercore.store.faces import NewFace
from fercore.store.tables import Dataset, Decision, Face, Photo, Snapshot
from tests.conftest import fill, noise
from tests.services.test_importing import csv_file, row, take
from tests.store.test_decisions import decide

SOURCE = {"folder": "folder", "csv": "fer2013", "parquet": "parquet"}


def export(store, to, form, kind="dataset", name="D"):
    return exporting.export(store, ExportRequest(kind, name, form, to))


def back(store, path, form, name="back"):
    return importing.import_source(store, ImportRequest(SOURCE[form], path, name))


def content(store, name):
    """How often the dataset has each (pixel hash, label, split), rejected faces apart."""
    with store.database.reading() as session:
        query = select(Face.pixel_hash, Face.emotion, Face.split, Face.state == "rejected").join(Dataset)
        return Counter(tuple(face) for face in session.execute(query.where(Dataset.name == name)))


def everything(store, name):
    """All that is known of each face of a dataset, by its identity."""
    skipped = {"id", "dataset_id", "import_id", "photo_id"}
    columns = [column for column in Face.__table__.columns if column.name not in skipped]
    with store.database.reading() as session:
        query = select(*columns, Photo.name.label("photo")).join(Dataset, Dataset.id == Face.dataset_id)
        found = session.execute(query.outerjoin(Photo, Photo.id == Face.photo_id).where(Dataset.name == name))
        return {face.identity: dict(face._mapping) for face in found}


@pytest.fixture
def decided(store, tmp_path):
    """FER2013 rows in all splits with an exact copy; one relabelled, one confirmed, one rejected."""
    rows = [row(code, code) for code in range(7)] + [row(3, 3), row(3, 3), row(4, 10, "PublicTest")]
    take(store, csv_file(tmp_path, [*rows, row(6, 11, "PrivateTest"), row(6, 12)]), "D")
    with store.database.reading() as session:
        ids = list(session.scalars(select(Face.id).order_by(Face.id)))
    decide(store, "a", ids[0], emotion=5)
    decide(store, "a", ids[1], emotion=1)
    decide(store, "a", ids[-1], reason="blurred")
    return store


@pytest.fixture
def rich(store):
    """Faces with every kind of provenance and of decision."""
    with store.database.writing() as session:
        begun = datasets.begin_import(session, "D", "photos", "p")
        photo = Photo(
            dataset_id=begun.dataset_id,
            import_id=begun.id,
            name="여_20_기쁨.jpg",
            sha256="0" * 64,
            path="p",
            width=9,
            height=9,
            faces=1,
        )
        session.add(photo)
        session.flush()
        told = {"subject": "S1", "gender": "female", "age": 20, "professional": True, "annotators": ("기쁨", "중립")}
        found = {"box": (1, 2, 30, 40), "detector": "haar", "score": 0.25, "eyes": 2, "doubtful": False}
        found |= {"skin": 0.75, "inside": 0.5, "covered": 0.125}
        plain = [
            NewFace(f"f/{n}", split, emotion, "word", pixel_hash(noise(n)), noise(n))
            for n, (split, emotion) in enumerate(
                [("train", 3), ("train", None), ("test", 0), ("train", 4), ("train", 4), ("train", None), ("test", 6)]
            )
        ]
        full = NewFace("full", "train", 3, "기쁨", pixel_hash(noise(50)), noise(50), photo_id=photo.id, **told, **found)
        faces.add(session, begun.dataset_id, begun.id, [*plain, full])
        datasets.finish_import(session, begun.id)
    with store.database.reading() as session:
        ids = {f.identity: f.id for f in session.scalars(select(Face))}
    for who, face, emotion, reason in (
        ("a", "f/0", 3, None),
        ("a", "f/1", 5, None),
        ("b", "f/1", 5, None),
        ("a", "f/2", None, "occluded"),
        ("a", "f/3", 1, None),
        ("b", "f/3", None, "not a face"),
        ("a", "f/4", 1, None),
        ("b", "f/4", 4, None),
    ):
        decide(store, who, ids[face], emotion, reason)
    return store


@pytest.mark.parametrize("form", exporting.FORMATS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zip"])
def test_there_and_back(decided, tmp_path, form, packed):
    to = tmp_path / ("out.zip" if packed else "out")
    report = export(decided, to, form)
    sent = content(decided, "D")
    if form != "parquet":
        sent = Counter({face: count for face, count in sent.items() if not face[3]})
    assert report.faces == sent.total() == (12 if form == "parquet" else 11)
    assert report.counts["train"]["Happy"] == 3 and report.counts["train"]["Angry"] == 0
    assert back(decided, to, form).added == report.faces
    assert content(decided, "back") == sent


def test_parquet_brings_everything_back(rich, tmp_path):
    report = export(rich, tmp_path / "out", "parquet")
    assert (report.files, report.faces, report.rejected, report.unlabelled) == (2, 8, 2, 1)
    back(rich, tmp_path / "out", "parquet")
    assert everything(rich, "back") == everything(rich, "D")
    with rich.database.reading() as session:
        adopted = Decision.reviewer.in_(["import", "import 2"])
        assert len(session.scalars(select(Decision).where(adopted)).all()) == 6
    assert back(rich, tmp_path / "out", "parquet").added == 0


def test_what_is_here_already_keeps_its_decisions(rich, tmp_path):
    export(rich, tmp_path / "out", "parquet")
    with rich.database.reading() as session:
        face_id = session.scalar(select(Face.id).where(Face.identity == "f/3"))
    decide(rich, "b", face_id, emotion=6)
    before = everything(rich, "D")
    assert back(rich, tmp_path / "out", "parquet", "D").added == 0
    assert everything(rich, "D") == before


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_a_snapshot_goes_out_as_it_was_frozen(decided, tmp_path, form):
    freezing.freeze(decided, "s", ["D"])
    sent = Counter({face: count for face, count in content(decided, "D").items() if not face[3]})
    export(decided, tmp_path / "first", form, "snapshot", "s")
    with decided.database.reading() as session:
        ids = list(session.scalars(select(Face.id).order_by(Face.id)))
    decide(decided, "z", ids[2], emotion=0)
    decide(decided, "z", ids[3], reason="other")
    export(decided, tmp_path / "second", form, "snapshot", "s")
    assert tree_of(tmp_path / "first") == tree_of(tmp_path / "second")
    back(decided, tmp_path / "second", form)
    assert content(decided, "back") == sent


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_the_same_content_is_the_same_zip(rich, tmp_path, form):
    for name in ("a.zip", "b.zip"):
        export(rich, tmp_path / name, form)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_datasets_of_one_snapshot_are_told_apart(lite, tmp_path):
    fill(lite, "A", [0, 1])
    fill(lite, "B", [0, 1])
    freezing.freeze(lite, "s", ["A", "B"])
    export(lite, tmp_path / "out", "parquet", "snapshot", "s")
    assert back(lite, tmp_path / "out", "parquet").added == 4
    assert set(everything(lite, "back")) == {"A/train/0", "A/train/1", "B/train/0", "B/train/1"}


def test_every_split_has_the_seven_folders(decided, tmp_path):
    export(decided, tmp_path / "out", "folder")
    wanted = sorted(name.lower() for name in EMOTIONS)
    for split in ("train", "validation", "test"):
        assert sorted(path.name for path in (tmp_path / "out" / split).iterdir()) == wanted


def test_kaggle_s_file_comes_back_byte_by_byte(lite, tmp_path):
    file = csv_file(tmp_path, [row(3, 0), row(0, 1), row(3, 0), row(6, 2, "PublicTest"), row(1, 3, "PrivateTest")])
    take(lite, file, "D")
    export(lite, tmp_path / "out.csv", "csv")
    assert (tmp_path / "out.csv").read_bytes() == file.read_bytes()


def test_a_csv_sent_to_a_folder_gets_its_usual_name(decided, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "other.txt").write_text("x")
    assert export(decided, tmp_path / "here", "csv").to.endswith("here/fer2013.csv")
    assert back(decided, tmp_path / "here", "csv").added == 11


@pytest.mark.parametrize("form", exporting.FORMATS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zip"])
def test_nothing_is_overwritten(decided, tmp_path, form, packed):
    to = tmp_path / ("out.zip" if packed else "out")
    export(decided, to, form)
    before = tree_of(tmp_path)
    with pytest.raises(InputError, match=r"exists and is not empty, and an export never overwrites") as caught:
        export(decided, to / "fer2013.csv" / ".." if form == "csv" and to.is_dir() else to, form)
    assert str(to) in str(caught.value)
    assert tree_of(tmp_path) == before


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_an_empty_place_is_taken(decided, tmp_path, form):
    if form == "csv":
        (tmp_path / "out").touch()
    else:
        (tmp_path / "out").mkdir()
    export(decided, tmp_path / "out", form)
    assert back(decided, tmp_path / "out", form).added


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_a_stopped_export_leaves_nothing_and_a_killed_one_is_cleared_away(decided, tmp_path, form):
    before = sorted(tmp_path.iterdir())

    def stop(done, total, message):
        if done == total:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        exporting.export(decided, ExportRequest("dataset", "D", form, tmp_path / "out"), stop)
    assert sorted(tmp_path.iterdir()) == before
    left = tmp_path / ".out.fercore-part" / "out" / "train"
    left.mkdir(parents=True)
    (left / "half.png").write_bytes(b"x")
    export(decided, tmp_path / "out", form)
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "out"])
    assert not list((tmp_path / "out").rglob("half.png"))


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_a_disk_that_takes_no_more_is_one_sentence(decided, tmp_path, form):
    before = sorted(tmp_path.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(UnreadableSourceError, match=r"out' cannot be written: File too large\."):
            export(decided, tmp_path / "out", form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(tmp_path.iterdir()) == before


def test_a_place_below_a_file_is_one_sentence(decided, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreadableSourceError, match=r"cannot be written: Not a directory"):
        export(decided, tmp_path / "file" / "out", "folder")


def test_nothing_to_export(lite, tmp_path):
    with pytest.raises(NotFoundError, match="no dataset 'D'"):
        export(lite, tmp_path / "out", "csv")
    fill(lite, "D", [None])
    with pytest.raises(InputError, match="no face has a label and is not rejected"):
        export(lite, tmp_path / "out", "csv")
    assert export(lite, tmp_path / "out", "parquet").unlabelled == 1
    with pytest.raises(InputError, match="no format 'xml': use one of folder, csv, parquet"):
        export(lite, tmp_path / "other", "xml")


def test_faces_are_read_some_at_a_time(lite, tmp_path, monkeypatch):
    monkeypatch.setattr("fercore.store.outgoing.CHUNK", 3)
    monkeypatch.setattr("fercore.exports.parquet.ROW_GROUP", 4)
    ids = fill(lite, "D", [n % 7 for n in range(10)])
    export(lite, tmp_path / "out", "parquet")
    export(lite, tmp_path / "faces", "folder")
    back(lite, tmp_path / "out", "parquet")
    assert content(lite, "back") == content(lite, "D")
    assert sorted(int(path.stem) for path in (tmp_path / "faces").rglob("*.png")) == ids


def test_the_job(lite, tmp_path):
    fill(lite, "D", [0])
    arguments = {"kind": "dataset", "name": "D", "format": "csv", "to": str(tmp_path / "x.csv")}
    assert exporting.work(lite, arguments, lambda *_: None)["faces"] == 1


def test_writers_are_handed_what_they_can_write():
    assert set(exporting.FORMATS) == set(SOURCE)
    assert folders.write(iter([]), Path("/nowhere")) == 0
    assert fer2013_csv.USAGES.keys() == {"train", "validation", "test"}


def tree_of(path):
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file() and "data" not in file.relative_to(path).parts[:1]
    }


@pytest.mark.parametrize(
    ("change", "goes_stale"),
    [
        pytest.param(lambda store, ids: None, False, id="nothing"),
        pytest.param(lambda store, ids: fill(store, "other", [3], start=50), False, id="another dataset"),
        pytest.param(lambda store, ids: decide(store, "anna", ids[0], emotion=5), True, id="relabelled"),
        pytest.param(lambda store, ids: fill(store, "D", [3], start=70), True, id="more faces"),
        pytest.param(lambda store, ids: _delete(store, ids[0]), True, id="a face purged"),
    ],
)
def test_the_mark_of_a_dataset(store, change, goes_stale):
    ids = fill(store, "D", [3, 0])
    before = exporting.mark(store, "dataset", "D")
    change(store, ids)
    assert (exporting.mark(store, "dataset", "D") != before) == goes_stale


def test_the_mark_of_a_snapshot(store):
    fill(store, "D", [3, 0])
    freezing.freeze(store, "s", ["D"])
    first = exporting.mark(store, "snapshot", "s")
    freezing.remove(store, "s")
    fill(store, "D", [3], start=70)
    freezing.freeze(store, "s", ["D"])
    before = exporting.mark(store, "snapshot", "s")
    assert before != first, "another snapshot of the same name"
    with store.database.writing() as session:
        session.scalars(select(Snapshot)).one().purged += 1
    assert exporting.mark(store, "snapshot", "s") != before


def _delete(store, face_id):
    with store.database.writing() as session:
        session.execute(delete(Face).where(Face.id == face_id))
