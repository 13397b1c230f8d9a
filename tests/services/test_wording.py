"""The installation's own map of words: checked before it is kept."""

import pytest

from fercore.errors import InputError
from fercore.services import wording


def test_the_shipped_map_until_there_is_an_own_one(lite):
    shipped = wording.text(lite)
    assert wording.current(lite).version == 1 and not wording.own_file(lite).exists()
    changed = shipped.replace("version = 1", "version = 2").replace('"상처" = "Sad"', '"상처" = "Angry"')
    assert changed != shipped
    assert wording.save(lite, changed).version == 2
    assert wording.text(lite) == changed and wording.current(lite).find("상처") == 0


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
        wording.save(lite, wording.text(lite).replace(*change))
    assert [path.name for path in lite.settings.data_dir.iterdir() if path.suffix == ".toml"] == []
