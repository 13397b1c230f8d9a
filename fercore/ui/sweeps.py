"""A sweep as people ask for it and watch it: the grid of its cells, and one cell in detail."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import timedelta
from typing import Any

import streamlit as st

from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.services import freezing, guarding, recipes, replicating, sweeping, training
from fercore.services.cells import Cell, CellView, Grid, SweepView
from fercore.services.training import TrainRequest
from fercore.training.backbones import BACKBONES
from fercore.training.plan import MAX_SEED
from fercore.training.recipe import MAX_EPOCHS
from fercore.ui import guards, runs, starting
from fercore.ui.jobs import STATUS_ICONS
from fercore.ui.session import fragment, shown_errors, store
from fercore.ui.text import literal

Place = tuple[str, str]
STOPPED = (*training.STOPPED, "gone")


def paper() -> None:
    """The paper's table in one click, as far as its datasets are here."""
    found = replicating.possible(store())
    row = st.container(border=True, horizontal=True, vertical_alignment="bottom")
    with row:
        total = len(replicating.TRAINED_ON) * len(replicating.BACKBONES)
        st.write(
            trn(
                "The study's own table: {cells} of its {total} run can be trained.",
                "The study's own table: {cells} of its {total} runs can be trained.",
                total,
                cells=found.cells,
                total=total,
            )
        )
        if found.missing:
            st.caption(tr("Not here: {names}.", names=literal(", ".join(found.missing))))
        weights = starting.weights_box(row, "paper-weights", replicating.BACKBONES, default="imagenet")
        asked = st.button(tr("Train them all"), icon=":material/grid_on:", disabled=not found.cells, key="paper-start")
    if asked:
        st.session_state["paper-asked"] = True
    if found.cells and st.session_state.get("paper-asked"):
        with shown_errors():
            if weights != "imagenet":
                text = tr(
                    "The study started from ImageNet weights: from random weights its numbers are not comparable."
                )
                st.warning(text, icon=":material/warning:")
            if _agreed_to_freeze():
                _paper(replicating.grid(store(), weights))


def _agreed_to_freeze() -> bool:
    """Ask before snapshots are frozen; True where none is missing or once somebody agrees."""
    missing = replicating.unfrozen(store())
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
    return st.button(tr("Freeze them and go on"), type="primary", key="paper-freeze")


def _paper(grid: Grid) -> None:
    """Start the paper's runs, once their warnings were accepted if there are any."""
    requests = [sweeping.request(store(), grid, cell) for cell in grid.cells]
    warned = guarding.cautions(store(), *requests)
    accepted = guards.accepted(warned, "paper")
    if warned:
        st.caption(literal(_outlook(requests)))
        label = f"{tr('Start training')} · {len(requests)}"
        accepted = st.button(label, type="primary", disabled=not accepted, key="paper-go")
    if accepted:
        del st.session_state["paper-asked"]
        _open(sweeping.start(store(), tr("The study's table"), grid))


def _outlook(requests: Sequence[TrainRequest]) -> str:
    """How long it takes, and how many faces each snapshot has."""
    seconds = guarding.seconds(store(), requests)
    words = [tr("time: known after the first epoch of each backbone")]
    if seconds is not None:
        words = [tr("at most {time} in all", time=timedelta(seconds=round(seconds)))]
    frozen = {one.name: one.counts for one in freezing.listed(store())}
    for name in dict.fromkeys(one.snapshot for one in requests):
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
    one, two, three = st.columns(3)
    weights = starting.weights_box(one, "sweep-weights", backbones)
    epochs = two.number_input(
        tr("Epochs at most"), 1, MAX_EPOCHS, None, key="sweep-epochs", placeholder=tr("as each recipe says")
    )
    evaluate = starting.evaluation_box(three, "sweep-evaluate")
    name = st.text_input(tr("Name of the sweep"), tr("Sweep"), key="sweep-name")
    with shown_errors():
        grid = Grid(frozen, backbones, chosen, [_seed(seed) for seed in seeds], weights, epochs, evaluate)
        cells = len(grid.cells)
        there = sweeping.identical(store(), grid)
        reuse = bool(there) and st.checkbox(
            trn(
                "{count} of these runs is there already: show it instead of repeating it.",
                "{count} of these runs are there already: show them instead of repeating them.",
                len(there),
            ),
            value=True,
            key="sweep-reuse",
        )
        requests = [sweeping.request(store(), grid, cell) for cell in grid.cells]
        if requests:
            st.caption(literal(_outlook(requests)))
        ready = cells > 0 and guards.accepted(guarding.cautions(store(), *requests), "sweep")
        label = f"{tr('Start training')} · {cells - len(there) if reuse else cells}"
        if st.button(label, type="primary", icon=":material/play_arrow:", disabled=not ready, key="sweep-start"):
            _open(sweeping.start(store(), name, grid, reuse))


def live(sweep_id: int) -> None:
    """The grid, polled while a cell waits or runs."""
    found = sweeping.view(store(), sweep_id)
    place = _figure(found)
    fragment(_live, sweep_id, found.is_busy, place, run_every=2.0 if found.is_busy else None)
    chosen = st.session_state.get(f"cell-{sweep_id}")
    if chosen is not None:
        _detail(sweep_id, chosen)


