"""A sweep as people ask for it: the study's own table, or axes of their own."""

from collections.abc import Sequence

import streamlit as st

from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.language.durations import duration
from fercore.services.training import paper_sweep, preflight, recipes, sweeps
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training.runs import TrainRequest
from fercore.services.training.sweep_cells import Grid
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import BACKBONES
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import MAX_EPOCHS
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.training import preflight as preflight_panel
from fercore.ui.training import run_form


def paper() -> None:
    """The paper's table in one click, as far as its datasets are here."""
    possible = paper_sweep.possible(store())
    row = st.container(border=True, horizontal=True, vertical_alignment="bottom")
    with row:
        total = len(paper_sweep.TRAINED_ON) * len(paper_sweep.BACKBONES)
        st.write(
            trn(
                "The study's own table: {cells} of its {total} run can be trained.",
                "The study's own table: {cells} of its {total} runs can be trained.",
                total,
                cells=possible.cells,
                total=total,
            )
        )
        if possible.missing:
            st.caption(tr("Not here: {names}.", names=literal(", ".join(possible.missing))))
        weights = run_form.weights_box(row, "paper-weights", paper_sweep.BACKBONES, default=InitialWeights.IMAGENET)
        pressed = st.button(
            tr("Train them all"), icon=":material/grid_on:", disabled=not possible.cells, key="paper-start"
        )
    if pressed:
        st.session_state["paper-asked"] = True
    if possible.cells and st.session_state.get("paper-asked"):
        with shown_errors():
            if weights != InitialWeights.IMAGENET:
                text = tr(
                    "The study started from ImageNet weights: from random weights its numbers are not comparable."
                )
                st.warning(text, icon=":material/warning:")
            if _are_frozen():
                _paper(paper_sweep.grid(store(), weights))


def _are_frozen() -> bool:
    """Ask before missing snapshots are frozen; True where none is missing, or once they are."""
    missing = paper_sweep.unfrozen(store())
    if not missing:
        return True
    sets = "; ".join(" + ".join(names) for names in missing)
    words = trn(
        "{count} snapshot will be frozen for this: {sets}.",
        "{count} snapshots will be frozen for this: {sets}.",
        len(missing),
        sets=literal(sets),
    )
    st.info(words, icon=":material/ac_unit:")
    if not st.button(tr("Freeze them and go on"), type="primary", key="paper-freeze"):
        return False
    paper_sweep.freeze(store())
    return True


def _paper(grid: Grid) -> None:
    """Start the paper's runs, once their warnings were accepted if there are any."""
    requests = [sweeps.request(store(), grid, cell) for cell in grid.cells]
    warned = preflight.cautions(store(), *requests)
    accepted = preflight_panel.accepted(warned, "paper")
    if warned:
        st.caption(literal(_outlook(requests)))
        label = f"{tr('Start training')} · {len(requests)}"
        accepted = st.button(label, type="primary", disabled=not accepted, key="paper-go")
    if accepted:
        del st.session_state["paper-asked"]
        _open(sweeps.start(store(), tr("The study's table"), grid))


def _outlook(requests: Sequence[TrainRequest]) -> str:
    """The time that it takes, and the number of faces of each snapshot."""
    seconds = preflight.seconds(store(), requests)
    words = [tr("time: known after the first epoch of each backbone")]
    if seconds is not None:
        words = [tr("at most {time} in all", time=duration(seconds))]
    frozen = {snapshot.name: snapshot.counts for snapshot in snapshot_service.listed(store())}
    for name in dict.fromkeys(request.snapshot for request in requests):
        splits = [
            f"{sum(counts.values()):,} {tr(split)}" for split, counts in frozen[name].items() if sum(counts.values())
        ]
        words.append(f"{name}: {', '.join(splits)}")
    return " · ".join(words)


def form(snapshots: list[str]) -> None:
    """The axes of a new sweep, what is there already, and the start."""
    left, right = st.columns(2)
    frozen = left.multiselect(tr("Snapshots"), snapshots, snapshots[:1], key="sweep-snapshots")
    backbones = right.multiselect(tr("Backbones"), list(BACKBONES), ["MobileNetV2"], key="sweep-backbones")
    chosen = left.multiselect(tr("Recipes"), list(recipes.listed(store())), ["modern"], key="sweep-recipes")
    seeds = right.multiselect(tr("Seeds"), list(range(10)), [0], key="sweep-seeds", accept_new_options=True)
    first, second, third = st.columns(3)
    weights = run_form.weights_box(first, "sweep-weights", backbones)
    epochs = second.number_input(
        tr("Epochs at most"), 1, MAX_EPOCHS, None, key="sweep-epochs", placeholder=tr("as each recipe says")
    )
    evaluate = run_form.evaluation_box(third, "sweep-evaluate")
    name = st.text_input(tr("Name of the sweep"), tr("Sweep"), key="sweep-name")
    with shown_errors():
        grid = Grid(frozen, backbones, chosen, [_seed(seed) for seed in seeds], weights, epochs, evaluate)
        cells = len(grid.cells)
        there = sweeps.identical(store(), grid)
        reuse = bool(there) and st.checkbox(
            trn(
                "{count} of these runs is there already: show it instead of repeating it.",
                "{count} of these runs are there already: show them instead of repeating them.",
                len(there),
            ),
            value=True,
            key="sweep-reuse",
        )
        requests = [sweeps.request(store(), grid, cell) for cell in grid.cells]
        wanted = [request for request, cell in zip(requests, grid.cells, strict=True) if not (reuse and cell in there)]
        if wanted:
            st.caption(literal(_outlook(wanted)))
        ready = cells > 0 and preflight_panel.accepted(preflight.cautions(store(), *requests), "sweep")
        label = f"{tr('Start training')} · {cells - len(there) if reuse else cells}"
        if st.button(label, type="primary", icon=":material/play_arrow:", disabled=not ready, key="sweep-start"):
            _open(sweeps.start(store(), name, grid, reuse))


def _seed(value: object) -> int:
    text = str(value)
    if not text.isdecimal() or len(text) > len(str(MAX_SEED)) or int(text) > MAX_SEED:
        raise InputError(
            tr("'{value}' is not a seed: give a whole number from 0 to {most}.", value=text, most=MAX_SEED)
        )
    return int(text)


def _open(sweep_id: int) -> None:
    st.session_state["sweep"] = sweep_id
    st.rerun()
