"""`fercore predict`: what is noted of faces, and the line about a file that is not YuNet's."""

import json

import pytest
from PIL import Image

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from tests.cli.test_cli import fercore
from tests.cli.test_contents import exported as exported


@pytest.fixture
def photo(tmp_path):
    """A portrait that is found in full size and, its face then small, in a sixth of it."""

    def saved(size):
        portrait_photo([(Style.EAST, 3)], 1, (640, 480)).resize(size).save(tmp_path / "photo.png")
        return tmp_path / "photo.png"

    return saved


@pytest.mark.parametrize(("size", "noted"), [((640, 480), []), ((100, 75), ["small"])])
def test_remarks_stand_behind_the_face_and_in_json(exported, photo, size, noted):
    file = photo(size)
    [face] = json.loads(fercore("predict", file, "--run", 1, "--json").stdout)[0]["faces"]
    assert face["remarks"] == noted
    line = fercore("predict", file, "--run", 1).stdout.splitlines()[1]
    assert line.endswith("] (small)" if noted else "]"), line


def test_each_face_is_explained_in_a_picture(exported, photo, tmp_path):
    file, folder = photo((640, 480)), tmp_path / "why"
    nothing = tmp_path / "nothing.txt"
    nothing.write_text("no picture")
    answer = fercore("predict", nothing, file, "--run", 1, "--explain", folder)
    [picture] = folder.iterdir()
    emotion = answer.stdout.splitlines()[1].split()[0]
    assert picture.name == f"2-photo-1-{emotion}.png" and answer.returncode == 2
    with Image.open(picture) as image:
        assert image.size == (240, 240) and image.mode == "RGB"
    again = fercore("predict", file, "--run", 1, "--explain", folder)
    assert again.returncode == 2 and "why" in again.stderr and not again.stdout, "nothing is written over"


def test_a_file_that_is_not_yunets_is_named_on_stderr_and_the_photo_is_read(exported, photo, tmp_path, monkeypatch):
    file = tmp_path / "y.onnx"
    file.write_bytes(b"no network")
    monkeypatch.setenv("FERCORE_YUNET", str(file))
    answer = fercore("predict", photo((640, 480)), "--run", 1, "--json")
    assert answer.returncode == 0 and len(json.loads(answer.stdout)[0]["faces"]) == 1
    [line] = [line for line in answer.stderr.splitlines() if "YuNet" in line]
    assert "'y.onnx' is not a YuNet model." in line and line.endswith("Until then, Haar finds the faces.")


def test_without_a_face_nothing_is_noted(exported, tmp_path):
    Image.new("RGB", (80, 60), "gray").save(tmp_path / "wall.png")
    assert fercore("predict", tmp_path / "wall.png", "--run", 1).stdout.splitlines() == [
        f"{tmp_path / 'wall.png'}: 0 faces"
    ]
