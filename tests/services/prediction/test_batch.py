"""Photos and zips read together: one that cannot be read stops no other, and no zip does harm."""

import base64
import io
import json
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.emotions import EMOTIONS
from fercore.errors import Cancelled, InputError
from fercore.faces.extraction import extractor
from fercore.faces.workers import extracted_here
from fercore.language import tr, use
from fercore.services.prediction import batch, photos, tables, visits
from fercore.services.prediction.batch import BatchJob
from fercore.services.prediction.sample import SamplePhoto
from tests.faces.pictures import encoded


class Model:
    """Names each face's emotion by its place."""

    def probabilities(self, pixels):
        return np.eye(7, dtype=np.float32)[: len(pixels)]

    def novelty(self, pixels):
        return None


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """No processes, no model."""
    found = lambda tasks, name, yunet, processes: extracted_here(tasks, extractor(name, yunet))  # noqa: E731
    monkeypatch.setattr(batch, "extracted", found)
    monkeypatch.setattr(photos, "load", lambda *_: Model())


@pytest.fixture(scope="module")
def face():
    return encoded(portrait_photo([(Style.EAST, 3)], 1, (320, 240)))


WALL = encoded(Image.new("RGB", (300, 200), "gray"))


def zipped(files, change=lambda info: None):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            change(info)
            archive.writestr(info, data)
    return file.getvalue()


def read(store, *files, progress=lambda *_: None):
    """A batch as the page gets it: what the job left, taken from where it left it."""
    uploads = [SamplePhoto(name, name, data) for name, data in files]
    request = BatchJob(token=visits.begin(store, uploads), run=1, files=len(uploads))
    summary = batch.KIND.run(store, request, progress)
    result = batch.taken(store, request.token)
    assert list(store.visits.iterdir()) == []
    assert set(summary) == {"photos", "faces"}
    return result


def told(result):
    """Photos with their faces or the beginning of what is wrong, and what was left out."""
    lines = {photo["photo"]: photo.get("error", "")[:30] or len(photo["faces"]) for photo in result.photos}
    return lines, {fault.where: fault.why for fault in result.left_out}


def test_photos_and_zips_in_their_order(lite, face):
    result = read(
        lite, ("z.zip", zipped({"b/얼굴.jpg": face, "a.png": WALL})), ("face.jpg", face), ("x", b"no picture")
    )
    lines, left_out = told(result)
    assert lines == {"a.png": 0, "b/얼굴.jpg": 1, "face.jpg": 1, "x": "This file is not a readable pi"}
    assert list(lines) == ["a.png", "b/얼굴.jpg", "face.jpg", "x"] and left_out == {}
    assert [bool(thumbnail) for thumbnail in result.thumbnails] == [True, True, True, False]
    assert Image.open(io.BytesIO(base64.b64decode(result.thumbnails[0]))).size == (96, 64)
    assert result.pixels.shape == (2, 48, 48) and np.array_equal(*result.pixels)


def test_it_is_printed_as_the_command_does(lite, face):
    result = read(lite, ("face.jpg", face), ("no", b"x"))
    read_here = photos.predict(Model(), "face.jpg", face, extractor())
    assert result.photos[0] == json.loads(json.dumps(photos.as_json(read_here)))
    assert set(result.photos[1]) == {"photo", "size", "faces", "error"}


def linked(info):
    info.external_attr = 0o120777 << 16


def bomb():
    """60 MB in as many kilobytes."""

    def deflated(info):
        info.compress_type = zipfile.ZIP_DEFLATED

    return zipped({"a.jpg": bytes(60 * 2**20), "b.png": WALL}, deflated)


def forged():
    """A kilobyte that says it is four million times as much."""
    data = bytearray(zipped({"a.jpg": bytes(1000), "b.png": WALL}))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 2**32 - 2)
    return bytes(data)


