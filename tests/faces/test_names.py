"""Names of what users hand over, and places on disk as a database holds them."""

import os
import unicodedata

import pytest

from fercore.faces.names import decoded_name, given_name, is_litter, readable_path, real_place, stored_place


@pytest.mark.parametrize(
    ("name", "is_folder", "given"),
    [
        ("happy", True, "happy"),
        ("happy.zip", True, "happy.zip"),
        ("happy.zip", False, "happy"),
        ("happy.tar.gz", False, "happy"),
        ("happy.tgz", False, "happy"),
        ("happy.png", False, "happy.png"),
        ("행복 2.tar", False, "행복 2"),
    ],
)
def test_the_name_of_what_is_handed_over(tmp_path, name, is_folder, given):
    place = tmp_path / name
    place.mkdir() if is_folder else place.write_bytes(b"")
    assert given_name(place) == given


def test_here_has_the_folders_name(tmp_path, monkeypatch):
    (tmp_path / "happy").mkdir()
    monkeypatch.chdir(tmp_path / "happy")
    assert given_name(tmp_path / "happy" / "..") == tmp_path.name


@pytest.mark.parametrize("raw", [b"/a/b.png", "/a/행복.png".encode(), b"/a/\xff!/b c.png"])
def test_a_place_comes_back_as_it_was(raw):
    place = os.fsdecode(raw)
    stored = stored_place(place)
    stored.encode()
    assert real_place(stored) == place and (stored == place) is (b"\xff" not in raw)


@pytest.mark.parametrize(
    ("name", "litter"),
    [(".DS_Store", True), ("Thumbs.db", True), ("__MACOSX", True), ("a.png", False), ("DS_Store", False)],
)
def test_litter(name, litter):
    assert is_litter(name) is litter


KOREAN = "행복 한 날"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (KOREAN.encode(), KOREAN),
        (unicodedata.normalize("NFD", KOREAN).encode(), KOREAN),
        (KOREAN.encode("cp949"), KOREAN),
        (b"caf\x82", "café"),
    ],
)
def test_bytes_of_a_name(raw, name):
    assert decoded_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"/a/b c.png", "/a/b c.png"),
        (b"/" + KOREAN.encode() + b"/a.png", f"/{KOREAN}/a.png"),
        (b"/" + KOREAN.encode("cp949") + b"/" + KOREAN.encode() + b"/a b.png", f"/{KOREAN}/{KOREAN}/a b.png"),
    ],
)
def test_a_path_is_read_part_by_part(raw, text):
    assert readable_path(os.fsdecode(raw)) == text
