"""A whole import: counts, nothing twice, nothing of a bad file, undone as a whole."""

import gzip
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from sqlalchemy import func, select

from fercore.errors import BadRowsError, InputError, InUseError, UnreadableSourceError
from fercore.services.datasets import catalogue, imports
from fercore.services.datasets.imports import ImportRequest
from fercore.services.training import snapshots
from fercore.store.datasets import faces
from fercore.store.tables import Face
from tests.conftest import noise

HEADER = "emotion,pixels,Usage"


def row(code, number, usage="Training"):
    return f"{code},{' '.join(map(str, noise(number).reshape(-1)))},{usage}"


def csv_file(tmp_path, rows, form="csv"):
    text = "\n".join([HEADER, *rows]) + "\n"
    path = tmp_path / f"fer.{form}"
    if form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("fer2013.csv", text)
    elif form == "csv.gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def take(store, path, name="FER2013", **options):
    return imports.import_source(store, ImportRequest("fer2013", path, name, **options))


@pytest.mark.parametrize("form", ["csv", "csv.gz", "zip"])
def test_counts_and_pixels(store, tmp_path, form):
    path = csv_file(tmp_path, [row(3, 0), row(4, 1, "PublicTest"), row(6, 2, "PrivateTest"), row(3, 0)], form)
    report = take(store, path)
    assert report.added == 4, "exact copies are kept"
    assert report.counts["train"]["Happy"] == 2
    assert report.counts["validation"]["Sad"] == report.counts["test"]["Neutral"] == 1
    with store.database.reading() as session:
        stored = faces.pixels(session, list(session.scalars(select(Face.id).order_by(Face.id))))
    assert np.array_equal(stored, np.stack([noise(0), noise(1), noise(2), noise(0)]))
    assert take(store, path).added == 0, "the same file again adds nothing"


def test_a_bad_row_stops_everything_or_is_skipped(store, tmp_path):
    path = csv_file(tmp_path, [row(3, 0), "3,1 2 3,Training", row(9, 1), row(0, 2)])
    with pytest.raises(BadRowsError, match=r"line 3.*, and 1 more fault\."):
        take(store, path)
    assert catalogue.summaries(store) == []
    report = take(store, path, skip_bad=True)
    assert (report.added, [fault["where"] for fault in report.skipped]) == (2, ["line 3", "line 4"])


def test_an_import_is_undone_as_a_whole_but_not_under_a_snapshot(store, tmp_path):
    take(store, csv_file(tmp_path, [row(3, 0), row(3, 1)]))
    [entry] = catalogue.imports(store, "FER2013")
    for name in ("s", "t"):
        snapshots.freeze(store, name, ["FER2013"])
    for refused in (
        lambda: catalogue.check_undoable(store, entry["import"]),
        lambda: catalogue.undo_import(store, entry["import"]),
        lambda: catalogue.check_removable(store, "FER2013"),
        lambda: catalogue.remove(store, "FER2013"),
    ):
        with pytest.raises(InUseError, match="snapshots 's', 't': delete these snapshots first"):
            refused()
    for name in ("s", "t"):
        snapshots.remove(store, name)
    catalogue.check_removable(store, "FER2013")
    assert catalogue.undo_import(store, entry["import"]) == 2
    assert catalogue.summaries(store) == []


@pytest.mark.parametrize("name", ["", "  ", "a/b", "x" * 101, "tab\there"])
def test_names_that_cannot_be_used(store, tmp_path, name):
    with pytest.raises(InputError, match="cannot be a name"):
        take(store, csv_file(tmp_path, [row(3, 0)]), name=name)


@pytest.mark.slow
def test_all_of_fer2013(lite, tmp_path, shared_data):
    """28,709 + 3,589 real faces: counts by class and split as published."""
    path = tmp_path / "fer2013.csv"
    subprocess.run([sys.executable, str(shared_data / "make_csv.py"), str(path)], check=True, capture_output=True)
    report = take(lite, path)
    names = ("Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise")
    assert report.counts["train"] == dict(zip(names, (3995, 436, 4097, 7215, 4965, 4830, 3171), strict=True))
    assert report.counts["validation"] == dict(zip(names, (467, 56, 496, 895, 607, 653, 415), strict=True))
    assert take(lite, path).added == 0
    with lite.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Face)) == 28_709 + 3_589


def test_a_file_of_nothing_but_bad_rows_is_given_up(store, tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "MAX_FAULTS", 10)
    path = csv_file(tmp_path, [row(3, 0), *["3,1 2 3,Training"] * 50])
    with pytest.raises(UnreadableSourceError, match=r"over 10 bad rows.*line 3"):
        take(store, path, skip_bad=True)
    assert catalogue.summaries(store) == []


@pytest.mark.parametrize("form", ["csv", "csv.gz", "zip"])
def test_reading_is_half_of_the_way_and_storing_the_rest(lite, tmp_path, form):
    messages = []
    path = csv_file(tmp_path, [row(n % 7, n) for n in range(9)], form)
    request = ImportRequest("fer2013", path, "D")
    imports.import_source(lite, request, lambda done, total, message: messages.append((message, done, total)))
    reading = [(done, total) for message, done, total in messages if message == "Reading D"]
    storing = [(done, total) for message, done, total in messages if message == "Storing faces"]
    assert all(0 <= done <= total / 2 for done, total in reading if total)
    assert storing == sorted(storing) and len({total for _, total in storing}) == 1
    assert all(total / 2 < done <= total for done, total in storing)
    assert storing[-1][0] == storing[-1][1], "all is stored at the end"
