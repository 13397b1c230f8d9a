"""The size of a zip's table of contents, as `zipfile` will read it."""

import io
import struct
import zipfile

import pytest

from fercore.faces.zip_directory import directory_bytes


def zipped(count, comment=b"", **options):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        for number in range(count):
            archive.writestr(f"{number:05}.jpg", b"")
        archive.comment = comment
    return file.getvalue()


@pytest.mark.parametrize("count", [0, 1, 70_000], ids=["empty", "one file", "so many that it takes the long form"])
@pytest.mark.parametrize("comment", [b"", b"x" * 60_000], ids=["", "with a long comment"])
def test_the_size_is_that_of_the_entries(tmp_path, count, comment):
    file = tmp_path / "a.zip"
    file.write_bytes(zipped(count, comment))
    with zipfile.ZipFile(file) as archive:
        expected = sum(46 + len(info.filename) + len(info.extra) for info in archive.infolist())
    assert directory_bytes(file) == expected


@pytest.mark.parametrize("data", [b"", b"no zip", zipped(3)[:-30], b"PK\x05\x06"])
def test_what_is_no_zip_has_none(tmp_path, data):
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    assert directory_bytes(file) == 0


def test_a_size_is_believed_as_zipfile_believes_it(tmp_path):
    data = bytearray(zipped(2))
    struct.pack_into("<L", data, len(data) - 22 + 12, 2**31)
    (tmp_path / "a.zip").write_bytes(data)
    assert directory_bytes(tmp_path / "a.zip") == 2**31
