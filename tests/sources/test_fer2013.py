"""FER2013's CSV in its forms, and the broken and hostile files that come under its name."""

import gzip
import io
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from fercore.emotions import EMOTIONS, FER2013_CODES
from fercore.errors import Fault, UnreadableSourceError
from fercore.sources import fer2013, lines
from fercore.sources.record import FaceRecord, Options, pixel_hash
from tests.faces.pictures import zipped

HEADER = "emotion,pixels,Usage\n"


def row(emotion=3, value=9, usage="Training"):
    return f"{emotion},{' '.join([str(value)] * 2304)},{usage}\n"


def read(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(fer2013.read(path))


@pytest.mark.parametrize(
    ("code", "name"),
    list(enumerate(["Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral"])),
)
def test_codes_become_the_projects_emotions(tmp_path, code, name):
    (record,) = read(tmp_path / "a.csv", HEADER + row(code))
    assert EMOTIONS[record.emotion] == name


@pytest.mark.parametrize(
    ("usage", "split"),
    [("Training", "train"), ("PublicTest", "validation"), ("PrivateTest", "test"), ("publictest", "validation")],
)
def test_usage_becomes_a_split(tmp_path, usage, split):
    (record,) = read(tmp_path / "a.csv", HEADER + row(usage=usage))
    assert record.split == split


@pytest.mark.parametrize(
    ("split", "splits"),
    [
        (None, ["train", "validation", "test"]),
        ("source", ["train", "validation", "test"]),
        ("validation", ["validation"] * 3),
        ("train", ["train"] * 3),
    ],
)
def test_splits(tmp_path, split, splits):
    usages = ("Training", "PublicTest", "PrivateTest")
    (tmp_path / "a.csv").write_text(HEADER + "".join(row(usage=usage) for usage in usages))
    records = list(fer2013.read(tmp_path / "a.csv", Options(split=split)))
    assert [record.split for record in records] == splits
    assert [record.identity.split("/")[0] for record in records] == ["train", "validation", "test"], "as at any import"


def test_it_names_no_persons(tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + row())
    with pytest.raises(UnreadableSourceError, match=r"'a.csv' names no persons, so it cannot be split by person\."):
        next(fer2013.read(tmp_path / "a.csv", Options(split="subject")))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + HEADER + row(), id="byte order mark"),
        pytest.param((HEADER + row()).replace("\n", "\r\n"), id="crlf"),
        pytest.param((HEADER + row()).rstrip("\n"), id="no last line break"),
        pytest.param("Emotion, Pixels, usage\n" + row(), id="spelling of the header"),
        pytest.param('"emotion","pixels","Usage"\n' + '"3","' + " ".join(["9"] * 2304) + '","Training"\n', id="quoted"),
        pytest.param("id,Usage,pixels,x,emotion\n" + f"7,Training,{' '.join(['9'] * 2304)},기쁨,3\n", id="order"),
        pytest.param(HEADER + "\n" + row() + "\n\n", id="blank lines"),
    ],
)
def test_variants_of_the_file(tmp_path, text):
    (record,) = read(tmp_path / "a.csv", text)
    assert (record.emotion, record.split, record.word) == (3, "train", "happy")
    assert record.pixels.shape == (48, 48)
    assert record.pixel_hash == pixel_hash(np.full((48, 48), 9, np.uint8))


def test_exact_copies_are_kept_apart_and_identity_is_stable(tmp_path):
    text = HEADER + row() * 3 + row(usage="PublicTest") + row(emotion=4)
    first, again = read(tmp_path / "a.csv", text), read(tmp_path / "b.csv", text)
    assert len({record.identity for record in first}) == 5
    assert [record.identity for record in first] == [record.identity for record in again]


def test_faults_name_lines_and_the_rest_is_read(tmp_path):
    text = (HEADER + row() + row(9) + "3,1 2 3,Training\n").encode()
    text += "3,기,Training\n".encode("cp949") + row().encode()
    result = read(tmp_path / "a.csv", text)
    assert [str(item)[:25] for item in result if isinstance(item, Fault)] == [
        "line 3: unknown emotion '",
        "line 4: expected 2304 pix",
        "line 5: not UTF-8 (byte 3",
    ]
    assert [item.where for item in result if isinstance(item, FaceRecord)] == ["line 2", "line 6"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(HEADER, "a header and no rows", id="header only"),
        pytest.param(row(), "line 1: no header", id="no header"),
        pytest.param("emotion,pixels\n1,2\n", "line 1: no column Usage.*Say one for all", id="no usage"),
        pytest.param("emotion,usage\n1,2\n", "line 1: no column pixels", id="missing column"),
        pytest.param("emotion;pixels;Usage\n", "no column emotion, pixels, usage", id="semicolons"),
        pytest.param(HEADER.encode("utf-16"), "line 1: not UTF-8", id="utf-16"),
        pytest.param("감정,pixels".encode("cp949"), "line 1: not UTF-8", id="cp949"),
        pytest.param(b"x" * 200_000, "a very long line", id="one long line"),
    ],
)
def test_other_files_are_refused_in_one_sentence(tmp_path, text, sentence):
    with pytest.raises(UnreadableSourceError, match=sentence):
        read(tmp_path / "a.csv", text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableSourceError, match=r"gone\.csv"):
        list(fer2013.read(tmp_path / "gone.csv"))


