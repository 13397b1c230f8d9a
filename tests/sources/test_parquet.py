"""Parquet: what `export` wrote, image datasets of others, and everything that can be wrong with either."""

import json
import struct
import zipfile
import zlib

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from fercore.emotions import EMOTIONS
from fercore.errors import Fault, UnknownEmotionError, UnreadableSourceError
from fercore.exports import parquet as writing
from fercore.exports.face import ExportFace, png
from fercore.faces.pixels import pixel_hash
from fercore.sources import parquet
from fercore.sources.known import Verdict
from fercore.sources.record import Options
from fercore.sources.splits import by_person
from tests.conftest import noise
from tests.sources.test_folder import png as any_png


def face(number=0, **told):
    gray = noise(number)
    given = {"label": 3, "split": "train", "dataset": "D", "source_word": "happy", "source_emotion": 3}
    given |= {"identity": f"i/{number}", "pixel_hash": pixel_hash(gray), "state": "undecided"}
    return ExportFace(number=number, gray=gray.tobytes(), **given | told)


def own(tmp_path, *faces):
    writing.write(iter(faces), tmp_path / "own.parquet")
    return tmp_path / "own.parquet"


def bomb():
    """A small PNG whose header claims 65,536 x 65,536 pixels."""
    header = b"IHDR" + struct.pack(">II", 1 << 16, 1 << 16) + any_png()[24:29]
    return any_png()[:12] + header + struct.pack(">I", zlib.crc32(header)) + any_png()[33:]


def changed(tmp_path, **columns):
    """An export of one face in which some columns hold something else."""
    table = pq.read_table(own(tmp_path, face()))
    for name, array in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, array)
    pq.write_table(table, tmp_path / "changed.parquet")
    return tmp_path / "changed.parquet"


def foreign(file, labels, names=None, images=None, **columns):
    """An image dataset as `datasets` writes it."""
    images = [{"bytes": any_png(noise(n)), "path": None} for n in range(len(labels))] if images is None else images
    table = pa.table({"image": images, "label": labels, **columns})
    if names:
        features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, file)
    return file


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
    assert bad == Fault("x.parquet, row 4", "label 'zz' is no known emotion")


def test_a_zip_is_read_and_other_files_in_it_are_not(tmp_path):
    file = own(tmp_path, face())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(file, "in/x/train.parquet")
        archive.writestr("README.md", "x")
    assert [record.identity for record in parquet.read(tmp_path / "a.zip")] == ["i/0"]


def test_faces_of_several_datasets_are_told_apart_and_their_persons_keep_their_names(tmp_path):
    faces = [face(0, subject="S1"), face(1, subject="S1", dataset="E"), face(2, dataset="E")]
    records = list(parquet.read(own(tmp_path, *faces)))
    assert [(r.identity, r.about.subject) for r in records] == [("D/i/0", "S1"), ("E/i/1", "S1"), ("E/i/2", None)]


@pytest.mark.parametrize(
    ("told", "verdicts"),
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
def test_what_was_decided(tmp_path, told, verdicts):
    (record,) = parquet.read(own(tmp_path, face(**told)))
    assert record.known.verdicts == verdicts
    assert record.emotion == told.get("source_emotion", 3)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        pytest.param({"source_emotion": -1}, "source_emotion is -1, expected", id="source's label"),
        pytest.param({"split": "dev"}, "split is 'dev', expected train, validation or test", id="split"),
        pytest.param({"state": "maybe"}, "state is 'maybe', expected undecided, confirmed", id="state"),
        pytest.param(
            {"state": "confirmed", "label": None}, "state is 'confirmed' and there is no label", id="no label"
        ),
        pytest.param({"state": "rejected", "reason": "ugly"}, "reason is 'ugly', expected one of", id="reason"),
        pytest.param({"identity": ""}, "identity is empty", id="identity"),
        pytest.param({"gender": "x" * 50}, f"gender is '{'x' * 40}', expected", id="gender"),
        pytest.param({"age": -3}, "age is -3, expected a decade", id="age"),
        pytest.param({"box": [1, 2, 3]}, "box is no list of four", id="box"),
        pytest.param({"annotators": ["a", None]}, "annotators is no list of words", id="annotators"),
        pytest.param({"source_word": "x" * 1001}, "source_word is longer than 1000", id="long text"),
        pytest.param({"detector": "x" * 21}, "detector is longer than 20 characters", id="long detector"),
        pytest.param({"reason": "x" * 21}, "reason is longer than 20 characters", id="long reason, of no rejection"),
        pytest.param({"gender": "x" * 11}, "gender is 'xxxxxxxxxxx', expected", id="long gender"),
        pytest.param({"identity": "기" * 700}, "identity is longer than 2000 bytes", id="long identity"),
        pytest.param({"subject": "기" * 700}, "subject is longer than 2000 bytes", id="long subject"),
        pytest.param({"photo": "기" * 700}, "photo is longer than 2000 bytes", id="long photo"),
    ],
)
def test_a_bad_row_is_a_fault_and_the_rest_is_read(tmp_path, told, sentence):
    file = tmp_path / f"{told.get('split', 'train')}.parquet"
    writing.write(iter([face(0), face(1, **told), face(2)]), file)
    first, fault, last = parquet.read(file)
    assert (first.identity, last.identity) == ("i/0", "i/2")
    assert fault.where == f"{file.name}, row 2" and fault.why.startswith(sentence)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        pytest.param(None, "the picture is not in the file", id="null"),
        pytest.param({"bytes": None, "path": "/etc/passwd"}, "the picture is not in the file", id="only a path"),
        pytest.param({"bytes": b"", "path": None}, "The file is empty", id="empty"),
        pytest.param({"bytes": b"MZ" * 50, "path": None}, "This is no picture", id="no picture"),
        pytest.param({"bytes": png(noise(0).tobytes())[:300], "path": None}, "The picture is broken", id="broken"),
        pytest.param({"bytes": bomb(), "path": None}, "The picture has more than 178 million pixels", id="bomb"),
    ],
)
def test_a_bad_picture_is_a_fault(tmp_path, image, sentence):
    kind = writing.schema().field("image").type
    own_file = changed(tmp_path, image=pa.array([image], kind))
    foreign_file = foreign(tmp_path / "f.parquet", ["happy"], images=pa.array([image], kind))
    for file in (own_file, foreign_file):
        (fault,) = parquet.read(file)
        assert fault.where == f"{file.name}, row 1" and fault.why.startswith(sentence)


