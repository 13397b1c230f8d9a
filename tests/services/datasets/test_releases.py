"""Imports beside the release that they claim, and releases of people's own."""

import csv

import pytest

from fercore.errors import InputError, NotFoundError
from fercore.language import use
from fercore.services.datasets import imports, releases
from fercore.services.datasets.imports import ImportRequest
from fercore.sources import releases as known
from fercore.sources.releases import Release
from fercore.store.datasets import datasets
from fercore.store.datasets import releases as table
from tests.conftest import fill, noise

USAGE = {"train": "Training", "validation": "PublicTest", "test": "PrivateTest"}


def written(path, rows):
    """A CSV as Kaggle gives it: (number of a noise face, emotion of FER2013, split)."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", "pixels", "Usage"])
        writer.writerows(
            (label, " ".join(map(str, noise(number).ravel())), USAGE[split]) for number, label, split in rows
        )
    return path


@pytest.fixture
def small(store, monkeypatch, tmp_path):
    """FER2013 as if it had eight training faces and four in PublicTest, one of which is in training, too."""
    rows = [
        *((number, number % 7, "train") for number in range(8)),
        *((number, 3, "validation") for number in range(7, 11)),
    ]
    imports.import_source(store, ImportRequest("fer2013", written(tmp_path / "whole.csv", rows), "whole"))
    with store.database.reading() as session:
        made = known.recorded("FER2013", table.faces(session, datasets.named(session, "whole")))
    monkeypatch.setattr(known, "shipped", lambda name: Release(name, made.splits, made.pictures))
    return rows


def taken(store, path, rows, name="D", source="fer2013"):
    report = imports.import_source(store, ImportRequest(source, written(path / f"{name}.csv", rows), name))
    return report.release


def test_an_import_says_that_it_is_the_release(store, small, tmp_path):
    release = taken(store, tmp_path, small)
    assert release["is_released"] and release["sentences"] == [
        "These are the faces and labels of FER2013.",
        "1 held-out face is repeated in training (1 of them in the release itself, as far as it is known).",
    ]


def test_an_import_says_that_it_is_not(store, small, tmp_path):
    mixed = [*small, (8, 3, "train"), (9, 3, "train"), (50, 2, "train")]
    release = taken(store, tmp_path, mixed)
    assert not release["is_released"] and release["sentences"][:3] == [
        "This is not the FER2013 that was released.",
        "train: faces here / in the release: 11 / 8.",
        "train: 1 face is unknown to the release, pixel by pixel.",
    ]
    assert "train: 2 faces are of other splits of the release." in release["sentences"]
    assert release["sentences"][-1].startswith("3 held-out faces are repeated in training")
    use("ko")
    korean = " ".join(releases.sentences(releases.from_json(release)))
    use("en")
    assert "FER2013" in korean and "훈련" in korean


def test_an_import_that_claims_nothing_is_held_against_nothing(store, small, tmp_path):
    assert taken(store, tmp_path, small, "KFE", "fer2013")["release"] == "FER2013", "its source claims it"
    fill(store, "E", [1, 2])
    assert releases.claim(store, "E", "folder", "/photos") is None


def test_a_release_of_ones_own(store):
    fill(store, "D", [1, 2, 3])
    assert releases.listed(store) == ["FER2013"]
    releases.record(store, "2026-01", "D")
    assert releases.listed(store) == ["FER2013", "2026-01"]
    assert releases.check(store, "2026-01", "D").is_released
    fill(store, "D", [4], start=50)
    found = releases.check(store, "2026-01", "D")
    assert not found.is_released and found.splits[0].unknown == 1
    assert releases.from_json(releases.as_json(found)) == found


@pytest.mark.parametrize(
    ("do", "error"),
    [
        (lambda store: releases.record(store, "FER2013", "D"), InputError),
        (lambda store: releases.record(store, "mine", "D"), InputError),
        (lambda store: releases.record(store, " ", "D"), InputError),
        (lambda store: releases.record(store, "new", "none"), NotFoundError),
        (lambda store: releases.check(store, "none", "D"), NotFoundError),
        (lambda store: releases.check(store, "mine", "none"), NotFoundError),
    ],
)
def test_refusals(store, do, error):
    fill(store, "D", [1, 2, 3])
    releases.record(store, "mine", "D")
    with pytest.raises(error):
        do(store)
