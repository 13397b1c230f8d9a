"""Which faces somebody reviews: those of a task, or those of a dataset by filters."""

from typing import Literal

import streamlit as st

from fercore.curation.review_filter import BLIND_STATES, ORDERS, STATES, Order, ReviewFilter, ReviewState
from fercore.emotions import EMOTIONS
from fercore.language import tr, trn
from fercore.services.comparison import confusion_cell, selections
from fercore.services.review import assignments, grid, offered_tasks
from fercore.services.review.offered_tasks import OfferedTask
from fercore.ui.review import cell_banner, model_predictions, second_look
from fercore.ui.shell.session import reviewer, store
from fercore.ui.widgets import face_banner, face_list

BROWSE = 0
FIT = "fit"


def state_names() -> dict[ReviewState, str]:
    """The states to filter by, as people read them."""
    return {
        ReviewState.ALL: tr("all, undecided first"),
        ReviewState.UNDECIDED: tr("undecided by me"),
        ReviewState.DECIDED: tr("decided by me"),
        ReviewState.REJECTED: tr("rejected"),
        ReviewState.UNLABELLED: tr("unlabelled"),
        ReviewState.DISPUTED: tr("disputed"),
        ReviewState.CHANGED: tr("changed by me"),
        ReviewState.UNSURE: tr("not sure"),
        ReviewState.DOUBTFUL: tr("maybe no face"),
        ReviewState.FLAGGED: tr("flagged"),
        ReviewState.NOTED: tr("with a note"),
    }


def order_names() -> dict[Order, str]:
    """The orders, as people read them."""
    return {
        Order.IMPORTED: tr("as imported"),
        Order.RANDOM: tr("random"),
        Order.LEAST_SURE: tr("least sure faces first"),
        Order.POOR_PICTURE: tr("poorest pictures first"),
        Order.LOOK_ALIKES: tr("look-alikes together"),
        Order.DISPUTED_FIRST: tr("disagreement first"),
        Order.SUSPICIOUS: tr("most suspicious labels first"),
        Order.UNCERTAIN: tr("model least certain first"),
        Order.HARD_TO_LEARN: tr("hardest to learn first"),
        Order.AMBIGUOUS: tr("most variable in training first"),
        Order.FORGOTTEN: tr("most often forgotten first"),
    }


def emotion_box(
    place: "st.delta_generator.DeltaGenerator",
    key: str,
    bound: bool = False,
    width: int | Literal["stretch"] = "stretch",
) -> int | None:
    """The choice of one emotion, or None for all."""
    chosen = place.selectbox(
        tr("Emotion"),
        ["all", *EMOTIONS],
        format_func=lambda known: tr("all") if known == "all" else tr(known),
        key=key,
        bind="query-params" if bound else None,
        width=width,
    )
    return None if chosen == "all" else EMOTIONS.index(chosen)


def size_box(place: "st.delta_generator.DeltaGenerator") -> int:
    """The page size; 0 for as many faces as the window shows."""
    sizes = (FIT, *map(str, grid.PAGE_SIZES))
    chosen = place.selectbox(
        tr("Faces per page"),
        sizes,
        format_func=lambda size: tr("fit the window") if size == FIT else size,
        key="size",
        bind="query-params",
        width=140,
    )
    return 0 if chosen == FIT else int(chosen)


def task_box(place: "st.delta_generator.DeltaGenerator") -> OfferedTask | None:
    """The choice of a task, where this reviewer takes part in one; None to browse a dataset."""
    offered = {task.id: task for task in offered_tasks.offered(store(), reviewer())}
    refused = _is_refused(tuple(offered))
    if not offered and not refused:
        return None
    # Not bound to the address by Streamlit: that would write the task's name there, in the reader's language.
    if st.session_state.get("task") not in (*offered, BROWSE):
        st.session_state["task"] = None if refused else _task_of_address(tuple(offered))
    chosen = place.selectbox(
        tr("Work on"),
        [*offered, BROWSE],
        format_func=lambda task_id: (
            tr("no task: browse a dataset")
            if task_id == BROWSE
            else f"{offered[task_id].name} · {offered[task_id].dataset}"
        ),
        key="task",
        width=330,
        placeholder=tr("Choose"),
    )
    if chosen is None:
        st.warning(
            tr("You are not part of task {task}, or it is closed: choose what to work on.", task=_task_asked()),
            icon=":material/assignment_late:",
        )
        st.stop()
    st.query_params["task"] = str(chosen)
    return offered.get(chosen)


