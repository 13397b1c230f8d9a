"""Walks through everything below a folder, zips included."""

import io
import os
import tarfile
import unicodedata
import zipfile
from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest

from fercore.errors import Fault, UnreadableImageError, UnreadableSourceError
from fercore.faces import contents, trees
from fercore.faces.trees import everything_below
from tests.faces.pictures import zipped


def put(root, names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    return root


def walked(path):
    """Names and contents of the files, and the faults."""
    with everything_below(path) as below:
        items = list(below)
        result = [item for item in items if not isinstance(item, Fault)]
        contents = {item.name: item.listed().read() for item in result}
    assert len(contents) == len(result)
    return contents, [str(item) for item in items if isinstance(item, Fault)]


def inner(files):
    buffer = io.BytesIO()
    return zipped(buffer, files).getvalue()


def test_loose_files_come_before_those_in_zips_and_both_in_order(tmp_path):
    root = put(tmp_path / "d", ["b/2.jpg", "b/1.jpg", "a.jpg", "c/d/3.jpg"])
    zipped(root / "b" / "z.ZIP", {"x/5.jpg": b"five", "4.jpg": b"four"})
    zipped(root / "a.zip", {"6.jpg": b"six"})
    contents, faults = walked(root)
    names = ["a.jpg", "b/1.jpg", "b/2.jpg", "c/d/3.jpg", "a.zip/6.jpg", "b/z.ZIP/4.jpg", "b/z.ZIP/x/5.jpg"]
    assert (list(contents), faults) == (names, [])
    assert contents["b/z.ZIP/x/5.jpg"] == b"five"
    assert contents["c/d/3.jpg"] == b"c/d/3.jpg"


def test_parts_of_a_name(tmp_path):
    with everything_below(zipped(tmp_path / "a.zip", {"기쁨/x.y.JPG": b"123"})) as below:
        (result,) = below
        assert (result.parents, result.stem, result.suffix, result.base) == (("기쁨",), "x.y", ".JPG", "x.y.JPG")
        assert result.listed().size == 3 and "!/" in result.listed().place
    with everything_below(put(tmp_path / "d", ["e/f.txt"])) as below:
        (result,) = below
        assert result.listed().place == str((tmp_path / "d" / "e" / "f.txt").resolve())


def test_one_file_and_nothing(tmp_path):
    put(tmp_path, ["a.txt"])
    assert walked(tmp_path / "a.txt") == ({"a.txt": b"a.txt"}, [])
    with pytest.raises(UnreadableSourceError, match="gone' does not exist"):
        walked(tmp_path / "gone")


@pytest.mark.parametrize(
    "raw",
    ["기쁨/사진.jpg".encode(), unicodedata.normalize("NFD", "기쁨/사진.jpg").encode(), "기쁨/사진.jpg".encode("cp949")],
)
def test_names_as_macs_and_old_programs_unpack_them(tmp_path, raw):
    folder = os.fsencode(tmp_path / "d") + b"/" + raw.split(b"/")[0]
    os.makedirs(folder)  # noqa: PTH103 (a name of bytes)
    with io.open(os.fsencode(tmp_path / "d") + b"/" + raw, "wb") as file:  # noqa: UP020
        file.write(b"x")
    assert walked(tmp_path / "d") == ({"기쁨/사진.jpg": b"x"}, [])


def test_litter_and_links_that_leave_the_folder_are_left_out(tmp_path):
    outside = put(tmp_path / "out", ["secret.txt"])
    zipped(outside / "secret.zip", {"secret.txt": b""})
    root = put(tmp_path / "d", ["a.txt", ".hidden", "__MACOSX/b.txt", "Thumbs.db", "._a.zip"])
    (root / "link.txt").symlink_to(outside / "secret.txt")
    (root / "link.zip").symlink_to(outside / "secret.zip")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "same.txt").symlink_to(root / "a.txt")
    os.mkfifo(root / "pipe.txt")
    assert list(walked(root)[0]) == ["a.txt", "same.txt"]


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        pytest.param("a.zip", b"no zip", "a.zip: 'a.zip' is not a readable zip file", id="no zip"),
        pytest.param("a.zip", inner({"../x": b""}), "a.zip: 'a.zip' names a file outside of itself", id="outside"),
        pytest.param("a.zip", inner({"b.zip": b"PK"}), "a.zip/b.zip: A zip inside a zip is not read", id="zip in zip"),
        pytest.param("a.zip.part0", b"PK", "a.zip.part0: This is a piece of a zip", id="ai hub's pieces"),
        pytest.param("a.z01", b"PK", "a.z01: This is a piece of a zip", id="old pieces"),
        pytest.param("a.zip.001", b"PK", "a.zip.001: This is a piece of a zip", id="7-zip's pieces"),
    ],
)
def test_what_cannot_be_read_is_a_fault_and_the_rest_is_read(tmp_path, name, data, fault):
    root = put(tmp_path / "d", ["ok.txt"])
    (root / name).write_bytes(data)
    zipped(root / "z.zip", {"fine.txt": b""})
    contents, (message,) = walked(root)
    assert list(contents) == ["ok.txt", "z.zip/fine.txt"]
    assert message.startswith(fault)


