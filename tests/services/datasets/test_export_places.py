"""Where an export may go: nothing is overwritten, and it is there as a whole or not at all."""

import resource

import pytest

from fercore.errors import Cancelled, InputError, UnreadableSourceError
from fercore.services.datasets import exports
from fercore.services.datasets.exports import ExportRequest
from tests.services.conftest import SOURCE, back, export, tree_of


@pytest.mark.parametrize("form", exports.FORMATS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zip"])
def test_nothing_is_overwritten(decided, tmp_path, form, packed):
    to = tmp_path / ("out.zip" if packed else "out")
    export(decided, to, form)
    before = tree_of(tmp_path)
    with pytest.raises(InputError, match=r"exists already, and nothing is overwritten") as caught:
        export(decided, to / "fer2013.csv" / ".." if form == "csv" and to.is_dir() else to, form)
    assert str(to) in str(caught.value)
    assert tree_of(tmp_path) == before


@pytest.mark.parametrize("form", exports.FORMATS)
def test_an_empty_place_is_taken(decided, tmp_path, form):
    (tmp_path / "out").mkdir()
    export(decided, tmp_path / "out", form)
    assert form not in SOURCE or back(decided, tmp_path / "out", form).added


@pytest.mark.parametrize("form", exports.FORMATS)
def test_a_stopped_export_leaves_nothing_and_a_killed_one_is_cleared_away(decided, tmp_path, form):
    before = sorted(tmp_path.iterdir())

    def stop(done, total, message):
        if done == total:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        exports.export(decided, ExportRequest("dataset", "D", form, tmp_path / "out"), stop)
    assert sorted(tmp_path.iterdir()) == before
    left = tmp_path / ".out.fercore-part" / "out" / "train"
    left.mkdir(parents=True)
    (left / "half.png").write_bytes(b"x")
    export(decided, tmp_path / "out", form)
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "out"])
    assert not list((tmp_path / "out").rglob("half.png"))


@pytest.mark.parametrize("form", exports.FORMATS)
def test_a_disk_that_takes_no_more_is_one_sentence(decided, tmp_path, form):
    before = sorted(tmp_path.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(UnreadableSourceError, match=r"out' cannot be written: File too large\."):
            export(decided, tmp_path / "out", form)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(tmp_path.iterdir()) == before


def test_a_place_below_a_file_is_one_sentence(decided, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreadableSourceError, match=r"cannot be written: Not a directory"):
        export(decided, tmp_path / "file" / "out", "folder")
