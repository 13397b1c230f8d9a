"""Parts that the forms for a training and for a sweep share, and a run's settings filled into the form again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fercore.language import tr
from fercore.services.audit import rules
from fercore.services.comparison import evaluation
from fercore.services.system import queue
from fercore.services.training import continuation, recipes
from fercore.services.training.runs import TrainRequest
from fercore.splits import SPLITS
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import BACKBONES
from fercore.training.models.pretrained import CacheState, InitialWeights, weights_state
from fercore.training.recipes.recipe import MAX_EPOCHS, Recipe
from fercore.ui.shell.session import store, switch_page

WEIGHTS: Final[dict[str, str]] = {
    InitialWeights.IMAGENET: "ImageNet weights",
    InitialWeights.NONE: "nothing: random weights",
}


def _default_weights(backbones: Sequence[str]) -> InitialWeights:
    """The weights to begin with: ImageNet's where those of all these backbones are on this machine."""
    cached = all(weights_state(BACKBONES[name]) == CacheState.CACHED for name in backbones)
    return InitialWeights.IMAGENET if cached else InitialWeights.NONE


def weights_box(
    place: DeltaGenerator, key: str, backbones: Sequence[str], choices: Sequence[str] = (), default: str | None = None
) -> str:
    """The choice of what to start from; `default` comes first, whether its files are here or not.

    ImageNet is left out where one of the backbones has no such weights.
    """
    published = all(BACKBONES[name].imagenet is not None for name in backbones)
    offered = [choice for choice in choices or list(WEIGHTS) if published or choice != InitialWeights.IMAGENET]
    chosen: str = place.selectbox(
        tr("Start from"),
        offered,
        offered.index(_default_weights(backbones) if default is None else default),
        key=key,
        format_func=_start_words,
    )
    return chosen


def _start_words(choice: str) -> str:
    """A start in words; a file is its path."""
    if choice in WEIGHTS:
        return tr(WEIGHTS[choice])
    number = continuation.number_of(choice)
    return choice if number is None else tr("Model of run {run}", run=number)


def continuable(backbone: str) -> dict[str, int]:
    """The runs whose models a training of this backbone can start from, and that of a cloned run, by their words in
    the choice of what to start from.
    """
    runs = {continuation.start(each.run): each.run for each in continuation.offered(store(), backbone)}
    request: TrainRequest | None = st.session_state.get("cloned")
    return runs | ({request.weights: request.from_run} if request is not None and request.from_run else {})


def evaluation_box(place: DeltaGenerator, key: str) -> list[tuple[str, str]]:
    """The choice of (dataset, split) to be evaluated when a training is done."""
    places = [place for place in evaluation.places(store()) if place[1] != SPLITS[0]]
    if key in st.session_state:  # of a cloned run, say; its faces may be gone
        st.session_state[key] = [place for place in st.session_state[key] if place in places]
    chosen: list[tuple[str, str]] = place.multiselect(
        tr("Then evaluate on"),
        places,
        format_func=lambda place: f"{place[0]} · {tr(place[1])}",
        key=key,
        placeholder=tr("Choose"),
    )
    return chosen


def gpus_box(place: DeltaGenerator, key: str) -> bool:
    """True if one training takes all GPUs of a machine; asked only where one has several."""
    if queue.gpus_together(store()) < 2:
        return False
    return place.checkbox(
        tr("All GPUs for this run"),
        key=key,
        help=tr("Waits until all GPUs are free; each computes a share of every batch (TensorFlow and JAX)."),
    )


def go_on(request: TrainRequest, run: int) -> None:
    """Open the form for a training that continues a run, with its settings in it."""
    clone(replace(request, weights=continuation.start(run), from_run=run, cloned_from=None))


def exception_box(place: DeltaGenerator) -> str:
    """The reason for an exception from the team's rules, where there are any."""
    if store().settings.rules is None:
        return ""
    return place.text_input(
        tr("Reason for an exception"),
        max_chars=rules.LONGEST_REASON,
        key="exception",
        help=tr("Only where a rule of the team is exceeded: it is kept with the snapshot or the run."),
    )


def clone(request: TrainRequest) -> None:
    """Open the form for a training with a run's settings in it."""
    st.session_state["cloned"] = request
    st.session_state["clone-is-new"] = True
    switch_page("pages/models/train.py")


def cloned() -> tuple[dict[str, Recipe], list[str]]:
    """(the recipes to choose from, the weights to choose from), with those of a cloned run."""
    known = recipes.listed(store())
    request: TrainRequest | None = st.session_state.get("cloned")
    if request is None:
        return known, list(WEIGHTS)
    name = request.recipe.name
    if known.get(name) != request.recipe:  # changed or deleted since
        name = tr("{name}, as it was", name=name)
    if st.session_state.pop("clone-is-new", False):
        _fill_in(request, name)
    return {**known, name: request.recipe}, list(dict.fromkeys([*WEIGHTS, request.weights]))


def cloned_from() -> int | None:
    """The run whose settings were filled into the form, until a training starts."""
    request: TrainRequest | None = st.session_state.get("cloned")
    return None if request is None else request.cloned_from


def clone_started() -> None:
    """Let what the form starts from now on be no clone; the cloned run's recipe and weights stay to choose from."""
    request: TrainRequest | None = st.session_state.get("cloned")
    if request is not None:
        st.session_state["cloned"] = replace(request, cloned_from=None)


def _fill_in(request: TrainRequest, recipe: str) -> None:
    # Runs of an earlier fercore may be beyond today's bounds.
    st.session_state.update(
        {
            "snapshot": request.snapshot,
            "backbone": request.backbone,
            "recipe": recipe,
            "weights": request.weights,
            f"epochs-{recipe}": min(max(1, request.total_epochs), MAX_EPOCHS),
            "seed": min(request.seed, MAX_SEED),
            "evaluate": list(request.evaluate),
            "all-gpus": request.all_gpus,
        }
    )
