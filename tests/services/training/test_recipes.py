"""People's own recipes in the data folder, beside fercore's."""

import pytest

from fercore.errors import InputError, NotFoundError
from fercore.services.training import recipes
from fercore.training.recipes.recipe import MODERN, RECIPES
from fercore.training.recipes.yaml_io import as_yaml

OWN = MODERN.model_copy(update={"name": "더 오래", "epochs": 99})


def test_an_own_recipe_is_kept_listed_changed_and_deleted(lite):
    recipes.save(lite, OWN)
    assert list(recipes.listed(lite)) == [*RECIPES, "더 오래"]
    assert recipes.named(lite, "더 오래") == OWN
    recipes.save(lite, OWN.model_copy(update={"epochs": 5}))
    assert recipes.named(lite, "더 오래").epochs == 5
    recipes.remove(lite, "더 오래")
    with pytest.raises(NotFoundError, match=r"더 오래.*paper"):
        recipes.named(lite, "더 오래")


@pytest.mark.parametrize("name", ["paper", "modern", "../evil", ".hidden", "", "a" * 101, "감" * 90])
def test_names_that_cannot_be_kept(lite, name):
    with pytest.raises(InputError):
        recipes.save(lite, OWN.model_copy(update={"name": name}))
    assert list(lite.settings.data_dir.rglob("*.yaml")) == []


@pytest.mark.parametrize("name", list(RECIPES))
def test_fercores_own_stay(lite, name):
    with pytest.raises(InputError, match="stays"):
        recipes.remove(lite, name)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"epochs: no", "'name' is missing"),
        (b"\xff\xfe", "cannot be read"),
        (b"[", "not YAML"),
        (b"name: x\nepochs: 2024-13-45", "cannot be read as timestamp"),
        (b"name: x\nepochs: " + b"9" * 5_000, "cannot be read as int"),
        (b'name: "\\ud800"', "cannot be read as str"),
        (b"- " * 5_000, "too deep"),
    ],
)
def test_a_broken_file_is_named_and_stops_nothing(lite, content, why):
    (lite.recipes / "broken.yaml").write_bytes(content)
    recipes.save(lite, OWN)
    assert list(recipes.listed(lite)) == [*RECIPES, "더 오래"]
    [fault] = recipes.faults(lite)
    assert fault.startswith("broken.yaml: ") and why in fault


def test_a_files_name_counts(lite):
    (lite.recipes / "mine.yaml").write_text(as_yaml(MODERN))
    assert recipes.named(lite, "mine") == MODERN.model_copy(update={"name": "mine"})
