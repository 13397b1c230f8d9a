"""A thousand spoilt inputs: no crash, no hang, nothing outside of the data folder, one clear line each."""

import io
import random
import zipfile

import numpy as np
import pytest
from PIL import Image

from fercore.drawing.photos import portrait_photo
from fercore.errors import Fault, InputError
from fercore.faces.extraction import ALL, extractor
from fercore.faces.workers import ExtractionTask, extracted_here
from fercore.services.datasets import imports
from fercore.services.datasets.imports import ImportRequest
from fercore.sources.readers import reader
from fercore.sources.record import Options
from tests.sources.generated.aihub import aihub_tree

FORMS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
EVERY = 1024


def pictures():
    """Each form of one photo, cut at every kilobyte and with single bytes changed."""
    chance = random.Random(1)
    photo = portrait_photo([("east", 3)], 1, (200, 150))
    for form in FORMS:
        buffer = io.BytesIO()
        photo.save(buffer, form)
        data = buffer.getvalue()
        yield from (data[:length] for length in range(0, len(data), max(EVERY, len(data) // 60)))
        for _ in range(40):
            spoilt = bytearray(data)
            for _ in range(chance.randint(1, 8)):
                spoilt[chance.randrange(min(len(spoilt), 2000))] = chance.randrange(256)
            yield bytes(spoilt)


def test_spoilt_pictures_say_why_in_one_line():
    worker, spoilt = extractor(), [ExtractionTask(number, data, ALL) for number, data in enumerate(pictures())]
    outcomes = [outcome for _, outcome in extracted_here(iter(spoilt), worker)]
    reasons = [str(outcome) for outcome in outcomes if isinstance(outcome, InputError)]
    assert len(outcomes) >= 400 and len(reasons) >= 150
    assert not [reason for reason in reasons if "\n" in reason or "Traceback" in reason or len(reason) > 300]


def zips(folder):
    """Zips that lie: members outside, bombs, broken directories, encrypted flags, links, odd names."""
    chance = random.Random(2)
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("happy/a.png", png())
        archive.writestr("sad/b.png", png())
    names = ["../out.png", "/abs.png", "happy/../../x.png", "C:\\x.png", "happy\\..\\..\\y.png", "happy/\x00.png", ""]
    for number, name in enumerate(names):
        path = folder / f"name{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name or "x"), png())
        yield path
    for number in range(250):
        data = bytearray(good.getvalue())
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = folder / f"spoilt{number}.zip"
        path.write_bytes(data[: chance.randint(10, len(data))] if number % 3 == 0 else data)
        yield path
    bomb = folder / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("happy/bomb.png", "w", force_zip64=True) as file,
    ):
        for _ in range(300):
            file.write(bytes(2**20))
    yield bomb


def png():
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("source", ["folder", "fer2013", "ckplus", "jaffe", "aihub", "parquet"])
def test_spoilt_zips_are_refused_or_read_without_a_trace_outside(tmp_path, source):
    folder = tmp_path / "in"
    folder.mkdir()
    before = None
    for path in list(zips(folder)):
        before = before or sorted(tmp_path.rglob("*"))
        try:
            result = list(reader(source)(path, Options()))
        except InputError as error:
            assert "\n" not in str(error) and len(str(error)) < 600
            continue
        assert all(len(str(item)) < 600 for item in result if isinstance(item, Fault))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_of_a_picture_costs_no_memory(lite, tmp_path):
    """300 MB of zeros behind a picture's name: more than any picture may have."""
    bomb = [path for path in zips(tmp_path) if path.name == "bomb.zip"]
    with pytest.raises(InputError, match=r"bomb\.png.*bigger than 256 MB"):
        imports.import_source(lite, ImportRequest("folder", bomb[0], "D"))


def test_spoilt_trees_of_aihub(lite, tmp_path):
    """Every JSON and picture of a tree spoilt in turn: the rest is stored."""
    tree = aihub_tree(tmp_path, hostile=False)
    chance = random.Random(3)
    files = sorted(path for path in tree.root.rglob("*") if path.is_file())
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(whole[: chance.randrange(len(whole))])
        report = imports.import_source(lite, ImportRequest("aihub", tree.root, f"D {len(path.name)}", skip_bad=True))
        assert report.faces >= len(tree.photos) - 4
        path.write_bytes(whole)
