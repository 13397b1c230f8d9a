"""JAFFE: its names, its forms, and what comes under its name."""

from collections import Counter

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.decoding import decode
from fercore.sources import jaffe
from fercore.sources.record import Notice, Options, PhotoRecord
from fercore.sources.splits import by_rank
from tests.sources.generated import jaffe_tree
from tests.sources.generated.classic import JAFFE_PEOPLE
from tests.sources.generated.writing import noise_picture, write_files

TIFF = noise_picture(1, form="TIFF")


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("suffix", [".tiff", ".tif", ".TIFF"])
def test_every_picture_is_a_test_face_of_its_person(tmp_path, zipped, suffix):
    count = 0
    *items, readme = sorted(
        jaffe.read(jaffe_tree(tmp_path, zipped, suffix=suffix)), key=lambda i: isinstance(i, Notice)
    )
    assert "Left out: 2 files by ending" in readme.why
    for item in items:
        assert isinstance(item, PhotoRecord)
        assert decode(item.file.read()).gray.shape == (60, 60), "gray or with a palette"
        assert (item.split, item.which, item.fallback) == ("test", "largest", "middle")
        assert item.identity.split(".")[:2] == [item.about.subject, f"{item.word}1"]
        count += 1
    assert count == 70


def photos(items):
    return [item for item in items if isinstance(item, PhotoRecord)]


@pytest.mark.parametrize(
    ("name", "subject", "emotion"),
    [
        ("KA.AN1.39.tiff", "KA", "Angry"),
        ("KL.DI12.1.tif", "KL", "Disgust"),
        ("km.fe3.213.TIFF", "KM", "Fear"),
        ("KR.HA1.74.tiff", "KR", "Happy"),
        ("MK.NE1.113.tiff", "MK", "Neutral"),
        ("NA.SA1.205.tiff", "NA", "Sad"),
        ("YM.SU1.58.tiff", "YM", "Surprise"),
        ("YM.SU2.59.bmp", "YM", "Surprise"),
        ("YM.SU3.60.dat", "YM", "Surprise"),
    ],
)
def test_names(tmp_path, name, subject, emotion):
    (record,) = jaffe.read(write_files(tmp_path / "j", {name: TIFF}))
    assert (record.about.subject, EMOTIONS[record.emotion]) == (subject, emotion)
    (alone,) = jaffe.read(tmp_path / "j" / name)
    assert alone.identity == record.identity == name


@pytest.mark.parametrize(
    "name", ["KA.XX1.39.tiff", "KAN.AN1.39.tiff", "KA.AN.39.tiff", "KA.AN1.tiff", "KA_AN1_39.tiff", "한국.AN1.39.tiff"]
)
def test_other_names_are_faults_and_the_rest_is_read(tmp_path, name):
    fault, record = jaffe.read(write_files(tmp_path / "j", {name: TIFF, "KA.AN1.39.tif": TIFF}))
    assert isinstance(fault, Fault)
    assert str(fault).startswith(
        f"{name}: The name contains neither person nor emotion; expected a name like 'KA.AN1.39."
    )
    assert record.identity == "KA.AN1.39.tif"


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        (None, {"test": 70}),
        ("train", {"train": 70}),
        ("source", {"test": 70}),
        ("subject", {"train": 56, "validation": 7, "test": 7}),
    ],
)
def test_splits(tmp_path, split, expected):
    records = photos(jaffe.read(jaffe_tree(tmp_path), Options(split=split, seed=4)))
    assert Counter(record.split for record in records) == expected
    if split == "subject":
        assert {record.about.subject: record.split for record in records} == by_rank(JAFFE_PEOPLE, 4)


def test_the_original_counts_where_a_picture_is_there_in_other_forms(tmp_path):
    names = ("KA.AN1.39.bmp", "KA.AN1.39.tiff", "KA.AN2.40.bmp")
    result = photos(jaffe.read(write_files(tmp_path / "j", dict.fromkeys(names, TIFF))))
    assert [record.identity for record in result] == ["KA.AN1.39.tiff", "KA.AN2.40.bmp"]


def test_folders_name_splits_where_that_is_asked(tmp_path):
    root = write_files(tmp_path / "j", {"train/KA.AN1.39.tiff": TIFF, "KL.DI1.1.tiff": TIFF})
    records = {record.about.subject: record.split for record in jaffe.read(root, Options(split="source"))}
    assert records == {"KA": "train", "KL": "test"}


def test_unpacked_beside_its_zip_counts_once(tmp_path):
    jaffe_tree(tmp_path, zipped=True)
    jaffe_tree(tmp_path)
    records = photos(jaffe.read(tmp_path))
    assert len(records) == len({record.identity for record in records}) == 70


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        pytest.param({"README": b""}, "'j' contains no JAFFE pictures. Expected files ending in .tiff .tif", id="none"),
        pytest.param({"a.zip": b"x"}, r"no JAFFE pictures \(a.zip: ", id="a broken zip"),
    ],
)
def test_other_forms_are_refused_in_one_sentence(tmp_path, files, sentence):
    with pytest.raises(UnreadableSourceError, match=sentence):
        list(jaffe.read(write_files(tmp_path / "j", files)))


def test_nothing_there(tmp_path):
    with pytest.raises(UnreadableSourceError, match="does not exist"):
        list(jaffe.read(tmp_path / "gone"))


def test_progress_counts_pictures(tmp_path):
    seen = []
    list(jaffe.read(jaffe_tree(tmp_path), on_progress=lambda *step: seen.append(step)))
    assert seen == [(done, 70) for done in range(1, 71)]
