"""Recipes of earlier versions: knobs under their former names, in files, in stored runs and in checkpoints."""

import pytest

from fercore.errors import InputError
from fercore.services.comparison.training_key import recipe_hash
from fercore.training.loop.checkpoints import _same
from fercore.training.recipes.recipe import MODERN, PAPER, present_names
from fercore.training.recipes.validation import stored_recipe
from fercore.training.recipes.yaml_io import as_yaml, from_yaml


def formerly(recipe):
    """A recipe as it was stored before its knobs were renamed."""
    knobs = recipe.model_dump(mode="json")
    return {
        {"validate_on": "watches", "validation_share": "watch_share"}.get(name, name): value
        for name, value in knobs.items()
    }


@pytest.mark.parametrize("recipe", [PAPER, MODERN, MODERN.model_copy(update={"validation_share": 0.25})])
def test_a_stored_recipe_is_the_same_training(recipe):
    old = formerly(recipe)
    assert "watches" in old and stored_recipe(old) == recipe
    assert recipe_hash(old) == recipe_hash(recipe.model_dump(mode="json")), "so both stand in one row of Compare"


def test_a_paused_training_of_an_earlier_version_has_the_same_plan():
    import json

    assert _same("recipe", MODERN.model_dump_json(), json.dumps(formerly(MODERN)))
    assert not _same("recipe", MODERN.model_dump_json(), json.dumps(formerly(PAPER)))


@pytest.mark.parametrize(
    ("text", "on", "share"),
    [
        ("name: x\nwatches: training slice\nwatch_share: 0.2\n", "training slice", 0.2),
        ("name: x\nvalidate_on: training slice\nwatch_share: 0.2\n", "training slice", 0.2),
        ("name: x\nvalidate_on: validation\n", "validation", 0.1),
    ],
)
def test_a_file_is_read_under_both_and_written_under_the_new_names(text, on, share):
    recipe = from_yaml(text)
    assert (recipe.validate_on, recipe.validation_share) == (on, share)
    written = as_yaml(recipe)
    assert "validate_on:" in written and "watch" not in written and from_yaml(written) == recipe


def test_a_knob_under_both_names_is_refused():
    with pytest.raises(InputError, match="no knob 'watches'"):
        from_yaml("name: x\nwatches: validation\nvalidate_on: training slice\n")
    assert present_names({"watches": 1, "validate_on": 2}) == {"watches": 1, "validate_on": 2}
