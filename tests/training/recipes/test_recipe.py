"""The two recipes, and what a user's own may hold."""

import math
from typing import get_args

import pytest
from pydantic import ValidationError

from fercore.errors import InputError, NotFoundError, StoredDataError
from fercore.training.recipes.recipe import MODERN, PAPER, RECIPES, Augmentation, Recipe, recipe
from fercore.training.recipes.validation import own_recipe, stored_recipe


def test_paper_is_the_papers_protocol():
    assert (
        Recipe(
            name="paper",
            epochs=30,
            optimizer="adam",
            learning_rate=1e-5,
            schedule="constant",
            batch_size=64,
            small_batch_size=10,
            preprocessing="rescale",
            augmentation=Augmentation(zoom=0.3, shear_degrees=0.3, rotation_degrees=20, shift=0.2, flip=False),
            label_smoothing=0,
            class_weights=True,
            dense_units=256,
            dropout=0.3,
            batch_norm_momentum=None,
            validate_on="validation",
            patience=10,
            reported="last",
            mixup=0,
            average=None,
            flip_at_test=False,
            class_weight_clip=None,
            input_px=None,
            precision="float32",
            steps_per_execution=1,
        )
        == PAPER
    )


def test_modern_is_what_the_design_asks_for():
    assert (MODERN.preprocessing, MODERN.schedule, MODERN.validate_on) == ("backbone", "cosine", "training slice")
    assert (MODERN.reported, MODERN.batch_norm_momentum, MODERN.augmentation.flip) == ("best", "fit", True)
    assert MODERN.label_smoothing > 0 and MODERN.warmup_epochs > 0


@pytest.mark.parametrize(
    ("faces", "size"),
    [
        pytest.param(902, 10, id="CK+"),
        pytest.param(2_324, 10, id="KFE"),
        pytest.param(28_709, 64, id="FER2013"),
    ],
)
def test_batch_size_of_the_paper(faces, size):
    assert PAPER.batch_for(faces) == size


@pytest.mark.parametrize("entry", [pytest.param(item, id=name) for name, item in RECIPES.items()])
def test_json_round_trip(entry):
    assert Recipe.model_validate_json(entry.model_dump_json()) == entry
    assert recipe(entry.name) is entry


@pytest.mark.parametrize(
    ("wanted", "steps", "expected"),
    [
        pytest.param(None, 400, None, id="Keras' own"),
        pytest.param(0.95, 400, 0.95, id="given"),
        pytest.param("fit", 400, 0.975, id="fit"),
        pytest.param("fit", 10, 0.8, id="fit, few steps"),
        pytest.param("fit", 10_000, 0.99, id="fit, many steps"),
    ],
)
def test_batch_norm_momentum(wanted, steps, expected):
    result = MODERN.model_copy(update={"batch_norm_momentum": wanted}).momentum_for(steps)
    assert result == pytest.approx(expected) if expected is not None else result is None


def test_rate_without_pre_trained_weights():
    own = Recipe(name="own", learning_rate=0.1, learning_rate_scratch=0.2)
    assert (own.rate_for(True), own.rate_for(False)) == (0.1, 0.2)
    assert PAPER.rate_for(False) == 1e-5


@pytest.mark.parametrize(
    ("pretrained", "normalised", "expected"),
    [(True, True, 3e-4), (True, False, 3e-4), (False, True, 3e-3), (False, False, 3e-4)],
)
def test_a_network_without_normalisation_learns_from_scratch_at_a_lower_rate(pretrained, normalised, expected):
    assert MODERN.rate_for(pretrained, normalised) == expected


@pytest.mark.parametrize(
    "knobs",
    [
        pytest.param({"learning_rate": 0}, id="no rate"),
        pytest.param({"batch_size": 0}, id="no batch"),
        pytest.param({"batch_norm_momentum": 1.0}, id="momentum of one"),
        pytest.param({"optimiser": "adam"}, id="unknown knob"),
        pytest.param({"augmentation": {"zoom": 1}}, id="zoom to nothing"),
    ],
)
def test_impossible_recipes_are_refused(knobs):
    with pytest.raises(ValidationError):
        Recipe(name="own", **knobs)


