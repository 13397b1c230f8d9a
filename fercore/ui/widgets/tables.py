"""Numbers as tables and as CSV downloads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.language.dates import column_format
from fercore.services.datasets.catalogue import DatasetSummary
from fercore.splits import SPLITS

NOTHING: Final = "–"  # where a table has no value


def counts_frame(datasets: Sequence[DatasetSummary]) -> pd.DataFrame:
    """One row per dataset and split that has faces: one column per emotion, the faces without a label to be used, and
    the sum of the row; those not sure and disputed only where there are such."""
    rows: list[dict[str, object]] = []
    for dataset in datasets:
        for split in SPLITS:
            counts = {tr(emotion): dataset.counts[split].get(emotion, 0) for emotion in EMOTIONS}
            counts[tr("Unlabelled")] = dataset.unlabelled_in.get(split, 0)
            counts[tr("Not sure")] = dataset.unsure_in.get(split, 0)
            counts[tr("Disputed")] = dataset.disputed_in.get(split, 0)
            counts[tr("Rejected")] = dataset.rejected_in.get(split, 0)
            if faces := sum(counts.values()):
                rows.append({tr("Dataset"): dataset.name, tr("Split"): tr(split), **counts, tr("Faces"): faces})
    frame = pd.DataFrame(rows)
    return frame.drop(columns=[name for name in (tr("Not sure"), tr("Disputed")) if rows and not frame[name].any()])


def show(frame: pd.DataFrame, percents: Sequence[str] = ()) -> None:
    """A table over the whole width; moments to the minute in this machine's time zone, some columns in percent."""
    moments = frame.select_dtypes("datetimetz").columns
    config: dict[str, Any] = {name: st.column_config.DatetimeColumn(format=column_format()) for name in moments}
    config |= {name: st.column_config.NumberColumn(name, format="percent") for name in percents}
    st.dataframe(
        frame.assign(**{name: frame[name].map(_here, na_action="ignore") for name in moments}),
        hide_index=True,
        width="stretch",
        column_config=config,
        placeholder=NOTHING,
    )


def _here(moment: pd.Timestamp) -> datetime:
    """A moment as this machine's clocks show it; Streamlit would show its own time zone's."""
    return moment.to_pydatetime().astimezone().replace(tzinfo=None)


def download(frame: pd.DataFrame, name: str, label: str, index: bool = False) -> None:
    """A button that hands a table over as CSV, readable by Excel in Korean, too.

    The file is made at the click: a file made beforehand has an address that the next rerun withdraws, of which the
    browser complains when it looks there in between.
    """
    download_later(lambda: frame, name, label, index)


def download_later(frame: Callable[[], pd.DataFrame], name: str, label: str, index: bool = False) -> None:
    """The same of a table that is made at the click, too."""
    st.download_button(
        label,
        partial(_csv, frame, index),
        name,
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _csv(frame: Callable[[], pd.DataFrame], index: bool) -> bytes:
    return frame().to_csv(index=index).encode("utf-8-sig")
