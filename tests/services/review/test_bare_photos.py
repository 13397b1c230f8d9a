"""A face is added to a photo in which none was found: from files, archives, turned or gone."""

import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from fercore.services.review import added_faces
from fercore.store.datasets import faces as face_table
from fercore.store.tables import Face
from tests.conftest import fill
from tests.services.review.added import add, newest, photograph


@pytest.fixture
def bare(store, tmp_path):
    """A photo in which no face was found, of a person who is in the split test elsewhere; returns its row's number."""
    ids = fill(store, "D", [3], split="test")
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (300, 900, 3), np.uint8)).save(tmp_path / "a.png")
    return store, tmp_path / "a.png", ids


@pytest.mark.parametrize(
    ("name", "subject", "split"),
    [
        pytest.param("a.png", None, "train", id="nothing known"),
        pytest.param("Validation/여/a #1 %20 'x'.png", None, "validation", id="its folder"),
        pytest.param("train/a.png", "S1", "test", id="its person"),
        pytest.param("train/a.png", "S2", "train", id="a new person"),
        pytest.param("b\\udcff\\x.png", None, "train", id="an odd name"),
    ],
)
def test_a_photo_without_a_face_gets_one(bare, name, subject, split):
    store, file, ids = bare
    with store.database.writing() as session:
        session.get_one(Face, ids[0]).subject = "S1"
    number = photograph(store, file, name, file, subject)
    shown = added_faces.photo(store, number)
    assert (shown["size"], shown["faces"], shown["missed"]) == ([900, 300], [], [])
    _, result = add(store, [700, 100, 120, 120], photo=number)
    assert result.problem is None and list(result.added) == [None]
    face = newest(store)
    assert (face.photo_id, face.split, face.subject, face.emotion) == (number, split, subject, None)
    assert added_faces.photo(store, number)["faces"] == [[700, 100, 120, 120]]


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_photo_in_an_archive(bare, tmp_path, kind):
    store, file, _ = bare
    packed = tmp_path / f"photos.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(file, "여/a.png")
    else:
        with tarfile.open(packed, "w") as archive:
            archive.add(file, "여/a.png")
    number = photograph(store, file, "여/a.png", f"{packed}!/여/a.png")
    assert add(store, [0, 0, 200, 200], photo=number)[1].problem is None


def test_a_photo_that_is_turned_by_its_exif_is_drawn_on_upright(bare, tmp_path):
    store, _, _ = bare
    pixels = np.zeros((300, 200, 3), np.uint8)
    pixels[:100, :100] = 255  # the corner that is upper right once it is turned by 90 degrees
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    number = photograph(store, tmp_path / "turned.jpg", "turned.jpg", tmp_path / "turned.jpg")
    assert added_faces.photo(store, number)["size"] == [300, 200]
    assert add(store, [200, 0, 100, 100], photo=number)[1].problem is None
    with store.database.reading() as session:
        gray = face_table.pixels(session, [newest(store).id])
    assert gray.mean() > 240


@pytest.mark.parametrize("happened", ["gone", "changed"])
def test_a_photo_that_is_not_what_it_was_is_told(bare, happened):
    store, file, _ = bare
    number = photograph(store, file, "a.png", file)
    file.unlink() if happened == "gone" else file.write_bytes(b"else")
    message = added_faces.photo(store, number)["problem"]
    assert {"gone": "not where it was imported from", "changed": "has changed"}[happened] in message
    assert add(store, [0, 0, 50, 50], photo=number)[1].problem == message


def test_photos_are_found_by_name_those_without_a_face_first(store, on_photo, tmp_path):
    photograph(store, tmp_path / "사진.png", "Z_100%.png", tmp_path / "사진.png")
    assert [(photo.name, photo.faces) for photo in added_faces.photos(store, "D")] == [
        ("Z_100%.png", 0),
        ("사진.png", 2),
    ]
    assert [photo.name for photo in added_faces.photos(store, "D", "z_1")] == ["Z_100%.png"]
    assert added_faces.photos(store, "D", "z%0") == [] and len(added_faces.photos(store, "D", limit=1)) == 1


def test_the_photo_shows_where_faces_are(store, on_photo):
    assert added_faces.photo_of(store, on_photo[0])["faces"] == [[10, 10, 48, 48]]
    assert "problem" in added_faces.photo_of(store, on_photo[2])
    assert added_faces.beside([(10, 10, 48, 48)], [[11, 11, 48, 48], [100, 10, 40, 40]])["missed"] == [
        [100, 10, 40, 40]
    ]
