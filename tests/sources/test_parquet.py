"""Parquet: what `export` wrote, and image datasets of others."""

import zipfile

import numpy as np
import pytest

from fercore.curation.votes import Event, LabelBasis, label
from fercore.errors import Fault, UnreadableSourceError
from fercore.exports import parquet as writing
from fercore.sources import parquet
from fercore.sources.provenance import Verdict
from fercore.sources.record import Options
from fercore.sources.splits import by_person
from tests.conftest import noise
from tests.sources.generated.parquet import face, foreign, own
from tests.sources.test_folder import png as any_png


def test_an_image_dataset_of_others(tmp_path):
    names = ["happiness", "슬픔", "anger"]
    images = [{"bytes": any_png(noise(n)), "path": "/etc/passwd"} for n in (0, 0, 1, 2)]
    foreign(tmp_path / "d" / "train-00000-of-00001.parquet", [0, 0, 1, -1], names, images)
    foreign(tmp_path / "d" / "test" / "0000.parquet", [2], names)
    records = list(parquet.read(tmp_path / "d"))
    assert [(r.split, r.emotion, r.word) for r in records] == [
        ("test", 0, "anger"),
        ("train", 3, "happiness"),
        ("train", 3, "happiness"),
        ("train", 5, "슬픔"),
        ("train", None, ""),
    ]
    assert np.array_equal(records[1].pixels, noise(0))
    assert len({record.identity for record in records}) == 5, "exact copies are kept"
    assert records[1].where == "train-00000-of-00001.parquet, row 1"


@pytest.mark.parametrize(
    ("columns", "options", "split"),
    [
        pytest.param({}, Options(), "train", id="none told"),
        pytest.param({}, Options(split="test"), "test", id="asked for"),
        pytest.param({"split": ["valid"]}, Options(), "validation", id="a column"),
        pytest.param({"split": ["valid"]}, Options(split="source"), "validation", id="as its makers split it"),
        pytest.param({"split": ["valid"]}, Options(split="test"), "test", id="asked for, whatever the column says"),
        pytest.param({"split": [7]}, Options(split="test"), "test", id="a column of something else"),
    ],
)
def test_the_split(tmp_path, columns, options, split):
    (record,) = parquet.read(foreign(tmp_path / "x.parquet", ["happy"], **columns), options)
    assert record.split == split


@pytest.mark.parametrize(
    ("split", "splits"),
    [(None, ["test", "train"]), ("source", ["test", "train"]), ("validation", ["validation", "validation"])],
)
def test_the_split_of_an_export(tmp_path, split, splits):
    writing.write(iter([face(0), face(1, split="test")]), tmp_path / "own")
    records = list(parquet.read(tmp_path / "own", Options(split=split)))
    assert [record.split for record in records] == splits
    assert [record.identity for record in records] == ["i/1", "i/0"]


def test_a_face_is_the_same_in_whatever_split(tmp_path):
    foreign(tmp_path / "d" / "x.parquet", ["happy", "happy"])
    foreign(tmp_path / "d" / "test.parquet", ["happy"])
    names = {
        split: [r.identity for r in parquet.read(tmp_path / "d", Options(split=split))] for split in (None, "test")
    }
    assert names[None] == names["test"] and len(set(names[None])) == 3


def test_people_are_split(tmp_path):
    faces = [face(n, subject=f"S{n % 30}", split="test", dataset="DE"[n % 2]) for n in range(90)]
    alone = [face(n, subject=None) for n in (200, 200, 201)]
    records = list(parquet.read(own(tmp_path, *faces, *alone), Options(split="subject", seed=2)))
    assert [r.split for r in records[:90]] == [by_person(f"S{n % 30}", 2) for n in range(90)]
    assert {r.split for r in records} == {"train", "validation", "test"}
    assert [r.split for r in records[90:]] == [by_person(r.pixel_hash, 2) for r in records[90:]], "each its own person"


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda place: foreign(place / "x.parquet", ["happy"]), id="of others"),
        pytest.param(lambda place: own(place, face()).rename(place / "x.parquet"), id="no subject in any row"),
        pytest.param(
            lambda place: foreign(place / "x.parquet", ["happy"], subject=["S1"]), id="a column of another meaning"
        ),
    ],
)
def test_where_no_row_names_a_person_nothing_is_split_by_person(tmp_path, make):
    with pytest.raises(UnreadableSourceError, match=r"'x.parquet' names no persons, so it cannot be split by person\."):
        next(parquet.read(make(tmp_path), Options(split="subject")))


