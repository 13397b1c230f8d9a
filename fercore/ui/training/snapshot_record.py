"""The record of a snapshot: its leaks, what was dropped for them, and exceptions from rules."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fercore.language import tr, trn
from fercore.services.training.summaries import SnapshotSummary
from fercore.splits import SPLITS
from fercore.ui.shell.text import literal
from fercore.ui.training import run_facts
from fercore.ui.widgets import tables


def panel(listed: Sequence[SnapshotSummary]) -> None:
    """The record of one snapshot, on demand; older snapshots have none."""
    recorded = {snapshot.name: snapshot.record for snapshot in listed if snapshot.record}
    if not recorded:
        return
    with st.expander(tr("Leaks and rules"), icon=":material/rule:"):
        name = st.selectbox(tr("Snapshot"), list(recorded), key="record-of")
        record = recorded[name]
        if record is not None:
            _leaks(record.get("leaks", {}))
            _dropped(record.get("dropped"))
            run_facts.exception(record.get("exception"))


def _leaks(leaks: Mapping[str, Any]) -> None:
    pairs = leaks.get("pairs", [])
    rows = [
        {
            tr("Also in"): tr(pair["from"]),
            tr("Held out"): tr(pair["to"]),
            tr("Equal"): pair["exact"],
            tr("Altered"): pair["near"],
            tr("People"): pair["people"],
        }
        for pair in pairs
    ]  # fmt: skip
    if rows:
        tables.show(pd.DataFrame(rows))
    if leaks.get("altered_copies") == "no":
        st.caption(tr("Altered copies were not searched: audit the datasets first, or freeze without leaks."))


def _dropped(dropped: Mapping[str, Any] | None) -> None:
    if dropped is None:
        return
    splits = dropped["splits"]
    count = sum(splits.values())
    parts = ", ".join(f"{tr(split)}: {splits[split]:,}" for split in SPLITS if split in splits)
    words = trn("{count} leaking face was dropped.", "{count} leaking faces were dropped.", count)
    st.caption(literal(f"{words} {parts}".strip()))
    if dropped.get("tested_on"):
        st.caption(literal(tr("Also tested on {names}.", names=", ".join(dropped["tested_on"]))))
