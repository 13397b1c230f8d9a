"""Scripts of others: unmodified, named with their licence and checksum, and those that the map asks for."""

import hashlib
import re

import pytest

from fercore.settings import ROOT
from fercore.ui import scatter_map

FOLDER = ROOT / "fercore" / "ui" / "scatter_map" / "vendor"
TABLE = re.findall(r"^\| `([^`]+)` \| (\S+) (\S+) \| `[^`]+` \| (\w+) \| `([0-9a-f]{64})` \|$",
                   (FOLDER / "VENDORED.md").read_text("utf-8"), re.MULTILINE)  # fmt: skip


def test_each_script_is_written_down():
    assert sorted(row[0] for row in TABLE) == sorted(path.name for path in FOLDER.glob("*.js"))
    assert sorted((row[0], row[4]) for row in TABLE) == sorted(scatter_map.SCRIPTS.values())


@pytest.mark.parametrize(("file", "package", "version", "licence", "checksum"), TABLE, ids=[row[1] for row in TABLE])
def test_each_script_is_as_it_was_published(file, package, version, licence, checksum):
    assert hashlib.sha256((FOLDER / file).read_bytes()).hexdigest() == checksum
    assert version in file and licence == "MIT"
    assert f"==== {package} {version} ====" in (FOLDER / "LICENSES.txt").read_text("utf-8")


def test_browsers_check_the_same_bytes():
    import base64

    for file, checksum in scatter_map.SCRIPTS.values():
        digest = base64.b64decode(scatter_map._integrity(checksum).removeprefix("sha256-"))
        assert digest == hashlib.sha256((FOLDER / file).read_bytes()).digest()
