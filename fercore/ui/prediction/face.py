"""The chosen face: its crop, what the runs read in it side by side, how sure that is, and why."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.faces.remarks import with_unfamiliar
from fercore.language import counts, tr
from fercore.prediction import ensemble
from fercore.services.prediction.photos import FoundPhoto
from fercore.ui.prediction import bars, certainty, explanation, readers, remarks
from fercore.ui.prediction.bars import Reading
from fercore.ui.prediction.readers import Key, Readers, RunReading
from fercore.ui.shell.text import literal
from fercore.ui.widgets import face_wall

CROP_WIDTH: Final = 104  # pixels: a tile of the wall
Row = npt.NDArray[np.floating]


def draw(found: FoundPhoto, place: int, read: Mapping[Key, RunReading], chosen: Readers, key: str) -> None:
    """Draw the face at this place of a photo; the first of the runs speaks, others stand beside it."""
    first, reading = next(iter(read.items()))
    face, row = found.extracted.faces[place], reading.probabilities[place]
    line = st.container(horizontal=True, vertical_alignment="center")
    with line.container(width=CROP_WIDTH):
        face_wall.wall_of([(face.pixels.tobytes(), "")])
    words = line.container(width="stretch")
    words.markdown(certainty.headline(row, reading.sets))
    if reading.sets is not None:
        words.caption(certainty.measured(reading.sets))
    if made := with_unfamiliar(found.remarks, reading.novelty)[place]:
        words.caption(remarks.sentences(made, face.box))
    bars.draw([Reading(chosen.titles[first[0]], row)])
    explanation.show(partial(readers.probabilities, first), face.pixels, f"{key}-{first[0]}-{first[2]}")


def side_by_side(place: int, read: Mapping[Key, RunReading], chosen: Readers) -> None:
    """The bars of each run for the face at this place, and of their mean."""
    rows = {chosen.titles[run]: each.probabilities[place] for (run, *_), each in read.items()}
    mean = ensemble.mean([row[None] for row in rows.values()])[0]
    best = int(mean.argmax())
    st.markdown(
        tr(
            "Mean of {runs}: **{emotion}** {share}",
            runs=counts.runs(len(rows)),
            emotion=tr(EMOTIONS[best]),
            share=f"{mean[best]:.0%}",
        )
    )
    bars.draw([*(Reading(title, row) for title, row in rows.items()), Reading(tr("Mean"), mean)])
    st.caption(
        tr(
            "The mean of the runs' probabilities, each counting the same. How sure the reading is, and why, is said of "
            "{run} alone.",
            run=literal(next(iter(rows))),
        )
    )
