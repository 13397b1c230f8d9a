"""What is written takes an absent name; only a regular file is replaced, and only when asked."""

import os
import socket

import pytest

from fercore.errors import InputError
from fercore.exports.targets import placed, refuse_over


def absent(path):
    return path / "new"


def empty_folder(path):
    (path / "folder").mkdir()
    return path / "folder"


def full_folder(path):
    (path / "full").mkdir()
    (path / "full" / "x").touch()
    return path / "full"


def regular(path):
    (path / "file").write_bytes(b"old")
    return path / "file"


def empty_file(path):
    (path / "empty").touch()
    return path / "empty"


def pipe(path):
    os.mkfifo(path / "pipe")
    return path / "pipe"


def listening(path):
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path / "s"))
    return path / "s"


def link_to_file(path):
    (path / "link").symlink_to(regular(path))
    return path / "link"


def link_to_nothing(path):
    (path / "dangling").symlink_to(path / "nowhere")
    return path / "dangling"


def link_to_folder(path):
    (path / "linked").symlink_to(empty_folder(path))
    return path / "linked"


def device(_path):
    from pathlib import Path

    return Path("/dev/null")


@pytest.mark.parametrize(
    ("make", "taken", "replaced"),
    [
        (absent, True, True),
        (empty_folder, True, True),
        (full_folder, False, False),
        (regular, False, True),
        (empty_file, False, True),
        (pipe, False, False),
        (listening, False, False),
        (link_to_file, False, False),
        (link_to_nothing, False, False),
        (link_to_folder, False, False),
        (device, False, False),
    ],
    ids=lambda item: getattr(item, "__name__", None),
)
@pytest.mark.parametrize("replace", [False, True])
def test_what_may_be_written(tmp_path, make, taken, replaced, replace):
    target = make(tmp_path)
    kind = target.lstat().st_mode if os.path.lexists(target) else None
    if (taken, replaced)[replace]:
        with placed(target, replace) as draft:
            draft.write_bytes(b"new")
        assert target.read_bytes() == b"new"
    else:
        with pytest.raises(InputError), placed(target, replace) as draft:
            draft.write_bytes(b"new")
        assert target.lstat().st_mode == kind
        assert not target.is_file() or target.read_bytes() in (b"old", b"")
    assert not list(tmp_path.glob(".*"))


def test_what_comes_meanwhile_is_not_overwritten(tmp_path):
    target = tmp_path / "new"
    with pytest.raises(InputError), placed(target) as draft:
        draft.write_bytes(b"new")
        target.write_bytes(b"came meanwhile")
    assert target.read_bytes() == b"came meanwhile"


def test_a_folder_takes_the_name_of_an_empty_one(tmp_path):
    target = empty_folder(tmp_path)
    with placed(target) as draft:
        draft.mkdir()
        (draft / "x").touch()
    assert [path.name for path in target.iterdir()] == ["x"]
    with pytest.raises(InputError):
        refuse_over(target)
