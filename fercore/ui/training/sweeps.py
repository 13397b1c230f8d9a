"""A sweep as people watch it: the grid of its cells, and one cell in detail."""

from dataclasses import astuple
from typing import Any

import streamlit as st

from fercore import language
from fercore.language import tr, trn
from fercore.language.durations import duration
from fercore.services.comparison import training_overlap
from fercore.services.training import sweeps
from fercore.services.training.sweep_cells import CellView, SweepCell, SweepView
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
    view = sweeps.view(store(), sweep_id)
    place = _figure(view)
    live_part(_live, sweep_id, view.is_busy, place, seconds=2.0 if view.is_busy else None)
    chosen = st.session_state.get(f"cell-{sweep_id}")
    if chosen is not None:
        _detail(sweep_id, chosen)


def _figure(view: SweepView) -> Place | None:
    """The choice of the figure in the grid: an evaluation, or (None) the validation accuracy in training."""
    names = {f"{dataset} · {tr(split)}": (dataset, split) for dataset, split in view.places}
    watched = tr("validation accuracy in training")
    chosen = st.selectbox(tr("Figure in each cell"), [*names, watched], key=f"figure-{view.sweep.id}", width=320)
    return names.get(chosen)


def _live(sweep_id: int, was_active: bool, place: Place | None) -> None:
    view = sweeps.view(store(), sweep_id)
    if was_active and not view.is_busy:
        st.rerun()
    _head(view)
    _grid(view, place)
    evaluated = frozenset(
        (cell_view.run.run.id, where, accuracy)
        for cell_view in view.cells
        if cell_view.run is not None
        for where, accuracy in cell_view.accuracies.items()
    )
    for text in _warnings(store().settings.database, evaluated, language.current()):
        st.warning(literal(text), icon=":material/warning:")


@st.cache_data(show_spinner=False, max_entries=20)
def _warnings(database: str, evaluated: frozenset[tuple[int, Place, float]], code: str) -> list[str]:
    """Learned faces among those that runs were evaluated on, and labels that were changed after a selection: looked for
    again once there is another evaluation.
    """
    return training_overlap.of_runs(store(), {run for run, _, _ in evaluated})


def _head(view: SweepView) -> None:
    done = view.count(Status.DONE)
    row = st.container(horizontal=True, vertical_alignment="center")
    left = view.seconds_left
    words = [
        trn(
            "{done} of {total} cell done",
            "{done} of {total} cells done",
            len(view.cells),
            done=done,
            total=len(view.cells),
        )
    ]
    if view.count(*RETRIED):
        words.append(tr("{count} stopped", count=view.count(*RETRIED)))
    if view.evaluating:
        words.append(tr("{count} being evaluated", count=len(view.evaluating)))
    if view.is_active:
        known = left is not None
        words.append(
            tr("about {time} left", time=duration(left or 0))
            if known
            else tr("time left: known after the first epoch of each backbone")
        )
    row.progress(done / len(view.cells), " · ".join(words))
    if view.is_active:
        if row.button(tr("Cancel all"), key=f"cancel-sweep-{view.sweep.id}"):
            with shown_errors():
                sweeps.cancel(store(), view.sweep.id)
        return
    if view.unevaluated and row.button(tr("Evaluate the rest"), key=f"evaluate-sweep-{view.sweep.id}"):
        with shown_errors():
            sweeps.evaluate_rest(store(), view.sweep.id)
            st.rerun()
    if row.button(tr("Forget"), key=f"forget-sweep-{view.sweep.id}", help=tr("Its runs stay.")):
        sweeps.remove(store(), view.sweep.id)
        st.rerun()


def _grid(view: SweepView, place_of_figure: Place | None) -> None:
    """Rows of backbones and recipes, columns of snapshots and seeds; each cell is a button."""
    cells = {cell_view.cell: cell_view for cell_view in view.cells}
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
            cell_view = cells.get(SweepCell(backbone, recipe, snapshot, seed))
            if cell_view is not None:
                _button(place, view.sweep.id, cell_view, place_of_figure)


def _button(place: Any, sweep_id: int, cell_view: CellView, of: Place | None) -> None:
    cell = cell_view.cell
    key = f"cell-{sweep_id}-{astuple(cell)}"  # quoted: names may hold hyphens
    if place.button(_text(cell_view, of), key=key, help=_tooltip(cell_view), width="stretch"):
        st.session_state[f"cell-{sweep_id}"] = cell
        st.rerun()


def _text(cell_view: CellView, of: Place | None) -> str:
    """The cell's state, and the chosen figure once it is known, or how many epochs are behind."""
    icon = STATUS_ICONS.get(cell_view.status, ":material/block:")
    if cell_view.status == Status.RUNNING and cell_view.run is not None:
        return f"{icon} {len(cell_view.run.epochs)}/{cell_view.run.run.epochs}"
    accuracy = cell_view.validated if of is None else cell_view.accuracies.get(of)
    return (
        f"{icon} {accuracy:.1%}"
        if accuracy is not None and cell_view.status == Status.DONE
        else f"{icon} {tr(cell_view.status)}"
    )


def _tooltip(cell_view: CellView) -> str:
    lines = [
        f"{literal(dataset)} · {tr(split)}: {value:.2%}" for (dataset, split), value in cell_view.accuracies.items()
    ]
    if cell_view.validated is not None:
        lines.append(tr("validation in training: {accuracy}", accuracy=f"{cell_view.validated:.2%}"))
    return "  \n".join(lines) or tr(cell_view.status)


def _detail(sweep_id: int, cell: SweepCell) -> None:
    cell_view = next((candidate for candidate in sweeps.view(store(), sweep_id).cells if candidate.cell == cell), None)
    if cell_view is None:
        return
    st.divider()
    if cell_view.run is None:
        st.info(tr("This cell's run was deleted."))
        if st.button(tr("Train it again"), key="cell-again"):
            with shown_errors():
                sweeps.retry(store(), sweep_id, cell)
                st.rerun()
        return
    runs.live(cell_view.run.run.id)
