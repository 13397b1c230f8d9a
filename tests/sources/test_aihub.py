"""AI Hub's download in every packing and encoding: what is kept of it, and what is told of the rest."""

import shutil
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import Fault
from fercore.faces.decoding import decode
from fercore.sources import aihub
from fercore.sources.emotion_map import word_map
from fercore.sources.record import Notice, Options, PhotoRecord, WordMap
from fercore.sources.splits import by_person
from tests.sources.generated import ENCODINGS, aihub_tree
from tests.sources.generated.aihub import CASES, SIZE
from tests.sources.generated.writing import write_zip


def read(path, *wanted, **options):
    """Photos by name, and the other items of the wanted kinds."""
    items = list(aihub.read(path, Options(**options)))
    photos = {item.identity: item for item in items if isinstance(item, PhotoRecord)}
    assert len(photos) == sum(isinstance(item, PhotoRecord) for item in items), "a picture came twice"
    return photos, [item for item in items if isinstance(item, wanted or (Fault, Notice))]


PACKINGS = [
    *[pytest.param(encoding, False, "NFC", "plain", id=encoding) for encoding in ENCODINGS],
    pytest.param("utf-8-sig", True, "NFC", "numbered", id="zips of korean windows"),
    pytest.param("cp949", "half", "NFC", "numbered", id="cp949, half unpacked"),
    pytest.param("euc-kr", True, "NFD", "plain", id="euc-kr, zips of a mac"),
    pytest.param("utf-8", False, "NFD", "plain", id="unpacked on a mac"),
    pytest.param("utf-8", "half", "NFD", "sample", id="sample, half unpacked on a mac"),
]


@pytest.mark.parametrize(("encoding", "zipped", "form", "layout"), PACKINGS)
def test_every_packing_says_the_same(tmp_path, encoding, zipped, form, layout):
    made = aihub_tree(tmp_path, encoding, zipped, form, layout)
    photos = {}
    for item in aihub.read(made.root):
        if isinstance(item, PhotoRecord):
            photos[item.identity] = item
            assert decode(item.file.read()).size == SIZE, "upright, whatever its EXIF says"
            assert item.file.size > 0
            assert "!/" in item.file.place or Path(item.file.place).is_file()
    assert set(photos) == set(made.photos)
    for name, case in made.photos.items():
        photo, about = photos[name], photos[name].about
        assert photo.emotion == (None if case.emotion is None else EMOTIONS.index(case.emotion)), name
        assert (photo.word, photo.boxes) == (case.folder, case.boxes)
        assert (about.subject, about.age, about.professional) == (case.subject, case.age, case.professional)
        assert about.gender == {"여": "female", "남": "male"}[case.gender]
        assert about.annotators == case.annotators
        assert unicodedata.is_normalized("NFC", photo.file.name)


@pytest.mark.parametrize("zipped", [False, True, "half"])
def test_what_cannot_be_used_is_listed_once_each(tmp_path, zipped):
    made = aihub_tree(tmp_path, zipped=zipped)
    _, faults = read(made.root, Fault)
    files, records = faults[: len(made.bad_files)], [fault for fault in faults if ", record " in fault.where]
    assert len(records) == made.bad_records
    assert len(faults) == made.bad_records + len(made.bad_files)
    assert all(piece in fault.where for piece, fault in zip(made.bad_files, files, strict=True))
    _, notices = read(made.root, Notice)
    without_picture = [notice.where for notice in notices if "is not there" in notice.why]
    without_record = [notice.where for notice in notices if "No JSON record" in notice.why]
    assert (tuple(without_picture), tuple(without_record)) == (made.without_picture, made.without_record)
    boxes = [notice.why for notice in notices if "boxes" in notice.why]
    assert boxes == [f"Annotators' boxes left out, being empty or without area: {made.dropped_boxes}."]


def test_copies_count_once_and_are_counted(tmp_path):
    made = aihub_tree(tmp_path, zipped="half", hostile=False)
    photos, notices = read(made.root, Notice)
    assert len(photos) == len(CASES)
    assert any(str(notice).startswith("pictures: Left out as copies of others") for notice in notices)
    assert any("!/" in photo.file.place for photo in photos.values())
    assert any("!/" not in photo.file.place for photo in photos.values())
    assert [str(notice) for notice in notices if notice.where == "records"] == [
        "records: Left out, as their pictures were named before: 1."
    ]


def test_a_person_stays_in_one_split_whatever_is_downloaded(tmp_path):
    made = aihub_tree(tmp_path)
    before, _ = read(made.root, seed=3)
    splits = defaultdict(set)
    for photo in before.values():
        splits[photo.about.subject].add(photo.split)
    assert [len(result) for result in splits.values()] == [1] * 9
    request, _ = read(made.root, split="subject", seed=3)
    assert {name: photo.split for name, photo in request.items()} == {name: before[name].split for name in before}
    for folder in [*made.root.glob("Validation/*"), *made.root.glob("Training/*기쁨*")]:
        shutil.rmtree(folder)
    after, _ = read(made.root, seed=3)
    assert 0 < len(after) < len(before)
    assert {name: photo.split for name, photo in after.items()} == {name: before[name].split for name in after}


@pytest.mark.parametrize("layout", ["plain", "numbered"])
@pytest.mark.parametrize("zipped", [False, True])
def test_the_sources_own_splits(tmp_path, layout, zipped):
    made = aihub_tree(tmp_path, zipped=zipped, layout=layout)
    photos, _ = read(made.root, split="source")
    assert {name: photo.split for name, photo in photos.items()} == {n: case.split for n, case in made.photos.items()}


@pytest.mark.parametrize(
    ("split", "expected"),
    [("source", "train"), ("train", "train"), ("validation", "validation"), ("test", "test")],
)
def test_one_split_for_all_and_samples_are_for_training(tmp_path, split, expected):
    photos, _ = read(aihub_tree(tmp_path, layout="sample").root, split=split)
    assert {photo.split for photo in photos.values()} == {expected}


def test_a_part_alone_keeps_its_split(tmp_path):
    made = aihub_tree(tmp_path, layout="numbered")
    (part,) = made.root.rglob("2.Validation")
    photos, _ = read(part, split="source")
    assert {photo.split for photo in photos.values()} == {"validation"}


def test_the_word_map_is_the_users_choice(tmp_path):
    made = aihub_tree(tmp_path, hostile=False)
    words = WordMap(2, word_map().words | {"기쁨": None, "불안": EMOTIONS.index("Sad")})
    photos, _ = read(made.root, words=words)
    by_word = {photo.word: photo.emotion for photo in photos.values()}
    assert (by_word["기쁨"], by_word["불안"]) == (None, EMOTIONS.index("Sad"))
    assert by_word["분노"] == EMOTIONS.index("Angry")


def test_one_zip_of_everything(tmp_path):
    made = aihub_tree(tmp_path, hostile=False)
    files = {str(path.relative_to(made.root)): path.read_bytes() for path in made.root.rglob("*") if path.is_file()}
    photos, _ = read(write_zip(tmp_path / "all.zip", files))
    assert set(photos) == set(made.photos)


def test_by_person_is_what_the_default_does(tmp_path):
    photos, _ = read(aihub_tree(tmp_path, hostile=False).root)
    assert all(photo.split == by_person(photo.about.subject, 0) for photo in photos.values())