def test_labels_beyond_the_names_are_faults(tmp_path):
    (own_fault,) = parquet.read(changed(tmp_path, label=pa.array([7])))
    assert own_fault.why == "label is 7, expected a number from 0 to 6, or null"
    one, two = parquet.read(foreign(tmp_path / "x.parquet", [-2, 2], ["happy", "sad"]))
    assert (one.why, two.why) == (
        "label -2, expected a number from 0 to 1",
        "label 2, expected a number from 0 to 1",
    )


@pytest.mark.parametrize(
    ("name", "array", "kind"),
    [
        pytest.param("age", pa.array(["20"]), "string", id="text for a number"),
        pytest.param("identity", pa.array([7]), "int64", id="number for a text"),
        pytest.param("box", pa.array([{"a": 1}]), "struct<a: int64>", id="struct for a list"),
        pytest.param("doubtful", pa.array([1.5]), "double", id="number for yes or no"),
        pytest.param("label", pa.array(["happy"]), "string", id="word for a label"),
    ],
)
def test_columns_of_another_type_are_refused(tmp_path, name, array, kind):
    with pytest.raises(UnreadableSourceError, match=f"the column '{name}' is of type {kind}"):
        next(parquet.read(changed(tmp_path, **{name: array})))


@pytest.mark.parametrize(
    ("columns", "metadata", "sentence"),
    [
        pytest.param({"x": [1]}, None, r"has the columns x; expected a column 'image'", id="other columns"),
        pytest.param({"image": ["a"], "label": ["b"]}, None, r"column 'image' is of type string", id="image"),
        pytest.param({"image": [b"a"], "label": [1.5]}, None, r"column 'label' is of type double", id="label"),
        pytest.param({"image": [b"a"], "label": [1]}, None, r"no names go with it", id="no names"),
        pytest.param({"image": [b"a"], "label": [1]}, b"{" * 99, r"no names go with it", id="no JSON"),
        pytest.param(
            {"image": [b"a"], "label": [1]},
            b'{"info": {"features": {"label": {"names": [1]}}}}',
            r"no names go with it",
            id="names that are none",
        ),
    ],
)
def test_other_forms_are_refused(tmp_path, columns, metadata, sentence):
    table = pa.table(columns).replace_schema_metadata({"huggingface": metadata} if metadata else None)
    pq.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(UnreadableSourceError, match=rf"'x.parquet'.*{sentence}"):
        next(parquet.read(tmp_path / "x.parquet"))


def test_an_unknown_class_is_refused_before_anything_is_yielded(tmp_path):
    with pytest.raises(UnknownEmotionError, match=r"'contempt'.*Known words are"):
        next(parquet.read(foreign(tmp_path / "x.parquet", [0], ["happy", "contempt"])))


def test_what_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "d").mkdir()
    for place, data, sentence in (
        ("a.parquet", b"emotion,pixels\n" * 9, "'a.parquet' is no Parquet file that can be read"),
        ("b.parquet", b"", "'b.parquet' is no Parquet file"),
        ("d/a.txt", b"x", "'d' holds no .parquet file"),
    ):
        (tmp_path / place).write_bytes(data)
        with pytest.raises(UnreadableSourceError, match=sentence):
            next(parquet.read((tmp_path / place) if place.endswith("parquet") else tmp_path / "d"))
    with pytest.raises(UnreadableSourceError, match="does not exist"):
        next(parquet.read(tmp_path / "nowhere"))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_refused_or_have_faults(tmp_path, seed):
    rng = np.random.default_rng(seed)
    data = bytearray(own(tmp_path, *(face(n) for n in range(3))).read_bytes())
    for place in rng.integers(4, len(data) - 8, 1 + seed % 5):
        data[place] = rng.integers(0, 256)
    del data[len(data) - (0 if seed % 4 else 500) :]
    (tmp_path / "x.parquet").write_bytes(data)
    try:
        for item in parquet.read(tmp_path / "x.parquet"):
            assert isinstance(item, Fault) or item.pixels.shape == (48, 48)
    except UnreadableSourceError as error:
        assert "x.parquet" in str(error) and "\n" not in str(error)


def test_progress_and_one_order_of_names(tmp_path):
    seen = []
    list(parquet.read(own(tmp_path, face()), on_progress=lambda *step: seen.append(step)))
    assert seen == [(1, 1)]
    assert list(EMOTIONS) == writing.FEATURES["label"]["names"]