def test_words_and_plain_bytes_are_read_too(tmp_path):
    file = foreign(tmp_path / "x.parquet", ["Happy", "기쁨", None, "zz"], images=[any_png(noise(n)) for n in range(4)])
    *good, bad = parquet.read(file)
    assert [record.emotion for record in good] == [3, 3, None]
    assert bad == Fault("x.parquet, row 4", "label 'zz' is not a known emotion")


def test_a_zip_is_read_and_other_files_in_it_are_not(tmp_path):
    file = own(tmp_path, face())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(file, "in/x/train.parquet")
        archive.writestr("README.md", "x")
    notice, record = parquet.read(tmp_path / "a.zip")
    assert record.identity == "i/0"
    assert "Left out: 1 file by ending (.md 1): README.md" in notice.why


def test_faces_of_several_datasets_are_told_apart_and_their_persons_keep_their_names(tmp_path):
    faces = [face(0, subject="S1"), face(1, subject="S1", dataset="E"), face(2, dataset="E")]
    records = list(parquet.read(own(tmp_path, *faces)))
    assert [(r.identity, r.about.subject) for r in records] == [("D/i/0", "S1"), ("E/i/1", "S1"), ("E/i/2", None)]


@pytest.mark.parametrize(
    ("message", "verdicts"),
    [
        pytest.param({}, (), id="undecided"),
        pytest.param({"state": None}, (), id="of a snapshot"),
        pytest.param({"state": None, "label": 5}, (Verdict("relabelled", 5),), id="of a snapshot, relabelled"),
        pytest.param({"label": 5}, (Verdict("relabelled", 5),), id="another label was written into the file"),
        pytest.param({"state": "confirmed"}, (Verdict("confirmed", 3),), id="confirmed"),
        pytest.param({"state": "relabelled", "source_emotion": None}, (Verdict("relabelled", 3),), id="labelled"),
        pytest.param(
            {"state": "rejected", "reason": "blurred"}, (Verdict("rejected", reason="blurred"),), id="rejected"
        ),
        pytest.param(
            {"state": "rejected", "reason": "other", "label": 1},
            (Verdict("relabelled", 1), Verdict("rejected", reason="other")),
            id="relabelled, then rejected",
        ),
    ],
)
def test_what_was_decided(tmp_path, message, verdicts):
    (record,) = parquet.read(own(tmp_path, face(**message)))
    assert record.known.verdicts == verdicts
    assert record.emotion == message.get("source_emotion", 3)


HAPPY, SAD = Event(1, "a", "confirmed", 3), Event(2, "b", "relabelled", 5)
UNSURE, BLURRED = Event(3, "c", "unsure"), Event(4, "d", "rejected", reason="blurred")


@pytest.mark.parametrize(
    ("basis", "votes", "state", "verdicts"),
    [
        pytest.param(LabelBasis(3), [], "undecided", (), id="undecided"),
        pytest.param(LabelBasis(None), [], "undecided", (), id="unlabelled"),
        pytest.param(LabelBasis(3), [HAPPY], "confirmed", (Verdict("confirmed", 3),), id="confirmed"),
        pytest.param(LabelBasis(3), [HAPPY, SAD], "relabelled", (Verdict("relabelled", 5),), id="relabelled"),
        pytest.param(LabelBasis(3), [BLURRED], "rejected", (Verdict("rejected", reason="blurred"),), id="rejected"),
        pytest.param(
            LabelBasis(None), [BLURRED], "rejected", (Verdict("rejected", reason="blurred"),), id="rejected unlabelled"
        ),
        pytest.param(LabelBasis(3), [UNSURE], "disputed", (), id="not sure"),
        pytest.param(LabelBasis(None), [UNSURE], "disputed", (), id="not sure of an unlabelled face"),
        pytest.param(LabelBasis(3), [HAPPY, UNSURE], "disputed", (), id="one of two not sure"),
        pytest.param(LabelBasis(3, "unanimous"), [HAPPY, SAD], "disputed", (), id="disputed"),
        pytest.param(
            LabelBasis(3, "majority", SAD), [HAPPY, UNSURE], "relabelled", (Verdict("relabelled", 5),), id="ruled"
        ),
        pytest.param(LabelBasis(3, "majority", UNSURE), [HAPPY, SAD], "disputed", (), id="ruled as not sure"),
    ],
)
def test_every_state_of_a_face_comes_back(tmp_path, basis, votes, state, verdicts):
    result = label(basis, votes)
    assert result.state == state
    message = {"label": result.emotion, "state": result.state, "reason": result.reason, "source_emotion": basis.source}
    (record,) = parquet.read(own(tmp_path, face(**message)))
    assert not isinstance(record, Fault), record
    assert (record.emotion, record.known.verdicts) == (basis.source, verdicts)
