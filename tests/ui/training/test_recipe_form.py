"""The knobs of a recipe as a form."""

from typing import Literal

import pytest

from fercore.training.recipes.recipe import MODERN, PAPER
from fercore.ui.training import recipe_form


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (bool, ([], False, {bool})),
        (int | None, ([], True, {int})),
        (Literal["adam", "sgd"], (["adam", "sgd"], False, set())),
        (Literal["auto"] | float | None, (["auto"], True, {float})),
        (Literal["a", "b"] | None, (["a", "b"], True, set())),
    ],
)
def test_the_shape_of_a_knob(annotation, shape):
    assert recipe_form._shape(annotation) == shape


@pytest.mark.parametrize(
    ("description", "choices", "text"),
    [
        (None, [], None),
        ("", [], None),
        ("Faces at once", [], "Faces at once"),
        (None, ["auto"], "auto, or a number"),
        ("Size", ["auto", "full"], "Size; auto, full, or a number"),
    ],
)
def test_the_help_of_a_knob(description, choices, text):
    assert recipe_form._help(description, choices) == text


def test_a_form_is_another_one_once_the_recipe_has_changed():
    first, second, third = (
        recipe_form.stamped(item) for item in (MODERN, MODERN.model_copy(update={"epochs": 99}), PAPER)
    )
    assert first == recipe_form.stamped(MODERN.model_copy()) and len({first, second, third}) == 3
    assert first.startswith("modern-") and len(first) == len("modern-") + 8
