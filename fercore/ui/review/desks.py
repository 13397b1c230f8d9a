"""The desk of this browser tab: made for a view, kept while it is the same, drawn as the review grid."""

from collections.abc import Callable

import streamlit as st

from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import reviewers
from fercore.services.system import overview
from fercore.ui import review_grid
from fercore.ui.review_grid.desk import Desk
from fercore.ui.shell.session import fragment, leave_desk, reviewer, store


def desk_for(view: ReviewFilter, size: int) -> Desk:
    """The desk on which this view lies; another one is left for it."""
    desk: Desk | None = st.session_state.get("desk")
    if desk is None or (desk.view, desk.size) != (view, size):
        leave_desk()
        fits = desk.fits if desk is not None else None
        desk = st.session_state["desk"] = Desk(store(), view, size, fits)
    desk.have = None  # a full run may have dropped the grid from the browser: give it its tiles again
    return desk


def show(desk: Desk, nothing_left: Callable[[ReviewFilter], None]) -> None:
    """The grid, or why there is none; it runs again with every message, and while a task may bring faces."""
    waits = desk.view.task is not None and desk.is_empty
    outbox = _outbox(desk.view)  # not asked for again: the grid goes on while the store is away

    def grid() -> None:
        if desk.view.task is not None and desk.is_empty and desk.look_again() == waits:
            st.rerun()  # from the grid to waiting for what others leave, or back
        if not desk.is_empty:
            review_grid.draw(desk, outbox)
        else:
            nothing_left(desk.view)

    fragment(grid, run_every=5.0 if waits else None)


def _outbox(view: ReviewFilter) -> str:
    """The browser's place for what was not sent: decisions made in one manner never arrive as made in another."""
    manner = "/rulings" if view.adjudicates else f"/task-{view.task}" if view.task is not None else ""
    manner += "/blind" if view.blind and view.task is None else ""
    manner += f"/run-{view.advisor}" if view.advisor is not None else ""
    return f"{reviewers.outbox(store(), reviewer())}/{overview.identity(store(), view.dataset_id)}{manner}"