@pytest.mark.parametrize(
    ("knobs", "sentence"),
    [
        pytest.param({"learning_rate": 0}, "learning_rate is 0: input should be greater than 0.", id="too small"),
        pytest.param({"average": 1.0}, "average is 1: give a number from 0 to below 1, 'fit' or nothing.", id="share"),
        pytest.param(
            {"optimiser": "adam"}, "A recipe has no knob 'optimiser'. Choose one of name, epochs,", id="unknown"
        ),
        pytest.param(
            {"augmentation": {"zom": 1}}, "no knob 'augmentation.zom'. Choose one of zoom,", id="unknown inside"
        ),
        pytest.param({"augmentation": {"zoom": 1}}, "augmentation.zoom is 1: input should be less", id="inside"),
        pytest.param({"precision": "half"}, "precision is 'half': input should be 'auto', 'float32'", id="no choice"),
        pytest.param({"epochs": 0}, "epochs is 0: input should be greater than or equal to 1.", id="no epochs"),
        pytest.param(
            {"epochs": 10_001}, "epochs is 10001: input should be less than or equal to 10000.", id="too many"
        ),
        pytest.param({"epochs": True}, "epochs is True: input should be a valid integer.", id="yes"),
        pytest.param({"epochs": 3.0}, "epochs is 3.0: input should be a valid integer.", id="no whole number"),
        pytest.param({"learning_rate": "1"}, "learning_rate is '1': input should be a valid number.", id="a word"),
        pytest.param({"augmentation": {"flip": 1}}, "augmentation.flip is 1: input should be a valid", id="no truth"),
        pytest.param({"average": math.nan}, "average is nan: input should be a finite number.", id="not a number"),
        pytest.param({"name": ""}, "name is '': string should have at least 1 character.", id="no name"),
    ],
)
def test_what_does_not_fit_is_told_in_sentences(knobs, sentence):
    with pytest.raises(InputError) as message:
        own_recipe({"name": "own"} | knobs)
    assert sentence in str(message.value)


def test_each_fault_has_its_sentence_and_a_good_recipe_none():
    with pytest.raises(InputError) as message:
        own_recipe({"epochs": -1, "mixup": -1})
    assert str(message.value).count(".") == 3 and "'name' is missing" in str(message.value)
    assert own_recipe(PAPER.model_dump()) == PAPER


def numeric(model):
    """The knobs of a model that may be numbers."""
    kinds = {name: {field.annotation, *get_args(field.annotation)} for name, field in model.model_fields.items()}
    return [name for name, kind in kinds.items() if kind & {int, float}]


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e300, 10**300, True, "1"])
@pytest.mark.parametrize("name", [*numeric(Recipe), *(f"augmentation.{name}" for name in numeric(Augmentation))])
def test_every_number_has_bounds(name, value):
    outer, _, inner = name.partition(".")
    with pytest.raises(InputError, match=f"{name} is "):
        own_recipe({"name": "own", outer: {inner: value} if inner else value})


def test_at_every_bound_a_recipe_comes_back_from_json():
    for name in numeric(Recipe):
        for bound in (bound for model_field in Recipe.model_fields[name].metadata for bound in vars_of(model_field)):
            try:
                result = Recipe.model_validate({"name": "own", name: bound})
            except ValidationError:  # an open bound
                continue
            assert Recipe.model_validate_json(result.model_dump_json()) == result
            assert Recipe.model_validate(result.model_dump(mode="json")) == result


def vars_of(constraint):
    return [getattr(constraint, kind) for kind in ("ge", "gt", "le", "lt") if hasattr(constraint, kind)]


def test_a_stored_recipe_of_older_knobs_is_read_or_told():
    old = {name: value for name, value in MODERN.model_dump(mode="json").items() if name != "residual_start"}
    assert stored_recipe(old) == MODERN.model_copy(update={"residual_start": "keras"})
    with pytest.raises(StoredDataError, match=r"epochs is 0: .* Start a new run"):
        stored_recipe(old | {"epochs": 0})


def test_unknown_recipe_lists_the_known_ones():
    with pytest.raises(NotFoundError, match="paper, modern"):
        recipe("best")