def encrypted():
    data = bytearray(zipped({"a.jpg": WALL, "b.png": WALL}))
    data[data.find(b"PK\x03\x04") + 6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


OUTSIDE, NONE = "names a file outside of itself", "contains no pictures"
TRICKS = [
    pytest.param(zipped({"../../evil.png": WALL, "b.png": WALL}), {}, {"z.zip": OUTSIDE}, id="a path out of it"),
    pytest.param(zipped({"/etc/evil.png": WALL}), {}, {"z.zip": OUTSIDE}, id="a path from the root"),
    pytest.param(zipped({"C:\\evil.png": WALL}), {}, {"z.zip": OUTSIDE}, id="a drive"),
    pytest.param(zipped({"a.png": b"/etc/passwd"}, linked), {}, {"z.zip": NONE}, id="links alone"),
    pytest.param(zipped({"in.zip": zipped({"a.png": WALL})}), {}, {"z.zip": "an archive inside it"}, id="a zip in it"),
    pytest.param(
        zipped({"in.zip": zipped({"a.png": WALL}), "b.png": WALL, "c.txt": b"c"}),
        {"b.png": 0},
        {"c.txt": "not a picture", "in.zip": "not a picture"},
        id="a zip among photos",
    ),
    pytest.param(encrypted(), {"a.jpg": "'a.jpg' cannot be read: ", "b.png": 0}, {}, id="one is encrypted"),
    pytest.param(forged(), {"a.jpg": "This file is not", "b.png": 0}, {}, id="one says it is huge"),
    pytest.param(bomb(), {"a.jpg": "'a.jpg' is bigger than 50 MB", "b.png": 0}, {}, id="one is huge"),
    pytest.param(zipped({}), {}, {"z.zip": NONE}, id="empty"),
    pytest.param(zipped({"a.png": WALL})[:-40], {}, {"z.zip": "The zip is broken"}, id="cut off"),
    pytest.param(b"PK\x03\x04 and noise", {}, {"z.zip": "The zip is broken"}, id="no zip at all"),
]


@pytest.mark.parametrize(("data", "lines", "left_out"), TRICKS)
def test_tricks_of_zips(lite, data, lines, left_out):
    shown, left = told(read(lite, ("z.zip", data), ("wall.png", WALL)))
    assert shown.pop("wall.png") == 0, "what else is there is read"
    assert list(shown) == sorted(lines)
    assert all(str(shown[name]).startswith(str(start)) for name, start in lines.items()), shown
    assert list(left) == list(left_out) and all(part in left[name] for name, part in left_out.items()), left


def test_so_many_files_are_refused_before_they_are_listed(lite, monkeypatch):
    monkeypatch.setattr(batch, "MOST_DIRECTORY_BYTES", 200)
    monkeypatch.setattr(batch, "files_in", None)
    _, left = told(read(lite, ("z.zip", zipped({f"{n}.png": WALL for n in range(9)})), ("wall.png", WALL)))
    assert left == {"z.zip": "The zip lists too many files. Make a smaller one of the photos."}


@pytest.mark.parametrize(
    ("limit", "value", "read_photos", "left"),
    [
        ("MOST_PHOTOS", 2, ["0.png", "1.png"], {"2.png": "At most 2 photos are read together."}),
        ("MOST_BYTES", 1, ["0.png"], {"1.png": "Not read, and neither is what follows: the batch is too large."}),
        ("MOST_FACES", 0, [], {"0.png": "Not read, and neither is what follows: the batch is too large."}),
    ],
)
def test_a_batch_has_an_end(lite, monkeypatch, limit, value, read_photos, left):
    monkeypatch.setattr(batch, limit, value)
    lines, left_out = told(read(lite, ("z.zip", zipped({f"{n}.png": WALL for n in range(4)}))))
    assert list(lines) == read_photos and left_out == left


def test_faces_beyond_those_shown_are_in_the_files_all_the_same(lite, face, monkeypatch):
    monkeypatch.setattr(batch, "MOST_SHOWN", 1)
    result = read(lite, ("a.jpg", face), ("b.jpg", face))
    assert len(result.pixels) == 1
    assert [(row.name, row.pixels) for row in tables.rows(result)] == [("a.jpg", 0), ("b.jpg", None)]
    assert len(tables.batch_frame(result)) == 2


def test_a_cancelled_batch_leaves_nothing(lite, face):
    def stop(*_):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        read(lite, ("a.jpg", face), progress=stop)
    assert [list(folder.iterdir()) for folder in lite.visits.iterdir()] == [[]]


def test_a_run_without_a_model_leaves_nothing(lite, face, monkeypatch):
    def load(*_):
        raise InputError("no model")

    monkeypatch.setattr(photos, "load", load)
    with pytest.raises(InputError, match="no model"):
        read(lite, ("a.jpg", face))
    assert [list(folder.iterdir()) for folder in lite.visits.iterdir()] == [[]]


def test_tables_of_a_batch(lite, face):
    result = read(lite, ("face.jpg", face), ("wall.png", WALL), ("no", b"x"))
    counted = tables.summary(result)
    assert (counted.photos, counted.faces, counted.without_face, counted.unreadable) == (3, 1, 1, 1)
    assert counted.emotions == {name: int(name == "Angry") for name in EMOTIONS}
    frame = tables.batch_frame(result)
    assert list(frame.columns) == [
        "photo",
        "face",
        "x",
        "y",
        "width",
        "height",
        "emotion",
        *EMOTIONS,
        "remarks",
        "error",
    ]
    assert frame["photo"].tolist() == ["face.jpg", "wall.png", "no"]
    assert frame["face"].tolist()[0] == 1 and frame["face"].isna().tolist() == [False, True, True]
    assert frame["Angry"].tolist()[0] == 1.0 and frame["error"].tolist()[:2] == ["", ""] and frame["error"][2]
    assert frame.to_csv(index=False).splitlines()[2] == "wall.png,,,,,,,,,,,,,,,"


def test_an_empty_batch_has_empty_tables(lite):
    result = read(lite, ("z.zip", zipped({})))
    assert tables.batch_frame(result).empty and list(tables.rows(result)) == []
    assert tables.summary(result).emotions == dict.fromkeys(EMOTIONS, 0)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_its_job_is_called_by_numbers_alone(language):
    use(language)
    titles = [batch.KIND.title(BatchJob(token="a" * 32, run=3, files=files)) for files in (1, 12)]
    assert "1" in titles[0] and "12" in titles[1] and all("3" in title for title in titles)
    assert (
        batch.KIND.summary({"photos": 2, "faces": 1})
        == {"en": "2 photos · 1 face", "ko": "사진 2장 · 얼굴 1개"}[language]
    )
    assert tr("Emotion") not in titles
    use("en")
