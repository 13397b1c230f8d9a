"""Many photos or a zip of them on Predict: a job, then a table with thumbnails, a summary, CSV and JSON."""

import json
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from fercore.errors import Fault
from fercore.faces.boxes import Box
from fercore.faces.remarks import QualityRemark
from fercore.language import counts, tr, trn
from fercore.language.sentences import words
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import batch, tables
from fercore.services.prediction.batch import Batch, BatchJob
from fercore.services.prediction.tables import BatchRow
from fercore.ui.prediction import bars, remarks, visit
from fercore.ui.prediction.readers import Readers
from fercore.ui.prediction.visit import Visit, VisitKind
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_wall
from fercore.ui.widgets.tables import NOTHING, download_later

KIND: Final = VisitKind("batch", BatchJob, batch.taken)
MOST_ROWS: Final = 1000
MOST_LEFT_OUT: Final = 50


def show(chosen: Readers, uploads: Sequence[Upload]) -> None:
    """Offer to read photos together, and draw how far that is and what came of it."""
    run = next(iter(chosen.titles))
    if uploads:
        wanted = Visit(tuple(upload.file_id for upload in uploads), run, chosen.calibrated)
        label = tr("Read them with {run}", run=chosen.titles[run])
        visit.offer(KIND, uploads, wanted, _offer(len(uploads)), label)
    done = visit.follow(KIND, _progress)
    if done is not None:
        _result(done.result)


def _offer(files: int) -> str:
    return trn(
        "{count} file is read in the background, its photos one after the other.",
        "{count} files are read in the background, one after the other.",
        files,
    )


def _progress() -> None:
    visit.draw_progress(KIND)


def _result(result: Batch) -> None:
    counted = tables.summary(result)
    parts = [counts.photos(counted.photos), counts.faces(counted.faces)]
    if counted.without_face:
        parts.append(tr("without a face: {count}", count=counted.without_face))
    if counted.unreadable:
        parts.append(tr("unreadable: {count}", count=counted.unreadable))
    st.subheader(" · ".join(parts), anchor=False)
    left, right = st.columns([2, 3])
    with left:
        bars.draw_counts(counted.emotions)
    with right:
        _left_out(result.left_out)
    rows = list(tables.rows(result))
    _table(result, rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        st.caption(
            tr(
                "Shown: {shown} of {all}. The files below have them all.",
                shown=f"{MOST_ROWS:,}",
                all=counts.rows(len(rows)),
            )
        )
    with st.container(horizontal=True):
        download_later(lambda: tables.batch_frame(result), "emotions.csv", "CSV")
        st.download_button(
            "JSON",
            lambda: json.dumps(list(result.photos), indent=2, ensure_ascii=False).encode(),
            "emotions.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        visit.discard(KIND)


def _left_out(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    title = trn("{count} file was left out", "{count} files were left out", len(faults))
    with st.expander(title, icon=":material/block:"):
        for fault in faults[:MOST_LEFT_OUT]:
            st.markdown(f"{literal(fault.where)}: {literal(words(fault.why))}")
        if len(faults) > MOST_LEFT_OUT:
            st.caption(tr("and {count} more", count=f"{len(faults) - MOST_LEFT_OUT:,}"))


def _table(result: Batch, rows: Sequence[BatchRow]) -> None:
    # On a phone, only the first four are in sight.
    names = [tr("Photo"), tr("Crop"), tr("Emotion"), tr("Probability"), tr("Name"), tr("Face"), tr("Note")]
    frame = pd.DataFrame([_line(result, row) for row in rows], columns=names)
    photo, crop, emotion, share, name, number, note = names
    st.dataframe(
        frame.astype({number: "Int64"}),
        hide_index=True,
        width="stretch",
        row_height=56,
        placeholder=NOTHING,
        column_config={
            photo: st.column_config.ImageColumn(photo, width=100),
            crop: st.column_config.ImageColumn(crop, width=64),
            emotion: st.column_config.TextColumn(emotion, width=80),
            share: st.column_config.NumberColumn(share, format="percent", width=80),
            name: st.column_config.TextColumn(name, width="medium"),
            number: st.column_config.NumberColumn(number, width=60),
            note: st.column_config.TextColumn(note, width="large"),
        },
    )


def _line(result: Batch, row: BatchRow) -> tuple[Any, ...]:
    encoded = result.thumbnails[row.photo]
    thumbnail = f"data:image/jpeg;base64,{encoded}" if encoded else None
    if row.number is None:
        note = words(row.error) if row.error else tr("No face was found.")
        return thumbnail, None, None, None, row.name, None, note
    crop = None if row.pixels is None else face_wall.picture(result.pixels[row.pixels].tobytes())
    face = row.face
    x, y, width, height = face["box"]
    box: Box = (x, y, width, height)
    note = remarks.sentences([QualityRemark(remark) for remark in face["remarks"]], box)
    return thumbnail, crop, tr(face["emotion"]), face["probabilities"][face["emotion"]], row.name, row.number, note