def address(dataset: str, state: ReviewState = ReviewState.ALL) -> dict[str, str]:
    """The query of an address at which Review shows faces of a dataset in a state, and no task."""
    return {"task": str(BROWSE), "dataset": dataset} | (
        {} if state == ReviewState.ALL else {"state": state_names()[state]}
    )


def _task_asked() -> str:
    return st.query_params.get("task", "")


def _is_refused(offered: tuple[int, ...]) -> bool:
    """True if the address names a task that is not this person's: then no other faces come in its place."""
    task = _task_asked()
    return task.isdecimal() and int(task) not in (*offered, BROWSE) and st.session_state.get("task") != BROWSE


def _task_of_address(offered: tuple[int, ...]) -> int:
    """The task that the address names; none where it names a dataset, a confusion cell or faces, else the first."""
    task = _task_asked()
    if task in {str(task_id) for task_id in (*offered, BROWSE)}:
        return int(task)
    # Once somebody works, the address names what they look at, and is no wish any more.
    came_by_link = "desk" not in st.session_state and {"dataset", "cell", "faces"} & set(st.query_params)
    return BROWSE if came_by_link else offered[0]


def of_task(task: OfferedTask) -> ReviewFilter:
    """The faces that are handed out in a task."""
    if task.instructions:
        with st.expander(tr("Instructions"), icon=":material/info:", expanded=True):
            st.text(task.instructions)  # as it was typed: no pictures from elsewhere
    return ReviewFilter(task.dataset_id, reviewer(), task=task.id, blind=task.blind, source=task.source)


def ruling_names() -> dict[ReviewState, str]:
    """The states that an adjudicator may look at."""
    return {ReviewState.DISPUTED: tr("disputed"), ReviewState.ALL: tr("all")}


def nothing_disputed(_view: ReviewFilter) -> None:
    """Why no face is shown."""
    st.success(tr("No face of this dataset is disputed: every label follows from the votes."))


def nothing_left(view: ReviewFilter) -> None:
    """Why no face is shown."""
    if view.task is None:
        st.success(tr("Nothing is left to review here: choose another dataset or show all."))
    elif assignments.quota_is_met(store(), view.task, view.reviewer):
        st.success(tr("You have made all decisions that this task asks of you."))
    elif held := assignments.in_hand(store(), view.task):
        words = trn(
            "The last face is being reviewed by another person. If they don't finish it, it will return to you.",
            "The last {count} faces are being reviewed by others. Faces they don't finish will return to you.",
            held,
        )
        st.info(words, icon=":material/hourglass:")
    else:
        st.success(tr("You have finished your part of this task: every face is decided."))
        look = selections.of_task(store(), view.task)
        if look is not None:
            second_look.back(st.container(horizontal=True), look)


def browsed(row: "st.delta_generator.DeltaGenerator", datasets: dict[str, int]) -> ReviewFilter:
    """A dataset's faces by filters, or those of one confusion cell."""
    name = row.selectbox(tr("Dataset"), list(datasets), key="dataset", bind="query-params", width=140)
    states, orders = state_names(), order_names()
    blind = bool(st.session_state.get("blind"))
    state = row.selectbox(
        tr("Show"),
        BLIND_STATES if blind else STATES,
        format_func=states.__getitem__,
        key="state",
        bind="query-params",
        width=170,
    )
    emotion = emotion_box(row, "emotion", bound=True, width=105)
    order = row.selectbox(
        tr("Order"), ORDERS, format_func=orders.__getitem__, key="order", bind="query-params", width=200
    )
    row.toggle(
        tr("Blind"), key="blind", help=tr("Hide other people's decisions: show only the source's label and your own.")
    )
    cell = st.query_params.get("cell")
    faces = confusion_cell.faces_of_cell(store(), cell) if cell else None
    if cell:
        cell_banner.banner(cell)
    elif (faces := face_list.chosen()) is not None:
        face_banner.draw(len(faces))
    advisor, shown = model_predictions.box(row, name, datasets[name])
    ordering = model_predictions.ordering(datasets[name], order, advisor)
    return ReviewFilter(
        datasets[name], reviewer(), state, emotion, faces, ordering, advisor if shown else None, blind=blind
    )
