"""Train: choose a backbone, a recipe and a snapshot, and watch the run learn."""

import streamlit as st

from fercore.language import tr
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training.runs import TrainRequest
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import BACKBONES
from fercore.training.recipes.recipe import MAX_EPOCHS
from fercore.ui.shell.layout import nothing_yet, opening
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.training import preflight, run_form, runs
from fercore.ui.widgets import device_status

opening(tr("Train"), tr("Train a backbone with a recipe on a snapshot; the run goes on when this page is closed."))
snapshots = [snapshot.name for snapshot in snapshot_service.listed(store())]
if not snapshots:
    nothing_yet(
        tr("A training needs a snapshot: freeze some faces first."),
        "pages/curate/snapshots.py",
        tr("Go to Snapshots"),
    )

known, choices = run_form.cloned()
left, right = st.columns(2)
snapshot = left.selectbox(tr("Snapshot"), snapshots, key="snapshot")
name = right.selectbox(
    tr("Backbone"),
    list(BACKBONES),
    key="backbone",
    format_func=lambda key: f"{key} · {BACKBONES[key].params_total / 1e6:.1f} M · {BACKBONES[key].input_px} px",
)
names = {"paper": tr("paper: exactly the study's protocol"), "modern": tr("modern: stronger recipe")}
recipe_name = left.selectbox(
    tr("Recipe"), list(known), list(known).index("modern"), key="recipe", format_func=lambda key: names.get(key, key)
)
starts = run_form.continuable(name)
weights = run_form.weights_box(right, "weights", [name], list(dict.fromkeys([*choices, *starts])))
recipe = known[recipe_name]
first, second, third = st.columns(3)
epochs = first.number_input(tr("Epochs at most"), 1, MAX_EPOCHS, recipe.epochs, key=f"epochs-{recipe_name}")
seed = second.number_input(tr("Seed"), 0, MAX_SEED, 0, key="seed")
evaluate = run_form.evaluation_box(third, "evaluate")
all_gpus = run_form.gpus_box(first, "all-gpus")
exception = run_form.exception_box(second)
device_status.show()

settings = (snapshot, name, recipe, weights, int(seed), int(epochs), evaluate, all_gpus)
request = TrainRequest(*settings, run_form.cloned_from(), starts.get(weights), exception=exception)
with shown_errors():
    accepted = preflight.panel(request)
    if st.button(tr("Start training"), type="primary", icon=":material/play_arrow:", disabled=not accepted):
        st.session_state["watched"] = run_service.start(store(), request)
        run_form.clone_started()

watched = runs.watched()
if watched is not None:
    st.divider()
    runs.live(watched)
