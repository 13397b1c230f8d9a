"""Recipes: read them, clone one, change its knobs, write it as YAML."""

from functools import partial

import streamlit as st

from fercore.language import tr
from fercore.services.training import recipes
from fercore.training.recipes.recipe import RECIPES
from fercore.training.recipes.yaml_io import as_yaml, from_yaml
from fercore.ui.shell.layout import opening
from fercore.ui.shell.session import dialog, shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.training import recipe_form

opening(
    tr("Recipes"),
    tr("Every training setting except data and backbone. Clone a recipe and change what you want to try."),
)
known = recipes.listed(store())
for fault in recipes.faults(store()):
    st.warning(literal(fault), icon=":material/warning:")
if st.session_state.get("recipe-saved") in known:
    st.session_state["recipe"] = st.session_state.pop("recipe-saved")
name = st.selectbox(tr("Recipe"), list(known), key="recipe", bind="query-params")
recipe = known[name]
own = name not in RECIPES
st.caption(tr("Yours: change it here.") if own else tr("fercore's own: what you change is kept under another name."))


def keep(changed: object) -> None:
    """Keep what was written, and show it."""
    with shown_errors():
        st.session_state["recipe-saved"] = recipes.save(store(), changed).name  # type: ignore[arg-type]
        st.rerun()


def confirm() -> None:
    """Ask before a recipe goes."""
    st.write(tr("Runs keep the recipe that they were trained with."))
    if st.button(tr("Delete it"), type="primary"):
        with shown_errors():
            recipes.remove(store(), name)
            st.rerun()


form, text = st.tabs([tr("Knobs"), "YAML"])
with form, shown_errors():
    changed = recipe_form.form(recipe, name if own else tr("my {name}", name=name))
    if changed is not None:
        keep(changed)
with text:
    written = st.text_area(
        tr("The recipe as YAML"),
        as_yaml(recipe),
        height=520,
        key=f"yaml-{recipe_form.stamped(recipe)}",
        label_visibility="collapsed",
    )
    save, download, delete = st.columns([1, 1, 4])
    if save.button(tr("Check and save"), type="primary", icon=":material/save:"):
        with shown_errors():
            keep(from_yaml(written))
    download.download_button(
        tr("Download"), partial(as_yaml, recipe), f"{name}.yaml", "application/yaml", icon=":material/download:"
    )
    if own and delete.button(tr("Delete"), icon=":material/delete:"):
        dialog(tr("Delete this recipe?"), confirm)
