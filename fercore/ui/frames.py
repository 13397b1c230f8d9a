"""Numbers as tables and as CSV downloads."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.store.datasets import SPLITS, Summary


def counts_frame(datasets: Sequence[Summary]) -> pd.DataFrame:
    """One row per dataset and split that has faces, one column per emotion."""
    rows = []
    for dataset in datasets:
        for split in SPLITS:
            counts = dataset.counts[split]
            if sum(counts.values()):
                row: dict[str, object] = {tr("Dataset"): dataset.name, tr("Split"): tr(split)}
                row |= {tr(name): counts[name] for name in EMOTIONS}
                rows.append(row | {tr("Labelled"): sum(counts.values())})
        if dataset.unlabelled:
            rows.append(
                {tr("Dataset"): dataset.name, tr("Split"): tr("unlabelled"), tr("Unlabelled"): dataset.unlabelled}
            )
    return pd.DataFrame(rows).astype({tr(name): "Int64" for name in EMOTIONS if rows and tr(name) in rows[0]})


def download(frame: pd.DataFrame, name: str, label: str, index: bool = False) -> None:
    """A button that hands a table over as CSV, readable by Excel in Korean, too."""
    st.download_button(
        label,
        frame.to_csv(index=index).encode("utf-8-sig"),
        name,
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
