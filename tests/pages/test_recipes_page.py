"""The page Recipes: recipes are cloned and changed by form and by text, and broken ones are told."""

import pytest

from fercore.services.training import recipes
from fercore.training.recipes.recipe import MODERN, PAPER
from fercore.training.recipes.yaml_io import as_yaml
from fercore.ui.shell import session
from fercore.ui.training import recipe_form
from tests.pages.conftest import opened, texts


def knob(app, recipe, name):
    return app.text_input(key=f"{recipe_form.stamped(recipe)}/{name}")


def save_knobs(app, recipe):
    app.button(key=f"FormSubmitter:knobs-{recipe_form.stamped(recipe)}-Save").click().run()


def text(app, recipe):
    return app.text_area(key=f"yaml-{recipe_form.stamped(recipe)}")


def save_text(app, recipe, written):
    text(app, recipe).input(written).run()
    next(button for button in app.button if button.label == "Check and save").click().run()


def test_a_recipe_is_cloned_with_other_knobs(lite):
    app = opened("models/recipes.py")
    app.selectbox(key="recipe").select("modern").run()
    knob(app, MODERN, "epochs").input("7")
    knob(app, MODERN, "patience").input("")
    save_knobs(app, MODERN)
    assert not app.exception
    stored = recipes.named(session.store(), "my modern")
    assert stored == MODERN.model_copy(update={"name": "my modern", "epochs": 7})
    assert app.selectbox(key="recipe").value == "my modern"


def test_a_recipe_that_cannot_be_used_is_refused_calmly(lite):
    app = opened("models/recipes.py")
    knob(app, PAPER, "dropout").input("lots")
    save_knobs(app, PAPER)
    assert "dropout is 'lots'" in texts(app)
    save_text(app, PAPER, "name: x\nspeed: 9")
    assert "no knob 'speed'" in texts(app) and list(recipes.listed(session.store())) == ["paper", "modern"]


def test_the_form_and_the_text_of_a_recipe_show_what_is_kept(lite):
    first, second, third = (MODERN.model_copy(update={"name": "mine", "epochs": number}) for number in (5, 6, 7))
    recipes.save(lite, first)
    app = opened("models/recipes.py")
    app.selectbox(key="recipe").select("mine").run()
    save_text(app, first, as_yaml(second))
    assert knob(app, second, "epochs").value == "6" and text(app, second).value == as_yaml(second)
    knob(app, second, "epochs").input("7")
    save_knobs(app, second)
    assert knob(app, third, "epochs").value == "7" and text(app, third).value == as_yaml(third)
    knob(app, third, "dropout").input("0.25")
    save_knobs(app, third)
    assert recipes.named(lite, "mine") == third.model_copy(update={"dropout": 0.25})


@pytest.mark.parametrize("page", ["models/train.py", "models/recipes.py", "models/sweeps.py"])
@pytest.mark.parametrize("content", ["epochs: 2024-13-45", "epochs: " + "9" * 5_000, 'name: "\\ud800"', "epochs: 0"])
def test_a_broken_recipe_takes_no_page_down(frozen, page, content):
    (frozen.recipes / "broken.yaml").write_text(content)
    recipes.save(frozen, MODERN.model_copy(update={"name": "mine"}))
    app = opened(page)
    assert ("broken.yaml: " in texts(app)) == (page == "models/recipes.py")
    chosen = app.multiselect(key="sweep-recipes") if page == "models/sweeps.py" else app.selectbox(key="recipe")
    assert chosen.options[-1] == "mine" and "broken" not in chosen.options
