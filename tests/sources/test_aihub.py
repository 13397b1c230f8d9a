"""AI Hub's download in every packing and encoding: what is kept of it, and what is told of the rest."""

import random
import shutil
import tracemalloc
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import Fault, UnreadableSourceError
from fercore.faces import archives
from fercore.faces.decoding import decode
from fercore.faces.trees import Found
from fercore.sources import aihub
from fercore.sources.aihub_pictures import Pictures
from fercore.sources.emotion_map import word_map
from fercore.sources.record import Notice, Options, PhotoRecord, WordMap
from fercore.sources.splits import by_person
from tests.sources.generated import ENCODINGS, aihub_tree
from tests.sources.generated.aihub import CASES, SIZE
from tests.sources.generated.writing import write_files, write_zip


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
    without_picture = [one.where for one in notices if "is not there" in one.why]
    without_record = [one.where for one in notices if "No JSON record" in one.why]
    assert (tuple(without_picture), tuple(without_record)) == (made.without_picture, made.without_record)
    boxes = [one.why for one in notices if "boxes" in one.why]
    assert boxes == [f"Annotators' boxes left out, being empty or without area: {made.dropped_boxes}."]


def test_copies_count_once_and_are_counted(tmp_path):
    made = aihub_tree(tmp_path, zipped="half", hostile=False)
    photos, notices = read(made.root, Notice)
    assert len(photos) == len(CASES)
    assert any(str(one).startswith("pictures: Left out as copies of others") for one in notices)
    assert any("!/" in photo.file.place for photo in photos.values())
    assert any("!/" not in photo.file.place for photo in photos.values())
    assert [str(one) for one in notices if one.where == "records"] == [
        "records: Left out, as their pictures were named before: 1."
    ]


def test_a_person_stays_in_one_split_whatever_is_downloaded(tmp_path):
    made = aihub_tree(tmp_path)
    before, _ = read(made.root, seed=3)
    splits = defaultdict(set)
    for photo in before.values():
        splits[photo.about.subject].add(photo.split)
    assert [len(found) for found in splits.values()] == [1] * 9
    asked, _ = read(made.root, split="subject", seed=3)
    assert {name: photo.split for name, photo in asked.items()} == {name: before[name].split for name in before}
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


def lone_json(root):
    return next(root.rglob("*(기쁨).json"))


def lone_picture(root):
    return next(root.rglob("*.jpg"))


def only(suffix):
    def stripped(root):
        for path in root.rglob("*"):
            if path.is_file() and path.suffix not in suffix:
                path.unlink()
        return root

    return stripped


def cut(root):
    for path in root.rglob("*.zip"):
        path.write_bytes(path.read_bytes()[:-40])
    return root


@pytest.mark.parametrize(
    ("change", "zipped", "sentence"),
    [
        pytest.param(lambda root: root / "gone", False, "'.*gone' does not exist", id="nothing there"),
        pytest.param(lone_json, False, "holds no picture. Give the folder", id="one JSON file"),
        pytest.param(lone_picture, False, "holds no JSON file. Give the folder", id="one picture"),
        pytest.param(only({".json"}), False, "'aihub' holds no picture", id="labels only"),
        pytest.param(only({".jpg"}), False, "'aihub' holds no JSON file", id="pictures only"),
        pytest.param(only({}), False, "no JSON file and no picture", id="empty folders"),
        pytest.param(cut, True, r"no JSON file and no picture .*is no zip file that can be", id="cut zips"),
    ],
)
def test_other_forms_are_refused_in_one_sentence(tmp_path, change, zipped, sentence):
    with pytest.raises(UnreadableSourceError, match=sentence):
        list(aihub.read(change(aihub_tree(tmp_path, zipped=zipped).root)))


def test_records_that_match_no_picture_at_all(tmp_path):
    root = write_files(tmp_path / "x", {"a.json": b'[{"filename": "b.jpg"}]', "c.jpg": b"x"})
    with pytest.raises(UnreadableSourceError, match=r"'x' can be used: .*JSON files: 1, records: 1, pictures: 1\)"):
        list(aihub.read(root))


def test_a_broken_zip_is_one_fault_and_the_rest_is_read(tmp_path):
    made = aihub_tree(tmp_path, zipped=True, hostile=False)
    (broken,) = made.root.rglob("*원천*분노*.zip")
    broken.write_bytes(b"no zip")
    write_files(made.root, {"rest.zip.part0": b"PK"})
    photos, (piece, fault) = read(made.root, Fault)
    assert len(photos) == len(CASES) - 1
    assert "분노_TRAIN_01.zip" in fault.where
    assert str(piece) == "rest.zip.part0: This is a piece of a zip. Join the pieces to the whole zip first."


def test_few_zips_are_open_at_a_time_and_none_after(tmp_path, monkeypatch):
    opened, alive, most = set(), set(), 0

    class Counted(archives.zipfile.ZipFile):
        def __init__(self, path):
            super().__init__(path)
            opened.add(path)
            alive.add(id(self))

        def close(self):
            alive.discard(id(self))
            super().close()

    made = aihub_tree(tmp_path, zipped=True, hostile=False)
    monkeypatch.setattr(archives.zipfile, "ZipFile", Counted)
    for item in aihub.read(made.root):
        if isinstance(item, PhotoRecord):
            assert item.file.read()
            most = max(most, len(alive))
    assert 0 < most <= archives.OPEN_AT_ONCE < len(opened)
    assert not alive


def test_names_of_half_a_million_pictures_fit_into_memory():
    """Measured with a tenth of them."""
    folder = type("Place", (), {"name": "Training/[원천]EMOIMG_기쁨_TRAIN_01"})()
    tracemalloc.start()
    pictures = Pictures()
    for number in range(50_000):
        name = CASES[0].name.removesuffix(".jpg").replace("기쁨", f"기쁨{number}")
        pictures.add(Found(folder, name, ".jpg"))
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert pictures.total == 50_000
    assert size < 30 * 2**20


def test_progress_counts_pictures(tmp_path):
    seen = []
    list(aihub.read(aihub_tree(tmp_path).root, on_progress=lambda *step: seen.append(step)))
    total = len(CASES) + 1
    assert seen == [*((done, total) for done in range(1, len(CASES) + 1)), (total, total)]


def mutated(data, rng):
    """JSON bytes with something cut out, doubled, or overwritten by what hurts parsers."""
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.choice([1, 2, 7, 80, 900]))
    hurtful = [b"", b"[" * 2000, b"NaN", b"1e999", b"9" * 5000, b'"\\ud800"', b"\0", b"\xff\xfe", b"null", b"{}", b"-1"]
    return data[:start] + rng.choice([*hurtful, data[start:end] * 2]) + data[end:]


def test_mutated_labels_never_break_the_reader(tmp_path):
    rng = random.Random(0)
    made = aihub_tree(tmp_path, hostile=False)
    path = next(made.root.rglob("*(불안).json"))
    pristine, outcomes = path.read_bytes(), set()
    for _ in range(200):
        path.write_bytes(mutated(mutated(pristine, rng), rng))
        photos, others = read(made.root)
        assert len(photos) >= len(CASES) - 1, "the other files are read"
        assert all(len(f"{one}") < 1000 and "\n" not in str(one) and str(one).isprintable() for one in others)
        outcomes |= {type(one) for one in others if path.name in one.where}
    assert Fault in outcomes


def test_by_person_is_what_the_default_does(tmp_path):
    photos, _ = read(aihub_tree(tmp_path, hostile=False).root)
    assert all(photo.split == by_person(photo.about.subject, 0) for photo in photos.values())
