"""Files that come through the browser: names without folders, folders of their own."""

import io
import unicodedata

import pytest

from fercore.services.datasets import uploads


class Sent(io.BytesIO):
    """An upload, read to its end before it is kept."""

    def __init__(self, name, content):
        super().__init__(content)
        self.name, self.file_id = name, name
        self.seek(0, 2)


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        pytest.param("photos.zip", (), "photos.zip", id="plain"),
        pytest.param("../../etc/passwd", (), "passwd", id="folders above"),
        pytest.param("C:\\Users\\Kim\\photos.zip", (), "photos.zip", id="from Windows"),
        pytest.param(".ssh", (), "ssh", id="hidden"),
        pytest.param("...", (), "upload", id="dots alone"),
        pytest.param("photos/", (), "upload", id="a folder"),
        pytest.param("", (), "upload", id="nothing"),
        pytest.param("a\0b.zip", (), "ab.zip", id="a nought"),
        pytest.param(unicodedata.normalize("NFD", "사진.zip"), (), "사진.zip", id="decomposed Korean"),
        pytest.param("x" * 200 + ".zip", (), "x" * 146 + ".zip", id="too long"),
        pytest.param("a.zip", ("a.zip",), "a (2).zip", id="taken"),
        pytest.param("a.zip", ("a.zip", "a (2).zip"), "a (3).zip", id="taken twice"),
        pytest.param("a", ("a",), "a (2)", id="taken, without an ending"),
        pytest.param("a.tar.gz", ("a.tar.gz",), "a.tar (2).gz", id="taken, two endings"),
    ],
)
def test_a_safe_name(tmp_path, name, taken, expected):
    for other in taken:
        (tmp_path / other).touch()
    assert uploads.safe_name(name, tmp_path) == expected


def test_uploads_are_written_whole_into_a_folder_of_their_own(lite):
    big = bytes(range(256)) * 8_200  # more than is read at once
    folder = uploads.keep(lite, [Sent("a.zip", b"one"), Sent("a.zip", b"two"), Sent("b/c.bin", big)])
    assert folder.parent == lite.uploads and folder != uploads.keep(lite, [])
    result = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert result == {"a.zip": b"one", "a (2).zip": b"two", "c.bin": big}


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        pytest.param("one", {"two"}, id="a folder"),
        pytest.param("one/deep/a.zip", {"two"}, id="a file within"),
        pytest.param("one/gone.zip", {"two"}, id="one that is gone"),
        pytest.param("", {"one", "two"}, id="all of them"),
        pytest.param("..", {"one", "two"}, id="the folder above"),
        pytest.param("../elsewhere/a.zip", {"one", "two"}, id="another place"),
    ],
)
def test_the_folder_of_an_upload_is_cleared(lite, path, stays):
    for name in ("one", "two"):
        (lite.uploads / name / "deep").mkdir(parents=True)
        (lite.uploads / name / "deep" / "a.zip").touch()
    uploads.clear(lite, lite.uploads / path)
    assert {item.name for item in lite.uploads.iterdir()} == stays
