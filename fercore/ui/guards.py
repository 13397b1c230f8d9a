"""What a training will do, shown before its start, and the warnings that must be accepted there."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.services import guarding
from fercore.services.guarding import Caution, Forecast
from fercore.services.training import TrainRequest
from fercore.ui.frames import show
from fercore.ui.session import store


def panel(request: TrainRequest) -> bool:
    """Show the forecast; returns whether the training may start."""
    found = guarding.forecast(store(), request)
    with st.container(border=True):
        st.markdown(f"**{tr('What will happen')}** · {_time(found, request)}")
        show(_counts(found))
    # Another request brings other warnings: what was accepted for one does not count for the next.
    return accepted(found.cautions, f"{request.snapshot}-{request.backbone}-{request.recipe.name}")


def accepted(cautions: Sequence[Caution], key: str) -> bool:
    """Show warnings; returns whether there are none or somebody has accepted them."""
    texts = [caution.text for caution in cautions]
    for text in texts:
        st.warning(text, icon=":material/warning:")
    return not texts or st.checkbox(tr("I have read this; train anyway."), key=f"accept-{key}-{hash(tuple(texts))}")


def _time(found: Forecast, request: TrainRequest) -> str:
    if found.seconds is None or found.epoch_seconds is None:
        return tr("how long it takes is known after the first epoch: nothing like it was trained here yet")
    return tr(
        "at most {total} for {epochs} epochs, {each} each, by earlier runs on this machine",
        total=timedelta(seconds=round(found.seconds)),
        each=timedelta(seconds=round(found.epoch_seconds)),
        epochs=request.total_epochs,
    )


def _counts(found: Forecast) -> pd.DataFrame:
    rows = [
        {
            tr("Split"): tr(split),
            **{tr(name): counts[name] for name in EMOTIONS},
            tr("Faces"): sum(counts.values()),
        }
        for split, counts in found.counts.items()
        if sum(counts.values())
    ]
    return pd.DataFrame(rows)