def test_gzip_whatever_its_name(tmp_path):
    (record,) = read(tmp_path / "upload", gzip.compress((HEADER + row()).encode()))
    assert record.where == "line 2"


def test_gzip_that_breaks_off(tmp_path):
    rng = np.random.default_rng(0)
    text = HEADER + "".join(f"3,{' '.join(map(str, rng.integers(0, 256, 2304)))},Training\n" for _ in range(20))
    with pytest.raises(UnreadableSourceError, match="breaks off after line"):
        read(tmp_path / "a.csv.gz", gzip.compress(text.encode())[:-20_000])


def test_zip_with_one_csv_and_litter(tmp_path):
    files = {"fer2013/fer2013.csv": HEADER + row(), "__MACOSX/fer2013/._fer2013.csv": b"\0", "README": "hi"}
    notice, record = fer2013.read(zipped(tmp_path / "a.zip", files))
    assert record.emotion == 3
    assert "Left out: 1 file by ending (without ending 1): README" in notice.why


def test_zip_with_several_csv_files_lists_them(tmp_path):
    with pytest.raises(UnreadableSourceError, match=r"contains 2 \('a.csv', 'b.csv'\)"):
        list(fer2013.read(zipped(tmp_path / "a.zip", {"a.csv": HEADER, "b.csv": HEADER})))


def test_zip_whose_csv_is_damaged(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.csv": HEADER + row() * 50})
    data = bytearray(path.read_bytes())
    data[60:90] = b"\xff" * 30
    path.write_bytes(data)
    with pytest.raises(UnreadableSourceError, match="breaks off after line"):
        list(fer2013.read(path))


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_folder_form(tmp_path, form):
    picture = io.BytesIO()
    Image.fromarray(np.full((48, 48), 7, np.uint8)).save(picture, "PNG")
    names = ["train/angry/1.png", "test/happy/2.png", "PublicTest/sad/3.png", "PrivateTest/fear/4.png"]
    if form == "zip":
        path = zipped(tmp_path / "a.zip", dict.fromkeys(names, picture.getvalue()))
    else:
        path = tmp_path / "fer"
        for name in names:
            (path / name).parent.mkdir(parents=True)
            (path / name).write_bytes(picture.getvalue())
    result = {record.where: (record.split, record.emotion) for record in fer2013.read(path)}
    assert [result[name] for name in names] == [("train", 0), ("test", 3), ("validation", 5), ("test", 2)]


def test_a_bomb_is_stopped_and_costs_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_TOTAL", 30 * 2**20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"0" * (60 * 2**20), 1))
    tracemalloc.start()
    with pytest.raises(UnreadableSourceError, match="GB of text"):
        list(fer2013.read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 2**20


def test_a_line_too_long_is_a_fault_and_the_next_line_is_read(tmp_path):
    result = read(tmp_path / "a.csv", HEADER + "1" * 300_000 + "\n" + row())
    assert str(result[0]) == "line 2: longer than 64 KB"
    assert result[1].where == "line 3"


def test_rows_come_one_by_one_and_progress_ends_at_the_total(tmp_path):
    path, seen = tmp_path / "a.csv", []
    path.write_text(HEADER + row() * 500)
    reader = fer2013.read(path, on_progress=lambda done, total: seen.append((done, total)))
    assert next(reader).where == "line 2"
    assert not seen
    list(reader)
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)
    assert seen == sorted(seen)


def test_real_rows_are_read_exactly(tmp_path, shared_data):
    split = np.load(shared_data / "fer2013" / "public_test.npz")
    images, labels = split["images"][:400], split["labels"][:400]
    rows = [
        f"{label},{' '.join(map(str, image.ravel()))},PublicTest\n" for image, label in zip(images, labels, strict=True)
    ]
    records = read(tmp_path / "a.csv", HEADER + "".join(rows))
    assert np.array_equal(np.stack([record.pixels for record in records]), images)
    assert [FER2013_CODES[label] for label in labels] == [record.emotion for record in records]
