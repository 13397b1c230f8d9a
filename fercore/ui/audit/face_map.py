"""A map of faces: its choice, the job that makes it, the map itself, and the way of chosen faces to review."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from fercore.lanes import MAP
from fercore.language import tr, trn
from fercore.services import jobs
from fercore.services.audit import face_map, map_access, map_columns, map_selection, map_view
from fercore.services.audit.face_map import MapChoice
from fercore.services.audit.map_selection import MapPlace
from fercore.services.audit.map_view import MapView
from fercore.services.system import queue
from fercore.services.training import run_details
from fercore.statuses import Status
from fercore.ui import scatter_map
from fercore.ui.comparison import send_form
from fercore.ui.scatter_map import OF_RUN, DrawnMap
from fercore.ui.shell.access import BROWSER_COOKIE
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, job_panel, run_choice

PAGE: Final = "map"
KEY: Final = "face-map"
GRADIENTS: Final = 0


def panel(datasets: Mapping[str, int]) -> None:
    """The whole map, of the datasets that are chosen among these."""
    choice = _choice(datasets)
    view = _view(choice)
    _make(choice, view)
    job_panel.panel((MAP,), ended=1)
    if view is None:
        st.info(tr("No map of these faces yet. Make one above; it is kept."), icon=":material/lightbulb:")
        return
    if not len(view.ids):
        st.info(tr("None of the faces on this map is there any more."), icon=":material/lightbulb:")
        return
    _draw(view)


def _choice(datasets: Mapping[str, int]) -> MapChoice:
    names = {number: name for name, number in datasets.items()}
    left, middle, right = st.columns([3, 3, 1], vertical_alignment="bottom")
    with left:
        picked = bound_choice.several(
            tr("Datasets"), list(names), "map-datasets", names.__getitem__, placeholder=tr("All of them")
        )
    done = [each for each in run_details.listed(store()) if each.status == Status.DONE and each.run.reported_epoch]
    runs = run_choice.names(done) if done else {}
    described = {GRADIENTS: tr("Gradients (needs no trained model)"), **runs}
    run = bound_choice.box(middle, tr("Likeness by"), list(described), "map-run", described.__getitem__)
    seed = right.number_input(tr("Seed"), 0, 2**31 - 1, 0, key="map-seed")
    chosen = tuple(names[number] for number in picked or names)
    return MapChoice(chosen, None if run == GRADIENTS else run, int(seed))


def _view(choice: MapChoice) -> MapView | None:
    """The map with its faces of now; while some are chosen on it, it stays as it is."""
    held: MapView | None = st.session_state.get("map-view")
    if held is not None and held.choice == choice and (st.session_state.get(KEY) or {}).get("selection"):
        return held
    with st.spinner(tr("Reading faces")):
        view = st.session_state["map-view"] = map_view.opened(store(), choice)
    return view


def _make(choice: MapChoice, view: MapView | None) -> None:
    """The button that makes a map, or makes it again for faces that came since."""
    missing = 0 if view is None else view.missing
    if view is not None and not missing:
        return
    label = (
        tr("Make the map")
        if view is None
        else trn("Make it again with {count} new face", "Make it again with {count} new faces", missing)
    )
    waits = bool(queue.unfinished(store(), (MAP,)))
    if st.button(label, icon=":material/scatter_plot:", type="primary", disabled=waits, key="make-map"):
        with shown_errors():
            jobs.submit(store(), face_map.request(choice))
            st.rerun()


def _draw(view: MapView) -> None:
    runs = map_columns.evaluated_runs(store(), view.choice.datasets)
    run = None
    if runs:
        run = bound_choice.box(
            st.container(width=320), tr("Right or wrong by"), runs, "map-judge", lambda each: tr("Run {run}", run=each)
        )
    columns = [name for name in scatter_map.column_words() if name in view.plain or (run and name in OF_RUN)]
    token = map_access.grant(view, st.context.cookies.get(BROWSER_COOKIE), st.session_state.get("map-token"))
    st.session_state["map-token"] = token
    drawn = scatter_map.draw(DrawnMap(view.key, token, columns, run), PAGE, KEY)
    if drawn.renewed is not None and drawn.renewed == token:
        del st.session_state["map-token"]
        st.rerun()
    chosen = map_access.selection(token, drawn.selection) if drawn.selection else None
    if chosen is not None:
        _review(*chosen)


def _review(view: MapView, chosen: map_selection.Places) -> None:
    """The way of chosen faces to review, whatever their splits: a task for each dataset."""
    st.markdown(f"##### {tr('Review these')}")
    places = map_selection.places(view, chosen)
    for place in places if len(places) > 1 else ():
        st.caption(literal(_words(place)))
    unlabelled = sum(place.faces - place.labelled for place in places)
    if unlabelled:
        st.caption(
            trn(
                "{count} face without a label is left out.",
                "{count} faces without a label are left out.",
                unlabelled,
            )
        )
    if not any(place.labelled for place in places):
        return
    with shown_errors():
        to_send = map_selection.to_review(view, chosen)
        send_form.of_faces(to_send, tr("The task records its reason: the map and its datasets."))


def _words(place: MapPlace) -> str:
    return f"{place.dataset} · {tr(place.split)} · {trn('{count} face', '{count} faces', place.faces)}"
