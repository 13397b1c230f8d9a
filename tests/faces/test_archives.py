"""Archives: what is refused for its size or its names, how their files are read, and what is no archive."""

import gzip
import io
import tarfile
import zipfile
from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest

from fercore.errors import UnreadableSourceError
from fercore.faces import contents, tarballs
from fercore.faces.contents import is_archive, opened_archive
from fercore.faces.tarballs import Tarball, is_tar


def tar_of(path, files, mode="w", form=tarfile.USTAR_FORMAT):
    with tarfile.open(path, mode, format=form) as archive:
        for name, data in files.items():
            header = tarfile.TarInfo(name)
            header.size, header.mtime = len(data), 1_000_000
            archive.addfile(header, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    ("sizes", "packed", "refused"),
    [
        pytest.param([], 0, False, id="nothing"),
        pytest.param([50, 50], 10, False, id="as much as may be"),
        pytest.param([50, 51], 10, True, id="a byte more"),
        pytest.param([150, 50], 100, False, id="twice of what is packed"),
        pytest.param([150, 51], 100, True, id="more than twice"),
        pytest.param([1, 1, 1], 3, False, id="as many files as may be"),
        pytest.param([1, 1, 1, 1], 4, True, id="one more"),
    ],
)
def test_the_size_of_an_archive(monkeypatch, sizes, packed, refused):
    monkeypatch.setattr(contents, "MAX_FILES", 3)
    monkeypatch.setattr(contents, "MAX_BYTES", 100)
    entries = [SimpleNamespace(size=size) for size in sizes]
    if not refused:
        contents._check_size(entries, packed, "a.zip")
        return
    with pytest.raises(UnreadableSourceError, match=f"'a.zip' would unpack to {len(sizes)} files and 0.0 GB"):
        contents._check_size(entries, packed, "a.zip")


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("a/b.png", False),
        ("a../b.png", False),
        ("../b.png", True),
        ("a/../b.png", True),
        ("/etc/b.png", True),
        ("C:/b.png", True),
        ("c:", True),
        ("CC:/b.png", False),
        ("a/C:/b.png", False),
        ("가:/b.png", False),
        ("", False),
    ],
)
def test_names_that_lead_out_of_an_archive(name, refused):
    parts = PurePosixPath(name).parts
    if not refused:
        contents._check_parts(parts, "a.zip")
        return
    with pytest.raises(UnreadableSourceError, match="names a file outside of itself"):
        contents._check_parts(parts, "a.zip")


@pytest.mark.parametrize(
    ("inside", "what"), [("xl/workbook.xml", "an Excel file"), ("word/document.xml", "a Word file")]
)
def test_documents_are_no_archives(tmp_path, inside, what):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(inside, b"<xml/>")
    with opened_archive(tmp_path / "a.zip") as files, pytest.raises(UnreadableSourceError, match=what):
        list(files.files("a.zip"))


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_files_of_a_tar(tmp_path, form, mode):
    files = {"./a/1.png": b"one" * 1000, "여/2.png": b"two", "a/.hidden": b"x", "3.png": b""}
    path = tar_of(tmp_path / "a.tar", files, mode, form)
    assert is_tar(path) and is_archive(path)
    with opened_archive(path) as result:
        entries = dict(result.files("a.tar"))
        assert {name: entry.size for name, entry in entries.items()} == {"a/1.png": 3000, "여/2.png": 3, "3.png": 0}
        assert all(entry.mark.startswith(f"{entry.size}-1000000") for entry in entries.values())
        opened = {name: result.open(entry) for name, entry in entries.items()}
        assert result._packed() == path.stat().st_size
    assert {name: file.read() for name, file in opened.items()} == {
        "a/1.png": b"one" * 1000,
        "여/2.png": b"two",
        "3.png": b"",
    }


def test_links_of_a_tar_are_named_and_not_read(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "soft"), (tarfile.LNKTYPE, "hard"), (tarfile.DIRTYPE, "folder")):
            header = tarfile.TarInfo(name)
            header.type, header.linkname = kind, "../x"
            archive.addfile(header)
    with opened_archive(tmp_path / "a.tar") as files:
        assert list(files.files("a.tar")) == [] and files.links == ["soft", "hard"]
        assert list(files.files("a.tar")) == [] and files.links == ["soft", "hard"], "each time anew"


