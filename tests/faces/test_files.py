"""Safe walks through folders and zips."""

import io
import os
import stat
import unicodedata
import zipfile

import pytest

from fercore.errors import UnreadableImageError, UnreadableSourceError
from fercore.faces import contents, files
from fercore.faces.files import files_in, read_place
from tests.faces.pictures import zipped


def names(path):
    with files_in(path) as result:
        return [file.name for file in result]


def raw_name(path, raw):
    """A zip whose one member's name is these bytes, without the UTF-8 flag."""
    placeholder = "x" * len(raw)
    zipped(path, {placeholder: b"data"})
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), raw))
    return path


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param("기쁨/1.jpg".encode("cp949"), "기쁨/1.jpg", id="korean windows"),
        pytest.param("기쁨/1.jpg".encode(), "기쁨/1.jpg", id="utf-8 without its flag"),
        pytest.param(unicodedata.normalize("NFD", "기쁨/1.jpg").encode(), "기쁨/1.jpg", id="mac"),
        pytest.param(b"happy\\1.jpg", "happy/1.jpg", id="backslashes"),
    ],
)
def test_names_of_foreign_zips(tmp_path, raw, name):
    assert names(raw_name(tmp_path / "a.zip", raw)) == [name]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/../../b.jpg", "/etc/passwd", "C:/x.jpg", "..\\x.jpg"])
def test_zips_that_point_outside_are_refused(tmp_path, name):
    with pytest.raises(UnreadableSourceError, match="a file outside of itself"):
        names(zipped(tmp_path / "a.zip", {"ok.jpg": b"", name: b""}))


def test_litter_links_and_folders_of_a_zip_are_left_out(tmp_path):
    path = zipped(tmp_path / "a.zip", {"b/1.jpg": b"", "a.jpg": b"", "__MACOSX/._a.jpg": b"", "b/Thumbs.db": b""})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.mkdir("empty")
    assert names(path) == ["a.jpg", "b/1.jpg"]


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILES", 3), ("MAX_BYTES", 1000)])
def test_zips_too_big_are_refused_before_they_are_read(tmp_path, monkeypatch, limit, value):
    monkeypatch.setattr(contents, limit, value)
    with pytest.raises(UnreadableSourceError, match="would unpack to 4 files"):
        names(zipped(tmp_path / "a.zip", {f"{n}.jpg": bytes(400) for n in range(4)}))


def test_one_file_is_read_no_further_than_the_limit(tmp_path):
    with files_in(zipped(tmp_path / "a.zip", {"a.jpg": bytes(5 * 2**20)})) as (file,):
        with pytest.raises(UnreadableImageError, match="bigger than 1 MB"):
            file.read(2**20)
        assert len(file.read()) == 5 * 2**20


def damaged(path):
    zipped(path, {"a.jpg": os.urandom(5000)})
    data = bytearray(path.read_bytes())
    data[100:200] = bytes(100)
    path.write_bytes(data)
    return path