def _figure(found: SweepView) -> Place | None:
    """The choice of the figure in the grid: an evaluation, or (None) the validation accuracy in training."""
    names = {f"{dataset} · {tr(split)}": (dataset, split) for dataset, split in found.places}
    watched = tr("validation accuracy in training")
    chosen = st.selectbox(tr("Figure in each cell"), [*names, watched], key=f"figure-{found.sweep.id}", width=320)
    return names.get(chosen)


def _live(sweep_id: int, was_active: bool, place: Place | None) -> None:
    found = sweeping.view(store(), sweep_id)
    if was_active and not found.is_busy:
        st.rerun()
    _head(found)
    _grid(found, place)


def _head(found: SweepView) -> None:
    done = found.count("done")
    row = st.container(horizontal=True, vertical_alignment="center")
    left = found.seconds_left
    words = [
        trn(
            "{done} of {total} cell done",
            "{done} of {total} cells done",
            len(found.cells),
            done=done,
            total=len(found.cells),
        )
    ]
    if found.count(*STOPPED):
        words.append(tr("{count} stopped", count=found.count(*STOPPED)))
    if found.evaluating:
        words.append(tr("{count} being evaluated", count=len(found.evaluating)))
    if found.is_active:
        known = left is not None
        words.append(
            tr("about {time} left", time=timedelta(seconds=round(left or 0)))
            if known
            else tr("time left: known after the first epoch of each backbone")
        )
    row.progress(done / len(found.cells), " · ".join(words))
    if found.is_active:
        if row.button(tr("Cancel all"), key=f"cancel-sweep-{found.sweep.id}"):
            with shown_errors():
                sweeping.cancel(store(), found.sweep.id)
        return
    if found.unevaluated and row.button(tr("Evaluate the rest"), key=f"evaluate-sweep-{found.sweep.id}"):
        with shown_errors():
            sweeping.evaluate_rest(store(), found.sweep.id)
            st.rerun()
    if row.button(tr("Forget"), key=f"forget-sweep-{found.sweep.id}", help=tr("Its runs stay.")):
        sweeping.remove(store(), found.sweep.id)
        st.rerun()


def _grid(found: SweepView, place_of_figure: Place | None) -> None:
    """Rows of backbones and recipes, columns of snapshots and seeds; each cell is a button."""
    cells = {one.cell: one for one in found.cells}
    rows = list(dict.fromkeys((cell.backbone, cell.recipe) for cell in cells))
    columns = list(dict.fromkeys((cell.snapshot, cell.seed) for cell in cells))
    shape = [2, *[1.5] * len(columns)]
    seeds = len({seed for _, seed in columns}) > 1
    for head, (snapshot, seed) in zip(st.columns(shape)[1:], columns, strict=True):
        head.markdown(f"**{literal(snapshot)}**" + (f" · {tr('seed {seed}', seed=seed)}" if seeds else ""))
    for backbone, recipe in rows:
        name, *places = st.columns(shape, vertical_alignment="center")
        name.markdown(f"**{backbone}** · {literal(recipe)}")
        for place, (snapshot, seed) in zip(places, columns, strict=True):
            one = cells.get(Cell(backbone, recipe, snapshot, seed))
            if one is not None:
                _button(place, found.sweep.id, one, place_of_figure)


def _button(place: Any, sweep_id: int, one: CellView, of: Place | None) -> None:
    cell = one.cell
    key = f"cell-{sweep_id}-{astuple(cell)}"  # quoted: names may hold hyphens
    if place.button(_text(one, of), key=key, help=_tooltip(one), width="stretch"):
        st.session_state[f"cell-{sweep_id}"] = cell
        st.rerun()


def _text(one: CellView, of: Place | None) -> str:
    """The cell's state, and the chosen figure once it is known, or how many epochs are behind."""
    icon = STATUS_ICONS.get(one.status, ":material/block:")
    if one.status == "running" and one.run is not None:
        return f"{icon} {len(one.run.epochs)}/{one.run.run.epochs}"
    accuracy = one.watched if of is None else one.accuracies.get(of)
    return f"{icon} {accuracy:.1%}" if accuracy is not None and one.status == "done" else f"{icon} {tr(one.status)}"


def _tooltip(one: CellView) -> str:
    lines = [f"{literal(dataset)} · {tr(split)}: {value:.2%}" for (dataset, split), value in one.accuracies.items()]
    if one.watched is not None:
        lines.append(tr("validation in training: {accuracy}", accuracy=f"{one.watched:.2%}"))
    return "  \n".join(lines) or tr(one.status)


def _detail(sweep_id: int, cell: Cell) -> None:
    found = next((one for one in sweeping.view(store(), sweep_id).cells if one.cell == cell), None)
    if found is None:
        return
    st.divider()
    if found.run is None:
        st.info(tr("This cell's run was deleted."))
        if st.button(tr("Train it again"), key="cell-again"):
            with shown_errors():
                sweeping.retry(store(), sweep_id, cell)
                st.rerun()
        return
    runs.live(found.run.run.id)


def _seed(value: object) -> int:
    text = str(value)
    if not text.isdecimal() or len(text) > len(str(MAX_SEED)) or int(text) > MAX_SEED:
        raise InputError(tr("'{value}' is no seed: give a whole number from 0 to {most}.", value=text, most=MAX_SEED))
    return int(text)


def _open(sweep_id: int) -> None:
    st.session_state["sweep"] = sweep_id
    st.rerun()
