"""What goes out comes back: three formats there and back, the same bytes each time."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from pyarrow import parquet
from sqlalchemy import select

from fercore.emotions import EMOTIONS
from fercore.errors import InputError, NotFoundError
from fercore.exports import fer2013_csv, folders
from fercore.services.datasets import erasure, exports
from fercore.services.review import adjudication
from fercore.services.training import snapshots
from fercore.store.tables import Decision, Face
from tests.conftest import fill
from tests.services.conftest import SOURCE, back, content, everything, export, tree_of
from tests.services.datasets.test_imports import csv_file, row, take
from tests.store.review.test_decisions import decide


@pytest.mark.parametrize("form", SOURCE)
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


WITHOUT_LABEL = {"rejected": 1, "disputed": 1, "not sure": 1, "unlabelled": 2}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zip"])
@pytest.mark.parametrize("kind", ["dataset", "snapshot"])
@pytest.mark.parametrize("form", exports.FORMATS)
def test_an_export_says_what_is_in_its_files_and_what_is_not(store, tmp_path, form, kind, packed):
    ids = fill(store, "D", [3, 0, 4, 5, 6, None, None])
    adjudication.set_rule(store, "D", "majority")
    decide(store, "a", ids[0], reason="blurred")
    for who, emotion in (("a", 1), ("b", 2)):
        decide(store, who, ids[1], emotion=emotion)
    decide(store, "a", ids[2], reason="not sure")
    snapshots.freeze(store, "s", ["D"])
    to = tmp_path / ("out.zip" if packed else "out")
    report = export(store, to, form, kind, "s" if kind == "snapshot" else "D")
    whole = kind == "dataset" and form in exports.WHOLE
    labelled = sum(sum(row.values()) for row in report.counts.values())
    assert report.faces == written(to, form, tmp_path / "seen") == (7 if whole else 2)
    assert (labelled, report.rejected, report.unlabelled) == ((2, 1, 4) if whole else (2, 0, 0))
    assert report.left_out == (WITHOUT_LABEL if kind == "dataset" and not whole else {})
    assert report.faces + sum(report.left_out.values()) == (2 if kind == "snapshot" else 7)


def written(to, form, seen):
    """How many faces are in the files of an export."""
    if to.suffix == ".zip":
        shutil.unpack_archive(to, seen)
        to = seen / fer2013_csv.NAME if form == "csv" else seen
    if form == "csv":
        return len(to.read_text().splitlines()) - 1
    if form == "label-studio":
        return len(json.loads((to / "tasks.json").read_text()))
    if form == "parquet":
        return sum(parquet.read_table(file).num_rows for file in to.glob("*.parquet"))
    return len(list(to.rglob("*.png")))


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"faces": 7, "to": "out.zip"}, "7 faces are in out.zip."),  # of a job before reasons were kept
        ({"faces": 1, "to": "x.csv", "left_out": {}}, "1 face is in x.csv."),
        (
            {"faces": 7, "to": "out", "left_out": {"rejected": 2, "unlabelled": 1}},
            "7 faces are in out. Left out: 2 rejected; 1 unlabelled.",
        ),
    ],
)
def test_an_ended_export_says_what_it_left_out(result, message):
    assert exports.KIND.summary(result) == message


def test_faces_purged_from_a_snapshot_are_told(lite, tmp_path):
    fill(lite, "D", [0, 1, 2])
    snapshots.freeze(lite, "s", ["D"])
    with lite.database.writing() as session:
        session.scalars(select(Face)).first().subject = "S1"
    erasure.purge(lite, "S1")
    report = export(lite, tmp_path / "out", "folder", "snapshot", "s")
    assert (report.faces, report.left_out) == (2, {"purged": 1})


@pytest.mark.parametrize("form", SOURCE)
def test_a_snapshot_goes_out_as_it_was_frozen(decided, tmp_path, form):
    snapshots.freeze(decided, "s", ["D"])
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


@pytest.mark.parametrize("form", exports.FORMATS)
def test_the_same_content_is_the_same_zip(rich, tmp_path, form):
    for name in ("a.zip", "b.zip"):
        export(rich, tmp_path / name, form)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_datasets_of_one_snapshot_are_told_apart(lite, tmp_path):
    fill(lite, "A", [0, 1])
    fill(lite, "B", [0, 1])
    snapshots.freeze(lite, "s", ["A", "B"])
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
    monkeypatch.setattr("fercore.store.datasets.export_query.CHUNK", 3)
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
    assert exports.KIND.work(lite, arguments, lambda *_: None)["faces"] == 1


def test_writers_are_handed_what_they_can_write():
    assert set(exports.FORMATS) - set(SOURCE) == {"label-studio"}, "the others come back by import"
    assert folders.write(iter([]), Path("/nowhere")) == 0
    assert fer2013_csv.USAGES.keys() == {"train", "validation", "test"}