def encrypted(path):
    data = bytearray(zipped(path, {"a.jpg": b"secret"}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("make", [damaged, encrypted])
def test_members_that_cannot_be_read_are_named(tmp_path, make):
    with files_in(make(tmp_path / "a.zip")) as (file,), pytest.raises(UnreadableImageError, match=r"'a\.jpg'"):
        file.read()


def test_a_file_that_went_away_is_named(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.jpg").write_bytes(b"x")
    with files_in(tmp_path / "d") as (file,):
        (tmp_path / "d" / "a.jpg").unlink()
        with pytest.raises(UnreadableImageError, match=r"'a\.jpg' cannot be read"):
            file.read()


def test_a_folder_whose_names_are_not_utf8(tmp_path):
    root = os.fsencode(tmp_path / "d")
    os.mkdir(root)  # noqa: PTH102 (a name of bytes)
    with io.open(root + b"/" + "기쁨.jpg".encode("cp949"), "wb"):  # noqa: UP020
        pass
    assert names(tmp_path / "d") == ["기쁨.jpg"]


def test_a_zip_cut_short(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.jpg": os.urandom(3000)})
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(UnreadableSourceError, match="neither a folder nor a zip or tar"):
        names(path)


def test_what_does_not_exist(tmp_path):
    with pytest.raises(UnreadableSourceError, match="does not exist"):
        names(tmp_path / "nothing")


def test_a_place_is_read_again_also_where_a_folder_s_name_ends_in_an_exclamation_mark(tmp_path):
    folder = tmp_path / "Wow!"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"one")
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("in!/a.jpg", b"two")
    assert read_place(folder / "a.jpg") == b"one"
    assert read_place(f"{folder}/b.zip!/in!/a.jpg") == b"two"
    for gone in (folder / "c.jpg", f"{folder}/b.zip!/c.jpg", f"{folder}/c.zip!/a.jpg"):
        with pytest.raises(UnreadableImageError):
            read_place(gone)


@pytest.mark.parametrize(("count", "allowed"), [(2, True), (3, True), (4, False)])
def test_a_folder_with_too_many_files(tmp_path, monkeypatch, count, allowed):
    monkeypatch.setattr(files, "MAX_FILES", 3)
    for number in range(count):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    if allowed:
        assert len(names(tmp_path)) == count
    else:
        with pytest.raises(UnreadableSourceError, match="more than 3 files"):
            names(tmp_path)


def test_files_of_a_folder_are_sorted_and_tell_their_size_stamp_and_place(tmp_path):
    (tmp_path / "b").mkdir()
    for name, content in (("b/2.PNG", b"12"), ("a.jpg", b"1"), ("b/10.jpg", b"123")):
        (tmp_path / name).write_bytes(content)
    with files_in(tmp_path) as result:
        assert [(file.name, file.size, file.suffix) for file in result] == [
            ("a.jpg", 1, ".jpg"),
            ("b/10.jpg", 3, ".jpg"),
            ("b/2.PNG", 2, ".png"),
        ]
        assert result[1].parts == ("b", "10.jpg") and result[1].read() == b"123"
        assert read_place(result[1].place) == b"123"
        before = result[0].stamp
    assert before.startswith("1-") and len(before) > 10
    os.utime(tmp_path / "a.jpg", ns=(0, 5))
    with files_in(tmp_path) as again:
        assert again[0].stamp == "1-5"


def test_a_file_that_is_not_there_has_no_size_and_no_stamp(tmp_path):
    gone = files.loose_file(tmp_path / "gone.jpg", "gone.jpg")
    assert (gone.name, gone.size, gone.stamp) == ("gone.jpg", 0, "")
    with pytest.raises(UnreadableImageError, match=r"'gone\.jpg' cannot be read"):
        gone.read()


@pytest.mark.parametrize(("limit", "allowed"), [(4, False), (5, True), (6, True)])
def test_a_file_as_big_as_the_limit_is_read(tmp_path, limit, allowed):
    (tmp_path / "a.jpg").write_bytes(b"12345")
    file = files.loose_file(tmp_path / "a.jpg", "a.jpg")
    if allowed:
        assert file.read(limit) == b"12345"
    else:
        with pytest.raises(UnreadableImageError, match="is bigger than"):
            file.read(limit)


def test_links_out_of_a_folder_are_named_and_not_followed(tmp_path):
    (tmp_path / "d" / "in").mkdir(parents=True)
    (tmp_path / "d" / "in" / "a.jpg").write_bytes(b"x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.jpg").write_bytes(b"x")
    for name, target in (("c.jpg", "out/b.jpg"), ("far", "out"), ("near.jpg", "d/in/a.jpg"), ("broken.jpg", "none")):
        (tmp_path / "d" / name).symlink_to(tmp_path / target)
    with files_in(tmp_path / "d") as result:
        assert [file.name for file in result] == ["in/a.jpg", "near.jpg"]
        assert sorted(result.links) == ["broken.jpg", "c.jpg", "far"]


@pytest.mark.parametrize("name", ["folder", "pipe", "nothing\0"])
def test_what_is_no_file_is_not_read(tmp_path, name):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableImageError, match="cannot be read"):
        files.read_file(tmp_path / name)
