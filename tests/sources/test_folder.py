"""Folders and zips of pictures in emotion-named folders."""

import io
import unicodedata

import cv2
import numpy as np
import pytest
from PIL import Image

from fercore.errors import Fault, UnknownEmotionError, UnreadableSourceError
from fercore.sources import folder
from fercore.sources.record import FaceRecord, Notice, Options
from tests.faces.pictures import zipped

GRAY = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)


def png(pixels=GRAY):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def tree(root, names, data=None):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data or png())
    return root


@pytest.mark.parametrize(
    ("name", "split", "emotion"),
    [
        pytest.param("angry/1.png", "train", 0, id="no split"),
        pytest.param("Validation/HAPPINESS/1.PNG", "validation", 3, id="any case"),
        pytest.param("data/val/기쁨/1.png", "validation", 3, id="korean, wrapped"),
        pytest.param("test/SU/x.y.png", "test", 6, id="jaffe's word"),
        pytest.param("Training/" + unicodedata.normalize("NFD", "슬픔") + "/1.png", "train", 5, id="nfd"),
        pytest.param("happy/sad/1.png", "train", 5, id="the nearest folder counts"),
    ],
)
def test_path_gives_split_and_emotion(tmp_path, name, split, emotion):
    (record,) = folder.read(tree(tmp_path / "d", [name]))
    assert (record.split, record.emotion) == (split, emotion)
    assert record.where == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("split", "splits"),
    [
        pytest.param(None, ["train", "validation"], id="as the source is used"),
        pytest.param("source", ["train", "validation"], id="as its makers split it"),
        pytest.param("test", ["test", "validation"], id="for pictures in no split folder"),
    ],
)
def test_splits(tmp_path, split, splits):
    root = tree(tmp_path / "d", ["sad/1.png", "val/sad/1.png"])
    assert [record.split for record in folder.read(root, Options(split=split))] == splits


def test_folders_name_no_persons(tmp_path):
    with pytest.raises(UnreadableSourceError, match=r"'d' names no persons, so it cannot be split by person\."):
        next(folder.read(tree(tmp_path / "d", ["sad/1.png"]), Options(split="subject")))


def test_gray_pictures_of_48_pixels_are_taken_exactly(tmp_path):
    root = tree(tmp_path / "d", ["sad/gray.png"])
    tree(root, ["sad/colour.png"], png(np.repeat(GRAY[:, :, None], 3, axis=2)))
    for record in folder.read(root):
        assert np.array_equal(record.pixels, GRAY)


def test_other_sizes_are_averaged_from_their_middle_square(tmp_path):
    wide = np.random.default_rng(2).integers(0, 256, (144, 200), dtype=np.uint8)
    (record,) = folder.read(tree(tmp_path / "d", ["sad/1.png"], png(wide)))
    expected = cv2.resize(wide[:, 28:172], (48, 48), interpolation=cv2.INTER_AREA)
    assert np.array_equal(record.pixels, expected)


def test_order_is_that_of_the_paths_and_identity_tells_contents_apart(tmp_path):
    root = tree(tmp_path / "d", ["sad/b.png", "angry/z.png", "sad/a.png"])
    first = list(folder.read(root))
    assert [record.where for record in first] == ["angry/z.png", "sad/a.png", "sad/b.png"]
    tree(root, ["sad/a.png"], png(GRAY // 2))
    changed = {record.identity for record in folder.read(root)} ^ {record.identity for record in first}
    assert {identity.split("#")[0] for identity in changed} == {"sad/a.png"}


def test_unknown_folder_is_refused_before_anything_is_yielded(tmp_path):
    reader = folder.read(tree(tmp_path / "d", ["angry/1.png", "zz-contempt/1.png"]))
    with pytest.raises(UnknownEmotionError, match=r"'zz-contempt'.*Known words are: Angry: angry"):
        next(reader)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        pytest.param(["1.png"], "'1.png' in 'd' lies in no emotion folder", id="no folder"),
        pytest.param(["train/1.png"], "'train/1.png' in 'd' lies in no emotion folder", id="only a split"),
        pytest.param(["angry/1.txt", ".DS_Store", "__MACOSX/angry/1.png"], "no pictures", id="no pictures"),
    ],
)
def test_other_forms_are_refused(tmp_path, names, sentence):
    with pytest.raises(UnreadableSourceError, match=sentence):
        list(folder.read(tree(tmp_path / "d", names)))


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(UnreadableSourceError, match="neither a folder nor a zip"):
        list(folder.read(tmp_path / "a.txt"))


def test_litter_is_ignored_and_broken_pictures_are_faults(tmp_path):
    root = tree(tmp_path / "d", ["sad/ok.png", "sad/Thumbs.db", "sad/._ok.png", "sad/list.csv"])
    tree(root, ["sad/broken.png"], png()[:200])
    tree(root, ["sad/empty.jpg"], b" ")
    tree(root, ["sad/phone.heic"], b"\0\0\0\x18ftypheic")
    result = list(folder.read(root))
    assert [row.where for row in result if isinstance(row, Fault)] == [
        "sad/broken.png",
        "sad/empty.jpg",
        "sad/phone.heic",
    ]
    assert [row.where for row in result if isinstance(row, FaceRecord)] == ["sad/ok.png"]
    (notice,) = (row for row in result if isinstance(row, Notice))
    assert str(notice) == "d: Left out: 1 file by ending (.csv 1): sad/list.csv"


def test_links_that_leave_the_folder_are_not_followed(tmp_path):
    outside = tree(tmp_path / "out", ["secret.png"])
    root = tree(tmp_path / "d", ["sad/1.png"])
    (root / "sad" / "link.png").symlink_to(outside / "secret.png")
    (root / "sad" / "happy").symlink_to(outside)
    (root / "sad" / "loop").symlink_to(root)
    notice, record = folder.read(root)
    assert record.where == "sad/1.png"
    assert "Left out: 3 files by link" in notice.why and "sad/link.png" in notice.why
    assert notice.files == ("sad/happy", "sad/link.png", "sad/loop")


def test_progress_counts_files(tmp_path):
    seen = []
    list(folder.read(tree(tmp_path / "d", ["sad/1.png", "sad/2.png"]), on_progress=lambda *step: seen.append(step)))
    assert seen == [(1, 2), (2, 2)]


def test_zip_like_folder(tmp_path):
    path = zipped(tmp_path / "a.zip", {"pack/test/놀람/1.png": png(), "pack/.DS_Store": b"x"})
    (record,) = folder.read(path)
    assert (record.split, record.emotion, record.word) == ("test", 6, "놀람")
