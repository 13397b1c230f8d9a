"""Recipes as YAML: nothing is lost on the way, and what cannot be used is refused in a sentence."""

import pytest

from fercore.errors import InputError
from fercore.training.recipes.recipe import MODERN, PAPER
from fercore.training.recipes.validation import own_recipe
from fercore.training.recipes.yaml_io import as_yaml, from_yaml


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
        pytest.param("name: [", "This is not YAML: .* in line 1", id="broken"),
        pytest.param("- 1\n- 2", "one 'name: value' in each line", id="a list"),
        pytest.param("", "one 'name: value' in each line", id="empty"),
        pytest.param("name: !!python/object/apply:os.system [ls]", "This is not YAML", id="code"),
        pytest.param("a: &a [1]\nb: *a", "without YAML's aliases", id="alias"),
        pytest.param("name: " + "a" * 70_000, "at most 64 KB", id="too long"),
        pytest.param("[" * 5_000, "it is too deep", id="deep"),
        pytest.param("- " * 5_000, "it is too deep", id="deep blocks"),
        pytest.param(
            "name: a\nepochs: 2024-13-45", "'2024-13-45' cannot be read as timestamp in line 2", id="month 13"
        ),
        pytest.param("name: a\nepochs: !!int foo", "'foo' cannot be read as int in line 2", id="no number"),
        pytest.param("name: a\nepochs: !!bool foo", "'foo' cannot be read as bool", id="no truth"),
        pytest.param("name: a\nepochs: !!int ''", "'' cannot be read as int", id="nothing"),
        pytest.param("name: a\nepochs: !!timestamp foo", "'foo' cannot be read as timestamp", id="no time"),
        pytest.param("name: a\nepochs: !!map 3", "expected a mapping node", id="no mapping"),
        pytest.param("name: a\nepochs: " + "9" * 5_000, "cannot be read as int in line 2", id="too many digits"),
        pytest.param("name: a\nepochs: 0x" + "f" * 5_000, "cannot be read as int in line 2", id="too many hex digits"),
        pytest.param("name: a\n? 0x" + "f" * 5_000 + "\n: 1", "cannot be read as int", id="a knob of many digits"),
        pytest.param("name: a\nmixup: 1" + ":1" * 300 + ".0", "cannot be read as float", id="too large"),
        pytest.param("name: a\ud800", r"character 8 \(U\+D800\) has no place", id="half a pair"),
        pytest.param('name: "\\ud800"', r"'\\ud800' cannot be read as str", id="half a pair, written out"),
        pytest.param('name: a\n"\\ud800": 1', "cannot be read as str in line 2", id="half a pair for a knob"),
        pytest.param("name: a\nepochs: 3\nepochs: 4", "'epochs' was given before.* again in line 3", id="twice"),
        pytest.param("name: a\naugmentation: {zoom: 0, zoom: 0}", "'zoom' was given before", id="twice inside"),
        pytest.param("name: a\nepochs: yes", "epochs is True: input should be a valid integer", id="yes"),
        pytest.param('name: a\nepochs: "3"', "epochs is '3': input should be a valid integer", id="a word"),
        pytest.param("name: a\nmixup: .inf", "mixup is inf: input should be a finite number", id="infinity"),
        pytest.param("name: a\nepochs: " + "a" * 60_000, "epochs is 'aaa[^:]{,110}: input should", id="cut short"),
    ],
)
def test_what_is_refused(text, sentence):
    with pytest.raises(InputError, match=sentence) as message:
        from_yaml(text)
    str(message.value).encode()  # else it could not be shown


@pytest.mark.parametrize(
    ("written", "rate"), [("1e-4", 1e-4), ("1E-4", 1e-4), ("+2.5e-3", 2.5e-3), ("1.0e-04", 1e-4), ("1", 1.0)]
)
def test_numbers_as_everybody_writes_them(written, rate):
    assert from_yaml(f"name: a\nlearning_rate: {written}").learning_rate == rate


@pytest.mark.parametrize("name", ["1e5", "1.e5", "-3E-4", "yes", "~", "2024-01-01", "1:30", ".inf", "a: b", "<<", "#"])
def test_names_that_look_like_something_else_come_back(name):
    recipe = PAPER.model_copy(update={"name": name})
    assert from_yaml(as_yaml(recipe)) == recipe
