"""A training before its start: its plan, and the warnings that must be accepted there."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr, trn
from fercore.language.durations import duration
from fercore.services.system import queue
from fercore.services.training import preflight, step_measurement
from fercore.services.training.preflight import Caution, Forecast
from fercore.services.training.runs import TrainRequest
from fercore.statuses import Status
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.widgets.live import live
from fercore.ui.widgets.tables import show


def panel(request: TrainRequest) -> bool:
    """Show the forecast; returns whether the training may start."""
    forecast = preflight.forecast(store(), request)
    with st.container(border=True):
        words, button = st.columns([5, 1], vertical_alignment="center")
        words.markdown(f"**{tr('Training plan')}** · {_time(forecast)}")
        with button.container(horizontal=True, horizontal_alignment="right"):
            _measure(request)
        show(_counts(forecast))
    # Another request brings other warnings: what was accepted for one does not count for the next.
    return accepted(forecast.cautions, f"{request.snapshot}-{request.backbone}-{request.recipe.name}")


def accepted(cautions: Sequence[Caution], key: str) -> bool:
    """Show warnings; returns whether there are none or somebody has accepted them."""
    texts = [caution.text for caution in cautions]
    for text in texts:
        st.warning(literal(text), icon=":material/warning:")
    return not texts or st.checkbox(
        tr("I understand the warnings; start training."), key=f"accept-{key}-{hash(tuple(texts))}"
    )


def _measure(request: TrainRequest) -> None:
    """A button that times a few steps, and its job while it runs."""
    measurement = step_measurement.latest(store(), request)
    if measurement is not None and measurement.is_active:
        live(_wait_for, measurement.job, seconds=1.0)
        return
    if st.button(tr("Measure"), icon=":material/timer:", help=tr("Times a few steps: takes less than a minute.")):
        step_measurement.start(store(), request)
        st.rerun()
    if measurement is not None and measurement.status == Status.FAILED:
        st.caption(literal(measurement.error))


def _wait_for(job_id: int) -> None:
    if not queue.get(store(), job_id).is_active:
        st.rerun()
    st.caption(f":material/progress_activity: {tr('Measuring a few steps')}")


def _time(forecast: Forecast) -> str:
    if forecast.seconds is None or forecast.time is None:
        return tr("no similar training here yet: measure a few steps for an estimate")
    parts = (forecast.seconds, forecast.time.epoch, forecast.time.start)
    total, each, start = (duration(seconds) for seconds in parts)
    words = [
        trn(
            "at most {total}: {start} to start, {count} epoch of {each}",
            "at most {total}: {start} to start, {count} epochs of {each}",
            forecast.epochs,
            total=total,
            start=start,
            each=each,
        )
    ]
    words.append(tr("by steps measured here") if forecast.measured else tr("by earlier runs here"))
    if forecast.memory_mb is not None:
        words.append(tr("{memory} MB of memory", memory=f"{forecast.memory_mb:,.0f}"))
    return " · ".join(words)


def _counts(forecast: Forecast) -> pd.DataFrame:
    rows = [
        {
            tr("Split"): tr(split),
            **{tr(name): counts[name] for name in EMOTIONS},
            tr("Faces"): sum(counts.values()),
        }
        for split, counts in forecast.counts.items()
        if sum(counts.values())
    ]
    return pd.DataFrame(rows)
