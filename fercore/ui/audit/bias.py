"""Bias and shortcuts of an audit: associations, measures that give emotions away, and shifts between datasets."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fercore.language import tr, trn
from fercore.services.audit import words
from fercore.services.audit.score_card import CheckLine
from fercore.ui.widgets import tables


def draw(line: CheckLine) -> None:
    """A table for each kind of finding."""
    stands_out = trn("{count} of {checked} stands out.", "{count} of {checked} stand out.", line.count,
                checked=f"{line.population:,}")  # fmt: skip
    st.markdown(stands_out)
    _associations(line.detail["associations"])
    _shortcuts(line.detail["shortcuts"])
    _shifts(line.detail["shifts"])


def _associations(found: Sequence[Mapping[str, Any]]) -> None:
    if not found:
        return
    st.markdown(f"**{tr('Properties that go together')}**")
    names = words.properties()
    frame = pd.DataFrame(
        {
            tr("Properties"): f"{names[each['first']]} × {names[each['second']]}",
            tr("Dataset"): each["dataset"] or tr("all"),
            tr("Faces"): each["faces"],
            tr("Cramér's V"): each["v"],
            tr("p after Holm"): each["p_holm"],
            tr(
                "Stands out most"
            ): f"{words.value(each['strongest']['first'])}, {words.value(each['strongest']['second'])}",
            tr("Seen"): each["strongest"]["observed"],
            tr("Expected"): each["strongest"]["expected"],
            tr("Finding"): each["is_finding"],
        }
        for each in found
    )
    formats = {
        tr("Cramér's V"): st.column_config.NumberColumn(format="%.3f"),
        tr("p after Holm"): st.column_config.NumberColumn(format="%.3g"),
        tr("Expected"): st.column_config.NumberColumn(format="%.0f"),
    }
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats)
    st.caption(tr("A finding has at least a small effect (V of 0.1, bias-corrected) that is not by chance (p < 0.05)."))
    tables.download(frame, "associations.csv", tr("Properties as CSV"))


def _shortcuts(found: Sequence[Mapping[str, Any]]) -> None:
    if not found:
        return
    st.markdown(f"**{tr('What a plain measure of the picture tells')}**")
    names = words.properties()
    frame = pd.DataFrame(
        {
            tr("Measure"): names.get(each["measure"], each["measure"]),
            tr("Tells"): names[each["target"]],
            tr("Dataset"): each["dataset"] or tr("all"),
            **_accuracy(each),
            tr("Finding"): each["is_finding"],
        }
        for each in found
    )
    tables.show(frame, [tr("Balanced accuracy"), tr("Chance")])
    tables.download(frame, "shortcuts.csv", tr("Measures as CSV"))


def _shifts(found: Sequence[Mapping[str, Any]]) -> None:
    if not found:
        return
    st.markdown(f"**{tr('Which dataset is this face from?')}**")
    frame = pd.DataFrame({tr("Datasets"): " / ".join(each["datasets"]), **_accuracy(each)} for each in found)
    tables.show(frame, [tr("Balanced accuracy"), tr("Chance")])
    st.caption(tr("A small classifier is asked: the surer it is, the more the datasets differ beside emotions."))


def _accuracy(each: Mapping[str, Any]) -> dict[str, object]:
    low, high = each["interval"]
    return {
        tr("Balanced accuracy"): each["balanced_accuracy"],
        tr("95 % interval"): f"{low:.1%} – {high:.1%}",
        tr("Chance"): each["chance"],
    }
