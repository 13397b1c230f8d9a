"""Recipes as YAML: nothing is lost on the way, and what cannot be used is refused in a sentence."""

import pytest

from fercore.errors import InputError
from fercore.training.own_recipes import own_recipe
from fercore.training.recipe import MODERN, PAPER
from fercore.training.recipe_files import as_yaml, from_yaml


@pytest.mark.parametrize("recipe", [PAPER, MODERN, PAPER.model_copy(update={"name": "제 것"})], ids=lambda r: r.name)
def test_a_recipe_comes_back_as_it_was(recipe):
    assert from_yaml(as_yaml(recipe)) == recipe


def test_knobs_that_are_left_out_are_the_papers():
    assert from_yaml("name: short\nepochs: 3") == PAPER.model_copy(
        update={"name": "short", "epochs": 3, "augmentation": own_recipe({"name": "x"}).augmentation}
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("name: a\nspeed: 9", "no knob 'speed'", id="unknown knob"),
        pytest.param("epochs: 9", "'name' is missing", id="no name"),
        pytest.param("name: a\nlearning_rate: -1", "learning_rate is -1: input should be greater than 0", id="bound"),
        pytest.param("name: a\noptimizer: magic", "optimizer is 'magic'", id="choice"),
        pytest.param("name: a\naugmentation: {zoom: 3}", "augmentation.zoom is 3", id="nested"),
        pytest.param("name: a\nepochs: -1\ndropout: 2", "epochs is -1.*dropout is 2", id="two faults"),
        pytest.param("name: [", "This is no YAML: .* in line 1", id="broken"),
        pytest.param("- 1\n- 2", "one 'name: value' in each line", id="a list"),
        pytest.param("", "one 'name: value' in each line", id="empty"),
        pytest.param("name: !!python/object/apply:os.system [ls]", "This is no YAML", id="code"),
        pytest.param("a: &a [1]\nb: *a", "without YAML's aliases", id="alias"),
        pytest.param("name: " + "a" * 70_000, "at most 64 KB", id="too long"),
        pytest.param("[" * 5_000, "This is no YAML", id="deep"),
    ],
)
def test_what_is_refused(text, sentence):
    with pytest.raises(InputError, match=sentence):
        from_yaml(text)
