"""A file that is not YuNet's: imports and extractions say so once, and go on with Haar."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.services.datasets import extraction, imports
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.store.tables import Face


def extract(store, folder, **options):
    return extraction.extract(store, ExtractRequest(folder, "KFE", **options))


def import_jaffe(store, folder, **options):
    return imports.import_source(store, ImportRequest("jaffe", folder, "JAFFE", **options))


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    portrait_photo([(Style.EAST, 3)], 2, (480, 360)).convert("L").save(folder / "KA.HA1.29.tiff")
    return folder


@pytest.fixture
def broken(lite, tmp_path):
    """An installation whose FERCORE_YUNET names a file of something else."""
    file = tmp_path / "face_detection.onnx"
    file.write_bytes(b"no network")
    return replace(lite, settings=lite.settings.model_copy(update={"yunet": file}))


def detectors_of(store):
    with store.database.reading() as session:
        return list(session.scalars(select(Face.detector)))


@pytest.mark.parametrize("work", [extract, import_jaffe])
def test_it_is_said_once_and_haar_finds_the_faces(broken, album, work):
    [notice] = work(broken, album).notices
    assert notice["where"] == "FERCORE_YUNET"
    assert notice["why"].startswith("'face_detection.onnx' is not a YuNet model.")
    assert notice["why"].endswith("Until then, Haar finds the faces.")
    assert detectors_of(broken) == ["haar"]


@pytest.mark.parametrize("work", [extract, import_jaffe])
def test_whoever_wants_haar_hears_nothing(broken, album, work):
    assert work(broken, album, detector="haar").notices == []
    assert detectors_of(broken) == ["haar"]
