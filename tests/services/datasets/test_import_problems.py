"""What an import could not use: bounded in memory, in the report and in the store, complete in one file."""

import csv
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from fercore.drawing.photos import portrait_photo
from fercore.errors import BadRowsError, Cancelled
from fercore.services.datasets import extraction, import_problems, imports
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.import_problems import CHANGED, NO_FACE
from fercore.services.datasets.imports import ImportRequest
from fercore.sources import readers
from fercore.sources.record import Notice
from fercore.store.tables import Import
from tests.services.datasets.test_imports import csv_file, row

BAD = "3,1 2 3,Training"


@pytest.fixture
def two_listed(monkeypatch):
    monkeypatch.setattr(import_problems, "LISTED", 2)


def take(store, path, **options):
    return imports.import_source(store, ImportRequest("fer2013", path, "D", **{"skip_bad": True, **options}))


def kept(store):
    with store.database.reading() as session:
        return list(session.scalars(select(Import.skipped).order_by(Import.id)))


def lines(file):
    with Path(file).open(newline="", encoding="utf-8-sig") as opened:
        return [tuple(line) for line in csv.reader(opened)]


def files(store):
    return sorted(store.logs.glob("*-problems.csv"))


@pytest.mark.parametrize(
    ("bad", "listed", "more"),
    [
        pytest.param(0, [], {}, id="nothing wrong"),
        pytest.param(2, ["line 3", "line 4"], {}, id="as many as are listed"),
        pytest.param(5, ["line 3", "line 4"], {"skipped": 3}, id="more"),
    ],
)
def test_the_first_are_listed_and_the_file_has_all(lite, tmp_path, two_listed, bad, listed, more):
    report = take(lite, csv_file(tmp_path, [row(3, 0), *[BAD] * bad]))
    assert ([item["where"] for item in report.skipped], report.more) == (listed, more)
    assert report.total("skipped") == bad
    assert json.loads(json.dumps(asdict(report)))["skipped"] == report.skipped
    assert [str(file) for file in files(lite)] == ([report.problems] if bad else [])
    if bad:
        assert [where for where, _ in lines(report.problems)] == ["where", *[f"line {n + 3}" for n in range(bad)]]
    [stored] = kept(lite)
    assert [item["where"] for item in stored if "more" not in item] == listed
    assert [(item["where"], item["more"]) for item in stored[2:]] == [(Path(report.problems).name, "3")] * bool(more)


def test_hundred_thousand_notices_are_not_kept_in_memory(lite, tmp_path, monkeypatch):
    real = readers.SOURCES["fer2013"].read

    def noisy(*arguments):
        yield from (Notice(f"{number}.jpg", "is not there") for number in range(100_000))
        yield from real(*arguments)

    monkeypatch.setattr(readers, "reader", lambda source: noisy)
    report = take(lite, csv_file(tmp_path, [row(3, 0)]))
    assert (len(report.notices), report.more) == (1000, {"notices": 99_000})
    assert len(kept(lite)[0]) == 1001 and len(lines(report.problems)) == 100_001


def test_what_stops_an_import_leaves_no_file(lite, tmp_path):
    with pytest.raises(BadRowsError) as stopped:
        take(lite, csv_file(tmp_path, [row(3, 0), *[BAD] * 3]), skip_bad=False)
    assert len(stopped.value.faults) == 3 and list(lite.logs.iterdir()) == []


def test_a_continued_import_writes_its_file_anew(lite, tmp_path):
    path = csv_file(tmp_path, [row(3, 0), BAD])

    def stopping(done, total, message):
        if message == "Storing faces":
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        imports.import_source(lite, ImportRequest("fer2013", path, "D", skip_bad=True), stopping)
    report = take(lite, path)
    assert [str(file) for file in files(lite)] == [report.problems] and len(lines(report.problems)) == 2


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    portrait_photo([("east", 3)], 1, (480, 360)).save(folder / "kim.jpg")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    Image.new("RGB", (200, 100), "gray").save(folder / "wall.png")
    return folder


def test_what_photos_lack_is_kept_with_their_import(store, album):
    report = extraction.extract(store, ExtractRequest(album, "D"))
    [stored] = kept(store)
    assert [item["where"] for item in stored] == ["broken.jpg", "wall.png"] and stored[1]["why"] == NO_FACE
    assert lines(report.problems)[1:] == [(item["where"], item["why"]) for item in stored]


def test_changed_photos_are_told_apart(lite, album):
    extraction.extract(lite, ExtractRequest(album, "D"))
    portrait_photo([("east", 4)], 2, (480, 360)).save(album / "kim.jpg")
    report = extraction.extract(lite, ExtractRequest(album, "D"))
    assert report.changed == ["kim.jpg"]
    assert {"where": "kim.jpg", "why": CHANGED, "kind": "changed"} in kept(lite)[1]
    assert ("kim.jpg", CHANGED) in lines(report.problems)