def test_a_file_of_a_tar_can_be_sought_in(tmp_path):
    archive = Tarball(tar_of(tmp_path / "a.tar", {"a": b"0123456789", "b": b"abc"}))
    first, second = (archive.open(header) for header in archive.headers)
    assert first.read(3) == b"012" and second.read() == b"abc" and first.read(2) == b"34"
    assert (first.seek(-2, io.SEEK_END), first.read()) == (8, b"89")
    assert (first.seek(2), first.seek(3, io.SEEK_CUR), first.read(1), first.tell()) == (2, 5, b"5", 6)
    assert (first.seek(99), first.read(), first.raw.seek(-500, io.SEEK_CUR)) == (99, b"", 0)
    assert first.readable() and first.seekable() and not first.writable()
    archive.close()
    assert second.seek(0) == 0 and second.read() == b"abc", "it stays readable"
    stream = archive._shared.stream
    second.close()
    second.close()
    assert not stream.closed
    first.close()
    assert stream.closed


def test_a_tar_that_ends_too_soon_is_said(tmp_path):
    path = tar_of(tmp_path / "a.tar", {"a": bytes(4000)})
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(UnreadableSourceError, match="is not a readable tar archive"), opened_archive(path):
        pass


@pytest.mark.parametrize(
    ("allowed", "growth", "free", "refused"),
    [
        pytest.param(10**9, 1, 10**9, False, id="small enough for any"),
        pytest.param(0, 10**6, 10**9, False, id="within its growth"),
        pytest.param(0, 1, 10**9, True, id="beyond its growth"),
        pytest.param(10**9, 1, 0, True, id="no room on the disk"),
    ],
)
def test_a_gzip_that_would_fill_the_disk(monkeypatch, tmp_path, allowed, growth, free, refused):
    path = tar_of(tmp_path / "a.tar.gz", {"a": bytes(100_000)}, "w:gz")
    monkeypatch.setattr(tarballs, "ALWAYS_ALLOWED", allowed)
    monkeypatch.setattr(tarballs, "MAX_GROWTH", growth)
    monkeypatch.setattr(tarballs, "KEPT_FREE", 1000)
    monkeypatch.setattr(tarballs.shutil, "disk_usage", lambda place: SimpleNamespace(free=free + 1000))
    if refused:
        with pytest.raises(UnreadableSourceError, match=r"'a.tar.gz' would unpack to more than 0.0 GB"):
            Tarball(path)
        return
    archive = Tarball(path)
    assert archive.open(archive.headers[0]).read() == bytes(100_000)
    archive.close()


@pytest.mark.parametrize(("size", "refused"), [(2**10, False), (2**10 + 1, True)])
def test_notes_of_a_header_are_bounded(monkeypatch, tmp_path, size, refused):
    monkeypatch.setattr(tarballs, "MAX_HEADER", 2**10)
    name = "a" * (size - 1)  # a long name is a note of its own, with its last byte
    path = tar_of(tmp_path / "a.tar", {name: b"x"}, form=tarfile.GNU_FORMAT)
    if refused:
        with pytest.raises(tarfile.ReadError, match="a header of 1,025 bytes"):
            Tarball(path)
        return
    archive = Tarball(path)
    assert [len(header.name) for header in archive.headers] == [size - 1]
    archive.close()


def test_a_file_is_no_note_however_big(monkeypatch, tmp_path):
    monkeypatch.setattr(tarballs, "MAX_HEADER", 10)
    archive = Tarball(tar_of(tmp_path / "a.tar", {"a": bytes(1000)}))
    assert archive.headers[0].size == 1000
    archive.close()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", False),
        (b"x" * 600, False),
        (gzip.compress(b"x" * 600), False),
        (gzip.compress(b"x" * 600)[:20], False),
        (bytes(600), False),
    ],
    ids=["empty", "text", "packed text", "half of it", "zeros"],
)
def test_what_is_no_tar(tmp_path, content, expected):
    (tmp_path / "a").write_bytes(content)
    assert is_tar(tmp_path / "a") == expected and not is_tar(tmp_path / "gone")


def test_a_tar_from_before_its_mark(tmp_path):
    path = tar_of(tmp_path / "old.tar", {"a.png": b"old"})
    whole = bytearray(path.read_bytes())
    whole[257:265] = bytes(8)
    whole[148:156] = b" " * 8
    whole[148:156] = f"{sum(whole[:512]):06o}\0 ".encode()
    path.write_bytes(whole)
    assert is_tar(path)
    path.write_bytes(whole[:511])
    assert not is_tar(path)
