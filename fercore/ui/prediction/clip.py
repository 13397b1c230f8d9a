"""A short video clip on Predict: a job, then each followed face with its emotions over time."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fercore.charts.emotion_timeline import timeline
from fercore.emotions import EMOTIONS
from fercore.faces.clips import MOST_SECONDS
from fercore.language import counts, tr, trn
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import clip, tables
from fercore.services.prediction.clip import ClipJob, ClipReading, FollowedFace
from fercore.ui.prediction import visit
from fercore.ui.prediction.readers import Readers
from fercore.ui.prediction.visit import Visit, VisitKind
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_wall
from fercore.ui.widgets.tables import download_later

KIND: Final = VisitKind("clip", ClipJob, clip.taken, name="clip")
_TOLD: Final = 3


def show(chosen: Readers, uploads: Sequence[Upload]) -> None:
    """Offer to read the latest clip, and draw how far that is and what came of it."""
    run = next(iter(chosen.titles))
    if uploads:
        latest = uploads[-1]
        wanted = Visit((latest.file_id,), run, chosen.calibrated)
        text = tr(
            "The faces of **{name}** are followed for up to {seconds} s.",
            name=literal(latest.name),
            seconds=round(MOST_SECONDS),
        )
        visit.offer(KIND, [latest], wanted, text, tr("Read the clip with {run}", run=chosen.titles[run]))
        if len(uploads) > 1:
            st.caption(tr("One clip is read at a time: the one that was added last."))
    done = visit.follow(KIND, _progress)
    if done is not None:
        _result(done.result)


def _progress() -> None:
    visit.draw_progress(KIND)


def _result(result: ClipReading) -> None:
    pictures = trn("{count} picture", "{count} pictures", result.pictures)
    parts = [f"{result.seconds:.1f} s", pictures, counts.faces(len(result.faces))]
    st.subheader(" · ".join(parts), anchor=False)
    if result.is_cut:
        st.caption(tr("The clip goes on; it was read up to here."))
    if result.brief:
        st.caption(
            trn(
                "{count} face was seen too briefly to be followed.",
                "{count} faces were seen too briefly to be followed.",
                result.brief,
            )
        )
    if not result.faces:
        st.info(tr("No face was found. Faces should be frontal, upright and well lit."))
    for number, face in enumerate(result.faces, start=1):
        _face(number, face)
    with st.container(horizontal=True):
        if result.faces:
            download_later(lambda: tables.clip_frame(result), "clip.csv", "CSV")
        visit.discard(KIND)


def _face(number: int, face: FollowedFace) -> None:
    crop, chart = st.columns([1, 5])
    with crop:
        face_wall.wall_of([(face.pixels.tobytes(), tr("Face {number}", number=number))])
    with chart:
        names = [tr(name) for name in EMOTIONS]
        figure = timeline(face.seconds, face.probabilities, names, tr("Time"))
        st.plotly_chart(figure, key=f"clip-face-{number}", config={"displayModeBar": False})
        st.caption(_words(face))


def _words(face: FollowedFace) -> str:
    """The chart in a sentence: how often each emotion is the likeliest."""
    shares = ", ".join(f"{tr(name)} {share:.0%}" for name, share in list(face.shares.items())[:_TOLD])
    seen = trn("{count} picture", "{count} pictures", len(face.seconds))
    return tr("Likeliest emotion in {pictures}: {shares}.", pictures=seen, shares=shares)
