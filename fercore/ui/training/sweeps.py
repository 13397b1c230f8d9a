"""A sweep as people watch it: the grid of its cells, and one cell in detail."""

from dataclasses import astuple
from typing import Any

import streamlit as st

from fercore import language
from fercore.language import tr, trn
from fercore.language.durations import duration
from fercore.services.comparison import training_overlap
from fercore.services.training import sweeps
from fercore.services.training.sweep_cells import Cell, CellView, SweepView
from fercore.statuses import STOPPED, Status
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.training import runs
from fercore.ui.widgets.job_panel import STATUS_ICONS
from fercore.ui.widgets.live import live as live_part

Place = tuple[str, str]
RETRIED = (*STOPPED, "gone")


def live(sweep_id: int) -> None:
    """The grid, polled while a cell waits or runs."""
    found = sweeps.view(store(), sweep_id)
    place = _figure(found)
    live_part(_live, sweep_id, found.is_busy, place, seconds=2.0 if found.is_busy else None)
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
    found = sweeps.view(store(), sweep_id)
    if was_active and not found.is_busy:
        st.rerun()
    _head(found)
    _grid(found, place)
    evaluated = frozenset(
        (one.run.run.id, where) for one in found.cells if one.run is not None for where in one.accuracies
    )
    for text in _warnings(store().settings.database, evaluated, language.current()):
        st.warning(literal(text), icon=":material/warning:")


@st.cache_data(show_spinner=False, max_entries=20)
def _warnings(database: str, evaluated: frozenset[tuple[int, Place]], code: str) -> list[str]:
    """Faces that runs have learned and were evaluated on, looked for again once there is another evaluation."""
    return training_overlap.of_runs(store(), {run for run, _ in evaluated})


def _head(found: SweepView) -> None:
    done = found.count(Status.DONE)
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
    if found.count(*RETRIED):
        words.append(tr("{count} stopped", count=found.count(*RETRIED)))
    if found.evaluating:
        words.append(tr("{count} being evaluated", count=len(found.evaluating)))
    if found.is_active:
        known = left is not None
        words.append(
            tr("about {time} left", time=duration(left or 0))
            if known
            else tr("time left: known after the first epoch of each backbone")
        )
    row.progress(done / len(found.cells), " · ".join(words))
    if found.is_active:
        if row.button(tr("Cancel all"), key=f"cancel-sweep-{found.sweep.id}"):
            with shown_errors():
                sweeps.cancel(store(), found.sweep.id)
        return
    if found.unevaluated and row.button(tr("Evaluate the rest"), key=f"evaluate-sweep-{found.sweep.id}"):
        with shown_errors():
            sweeps.evaluate_rest(store(), found.sweep.id)
            st.rerun()
    if row.button(tr("Forget"), key=f"forget-sweep-{found.sweep.id}", help=tr("Its runs stay.")):
        sweeps.remove(store(), found.sweep.id)
        st.rerun()


def _grid(found: SweepView, place_of_figure: Place | None) -> None:
    """Rows of backbones and recipes, columns of snapshots and seeds; each cell is a button."""
    cells = {one.cell: one for one in found.cells}
    rows = list(dict.fromkeys((cell.backbone, cell.recipe) for cell in cells))
    columns = list(dict.fromkeys((cell.snapshot, cell.seed) for cell in cells))
    shape = [2, *[1.5] * len(columns)]
    seeds = len({seed for _, seed in columns}) > 1
    grid = st.container(key="sweep-grid")
    for head, (snapshot, seed) in zip(grid.columns(shape)[1:], columns, strict=True):
        head.markdown(f"**{literal(snapshot)}**" + (f" · {tr('seed {seed}', seed=seed)}" if seeds else ""))
    for backbone, recipe in rows:
        name, *places = grid.columns(shape, vertical_alignment="center")
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
    if one.status == Status.RUNNING and one.run is not None:
        return f"{icon} {len(one.run.epochs)}/{one.run.run.epochs}"
    accuracy = one.validated if of is None else one.accuracies.get(of)
    return (
        f"{icon} {accuracy:.1%}" if accuracy is not None and one.status == Status.DONE else f"{icon} {tr(one.status)}"
    )


def _tooltip(one: CellView) -> str:
    lines = [f"{literal(dataset)} · {tr(split)}: {value:.2%}" for (dataset, split), value in one.accuracies.items()]
    if one.validated is not None:
        lines.append(tr("validation in training: {accuracy}", accuracy=f"{one.validated:.2%}"))
    return "  \n".join(lines) or tr(one.status)


def _detail(sweep_id: int, cell: Cell) -> None:
    found = next((one for one in sweeps.view(store(), sweep_id).cells if one.cell == cell), None)
    if found is None:
        return
    st.divider()
    if found.run is None:
        st.info(tr("This cell's run was deleted."))
        if st.button(tr("Train it again"), key="cell-again"):
            with shown_errors():
                sweeps.retry(store(), sweep_id, cell)
                st.rerun()
        return
    runs.live(found.run.run.id)
