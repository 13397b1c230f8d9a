"""What an export refuses at once, and the mark that an exported one is good for."""

import pytest

from fercore.errors import InputError, NotFoundError
from fercore.services.datasets import exports
from fercore.services.datasets.exports import ExportRequest
from fercore.services.training import snapshots
from tests.conftest import fill
from tests.store.review.test_decisions import decide


@pytest.fixture
def place(lite, tmp_path):
    """A dataset and its snapshot, and a place with a file, an empty folder and a full one."""
    fill(lite, "D", [3, 5])
    snapshots.freeze(lite, "S", ["D"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.csv").write_text("old")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "name", "form", "to", "replace", "why"),
    [
        pytest.param("dataset", "D", "csv", "new.csv", False, None, id="a new file"),
        pytest.param("snapshot", "S", "csv", "new.csv", False, None, id="of a snapshot"),
        pytest.param("dataset", "D", "folder", "empty", False, None, id="an empty folder"),
        pytest.param("dataset", "D", "csv", "out/old.csv", True, None, id="a file to be replaced"),
        pytest.param("dataset", "D", "csv", "out/old.csv", False, "exists already", id="a file that stays"),
        pytest.param("dataset", "D", "folder", "out", False, "exists already", id="a full folder"),
        pytest.param("dataset", "D", "folder", "out", True, "exists already", id="a full folder is never replaced"),
        pytest.param("dataset", "E", "csv", "new.csv", False, "no dataset 'E'", id="no such dataset"),
        pytest.param("snapshot", "D", "csv", "new.csv", False, "no snapshot 'D'", id="no such snapshot"),
    ],
)
def test_what_is_refused_at_once(lite, place, kind, name, form, to, replace, why):
    request = ExportRequest(kind, name, form, place / to, replace)
    if why is None:
        exports.check(lite, request)
    else:
        with pytest.raises((InputError, NotFoundError), match=why):
            exports.check(lite, request)
    assert (place / "out" / "old.csv").read_text() == "old" and not (place / "new.csv").exists()


def test_a_mark_changes_with_what_is_exported(lite, place):
    first, frozen = exports.mark(lite, "dataset", "D"), exports.mark(lite, "snapshot", "S")
    assert exports.mark(lite, "dataset", "D") == first
    [more] = fill(lite, "D", [1], start=50)
    second = exports.mark(lite, "dataset", "D")
    decide(lite, "Kim", more, emotion=2)
    third = exports.mark(lite, "dataset", "D")
    assert len({first, second, third}) == 3
    assert exports.mark(lite, "snapshot", "S") == frozen, "a snapshot stays as it was"
