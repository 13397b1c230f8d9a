"""The photos of a folder, and the words in their names."""

import unicodedata

import pytest

from fercore.errors import UnreadableSourceError
from fercore.faces.photos import emotion_from, photos_in


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [
        pytest.param("happy/1.jpg", "none", ("", None), id="none"),
        pytest.param("a/기쁨/1.jpg", "parent", ("기쁨", 3), id="parent"),
        pytest.param(
            unicodedata.normalize("NFD", "슬픔") + "/1.jpg",
            "parent",
            (unicodedata.normalize("NFD", "슬픔"), 5),
            id="nfd",
        ),
        pytest.param("holiday/1.jpg", "parent", ("holiday", None), id="unknown parent"),
        pytest.param("1.jpg", "parent", ("", None), id="no parent"),
        pytest.param("x/kim_Happy_03.jpg", "filename", ("Happy", 3), id="in the name"),
        pytest.param("0cb3d5e2_여_20_기쁨_숙박 및 거주공간_20210126-010.jpg", "filename", ("기쁨", 3), id="ai hub"),
        pytest.param("an_su_1.jpg", "filename", ("", None), id="two letters are too common"),
        pytest.param("sad/portrait.jpg", "filename", ("", None), id="no word in the name"),
    ],
)
def test_emotion_from(name, where, expected):
    assert emotion_from(name, where) == expected


def test_pictures_are_listed_and_other_files_are_not(tmp_path):
    for name in ("b.JPG", "a.png", "c.heic", "notes.txt", ".hidden.png"):
        (tmp_path / name).write_bytes(b"x")
    with photos_in(tmp_path) as photos:
        assert [photo.name for photo in photos] == ["a.png", "b.JPG", "c.heic"]
        assert photos[0].read() == b"x"


def test_one_picture_is_a_list_of_one(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    with photos_in(tmp_path / "a.png") as photos:
        assert [(photo.name, photo.read()) for photo in photos] == [("a.png", b"x")]


def test_no_photo_is_said(tmp_path):
    with pytest.raises(UnreadableSourceError, match="contains no pictures"), photos_in(tmp_path):
        pass