def test_a_broken_zip_alone_is_an_error(tmp_path):
    with pytest.raises(UnreadableSourceError, match="outside of itself"):
        walked(zipped(tmp_path / "a.zip", {"../x": b""}))


def test_a_folder_that_may_not_be_read_is_a_fault(tmp_path, monkeypatch):
    def refuses(folder):
        if folder.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    scandir = os.scandir
    monkeypatch.setattr(trees.os, "scandir", refuses)
    contents, faults = walked(put(tmp_path / "d", ["closed/a.txt", "open/b.txt"]))
    assert (list(contents), faults) == (["open/b.txt"], ["closed: This folder cannot be read: Permission denied."])


def test_far_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(trees, "MAX_FILES", 2)
    with pytest.raises(UnreadableSourceError, match="'d' contains more than 2 files"):
        walked(put(tmp_path / "d", ["1", "2", "3"]))


@pytest.mark.parametrize("change", ["removed", "replaced", "broken"])
def test_a_zip_that_changes_while_it_is_read_is_named(tmp_path, change):
    root = tmp_path / "d"
    root.mkdir()
    path = zipped(root / "a.zip", {"x.jpg": b"x"})
    with everything_below(root) as below:
        (result,) = below
        if change == "removed":
            path.unlink()
        else:
            path.write_bytes(inner({"y.jpg": b"y"}) if change == "replaced" else b"no zip")
        listed = result.listed()
        with pytest.raises(UnreadableImageError, match=r"'a\.zip/x\.jpg' cannot be read"):
            listed.read()


def test_a_file_stays_readable_while_other_zips_are_opened(tmp_path):
    root = tmp_path / "d"
    root.mkdir()
    for number in range(9):
        zipped(root / f"{number}.zip", {"x.jpg": b"%d" % number})
    with everything_below(root) as below:
        streams = [result.listed().open() for result in below]
        assert [stream.read() for stream in streams] == [b"%d" % number for number in range(9)]


def test_a_big_zip_of_photos_is_no_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MAX_BYTES", 1000)
    photos = {f"{number}.jpg": os.urandom(900) for number in range(5)}
    assert len(walked(zipped(tmp_path / "photos.zip", photos))[0]) == 5
    with zipfile.ZipFile(tmp_path / "photos.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.jpg", bytes(10**6))
    with pytest.raises(UnreadableSourceError, match="would unpack to 6 files"):
        walked(tmp_path / "photos.zip")


@pytest.mark.parametrize(
    ("name", "is_tar", "expected"),
    [
        ("a.zip", False, True),
        ("a.ZIP", False, True),
        ("a.tar", True, True),
        ("a.tgz", True, True),
        ("a.tar.gz", True, True),
        ("a.gz", True, True),
        ("fer2013.csv.gz", False, False),
        ("a.bin", True, False),
        ("a", True, False),
        ("a.png", False, False),
    ],
)
def test_archives_are_known_by_their_ending_and_a_gzip_by_its_content(tmp_path, name, is_tar, expected):
    file = tmp_path / name
    if is_tar:
        with tarfile.open(file, "w") as archive:
            archive.addfile(tarfile.TarInfo("a.png"))
    else:
        file.write_bytes(b"no tar")
    result = SimpleNamespace(suffix=PurePosixPath(name).suffix)
    assert trees._looks_packed(result, file) == expected
