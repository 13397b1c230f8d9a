"""The installation's own map of words: checked before it is kept."""

import pytest

from fercore.errors import InputError
from fercore.services.datasets import aihub_labels
from fercore.sources.emotion_map import SHIPPED


def test_the_shipped_map_until_there_is_an_own_one(lite):
    shipped = aihub_labels.text(lite)
    assert aihub_labels.current(lite).version == 1 and not aihub_labels.own_file(lite).exists()
    changed = shipped.replace("version = 1", "version = 2").replace('"상처" = "Sad"', '"상처" = "Angry"')
    assert changed != shipped
    assert aihub_labels.save(lite, changed).version == 2
    assert aihub_labels.text(lite) == changed and aihub_labels.current(lite).find("상처") == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(("version = 1", "version = 'x'"), "version", id="version"),
        pytest.param(("Sad", "Melancholy"), "Melancholy", id="emotion"),
        pytest.param(("[words]", "[other]"), "words", id="table"),
        pytest.param(('"상처" = "Sad"', '"상처" = "Angry"'), "Write a version above 1", id="same version"),
    ],
)
def test_a_wrong_map_is_not_kept(lite, change, message):
    with pytest.raises(InputError, match=message):
        aihub_labels.save(lite, aihub_labels.text(lite).replace(*change))
    assert [path.name for path in lite.settings.data_dir.iterdir() if path.suffix == ".toml"] == []


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param("version = 'x'", id="version"),
        pytest.param("[", id="no TOML"),
        pytest.param("#" * 2**21, id="huge"),
    ],
)
def test_a_wrong_map_is_called_by_its_own_name(lite, draft):
    with pytest.raises(InputError, match=r"^'aihub_words\.toml'"):
        aihub_labels.save(lite, draft)


@pytest.mark.parametrize(
    "broken",
    [pytest.param(b"version = ", id="no TOML"), pytest.param("버전 = 1".encode("cp949"), id="not UTF-8")],
)
def test_a_broken_map_is_shown_and_replaced(lite, broken):
    aihub_labels.own_file(lite).write_bytes(broken)
    assert aihub_labels.text(lite) == broken.decode("utf-8", "replace")
    with pytest.raises(InputError):
        aihub_labels.current(lite)
    assert aihub_labels.save(lite, SHIPPED.read_text("utf-8")).version == aihub_labels.current(lite).version == 1
