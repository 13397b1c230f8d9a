"""Calibration of a run: reliability by dataset, its temperature, abstaining, and prediction sets."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd
import streamlit as st

from fercore.charts import calibration as charts
from fercore.charts import words
from fercore.errors import InputError
from fercore.evaluation.calibration import Abstention, Calibration
from fercore.language import tr, trn
from fercore.services.comparison import calibration as calibration_service
from fercore.services.comparison.calibration import PlaceCalibration, RunCalibration
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.chart_files import chart
from fercore.ui.comparison import choices
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download


def panel(views: Sequence[EvaluationView]) -> None:
    """The choice of a run, and its calibration on every split."""
    newest_first = sorted(reversed(views), key=lambda view: view.words_only)  # which have no probabilities
    by_run = {view.run: view for view in newest_first}
    run = bound_choice.lasting_box(
        st.container(),
        tr("Run"),
        list(by_run),
        "calibrated-run",
        lambda run: choices.run_name(by_run[run]),
    )
    try:
        found = calibration_service.of_run(store(), run)
    except InputError as error:
        st.info(literal(str(error)), icon=":material/lightbulb:")
        return
    _temperature(found)
    names = {place.view.id: choices.place_words(place.view) for place in found.places}
    at_temperature = found.fitted is not None and bound_choice.switch(
        st.container(), tr("At this temperature"), "at-temperature"
    )
    left, right = st.columns(2)
    with left:
        shown = {
            names[place.view.id]: place.mended if at_temperature and place.mended else place.plain
            for place in found.places
        }
        _reliability(shown)
    with right:
        _abstention({names[place.view.id]: place.abstentions for place in found.places})
    _table(found)


def _reliability(lines: Mapping[str, Calibration]) -> None:
    title = tr("Reliability")
    st.markdown(f"**{title}**")
    figure = charts.reliability({name: each.bins for name, each in lines.items()}, tr("Confidence"), tr("Accuracy"))
    rows = pd.DataFrame([{"place": name, **asdict(each)} for name, there in lines.items() for each in there.bins])
    chart(figure, "reliability", title, words.of_reliability(lines), rows)


def _abstention(lines: Mapping[str, Sequence[Abstention]]) -> None:
    title = tr("Accuracy when the least sure faces are left unanswered")
    st.markdown(f"**{title}**")
    figure = charts.abstention(lines, tr("Share of faces answered"), tr("Accuracy"))
    rows = pd.DataFrame([{"place": name, **asdict(each)} for name, there in lines.items() for each in there])
    chart(figure, "abstention", title, words.of_abstentions(lines), rows)


def _meaning(found: RunCalibration) -> str:
    """The fault that the temperature mends, if it mends one where it was fitted."""
    place = next(each for each in found.places if found.fitted and each.view.id == found.fitted.evaluation)
    if place.mended is None or place.mended.ece >= place.plain.ece:
        return tr("it does not lower the calibration error of this run")
    is_too_sure = place.plain.confidence > place.plain.accuracy
    return tr("the run was too sure") if is_too_sure else tr("the run was not sure enough")


def _temperature(found: RunCalibration) -> None:
    """The temperature, where it was fitted, and the button that stores it."""
    fitted = found.fitted
    if fitted is None:
        st.caption(tr("The temperature is fitted on validation faces: evaluate this run on a validation split."))
        return
    row = st.container(border=True, horizontal=True, vertical_alignment="center")
    meaning = _meaning(found)
    faces = trn("{count} face", "{count} faces", fitted.faces)
    place = literal(f"{fitted.dataset} · {tr(fitted.split)}")
    row.markdown(f"**{tr('Temperature {value}', value=f'{fitted.value:.2f}')}**: {meaning} ({place}, {faces})")
    if found.places[0].view.is_foreign:
        row.caption(tr("A model from elsewhere has no file here: Predict cannot use it."))
    elif calibration_service.temperature(store(), found.run) == fitted:
        row.caption(tr("Stored with the run: Predict can use it."))
    elif row.button(tr("Store with the run"), icon=":material/thermostat:"):
        with shown_errors():
            calibration_service.keep_temperature(store(), found.run, fitted)
            st.rerun()


def _table(found: RunCalibration) -> None:
    frame = pd.DataFrame([_row(place) for place in found.places])
    shares = [tr("Accuracy"), tr("Confidence"), tr("Sets hold the truth"), "ECE", tr("ECE by chance"), tr("ECE at T")]
    formats = {name: st.column_config.NumberColumn(name, format="percent") for name in shares}
    for name in ("Brier", tr("Brier at T"), tr("Mean set size")):
        formats[name] = st.column_config.NumberColumn(name, format="%.3f")
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
    st.caption(
        tr(
            "ECE is above zero even for a model that means what it says: beside it stands what chance alone gives. "
            "Sets: all emotions with enough probability to hold the truth 9 times in 10 on the validation faces; "
            "here is how often they do elsewhere."
        )
    )
    download(frame, f"run-{found.run}-calibration.csv", tr("Calibration as CSV"))


def _row(place: PlaceCalibration) -> dict[str, object]:
    sets = place.sets
    return {
        tr("Tested on"): choices.place_words(place.view),
        "n": place.view.n,
        tr("Accuracy"): place.plain.accuracy,
        tr("Confidence"): place.plain.confidence,
        "ECE": place.plain.ece,
        tr("ECE by chance"): place.plain.ece_by_chance,
        tr("ECE at T"): place.mended and place.mended.ece,
        "Brier": place.plain.brier,
        tr("Brier at T"): place.mended and place.mended.brier,
        tr("Sets hold the truth"): sets and sets.share,
        tr("95 % interval"): "" if sets is None else f"{sets.low:.1%} – {sets.high:.1%}",
        tr("Mean set size"): sets and sets.size,
    }
