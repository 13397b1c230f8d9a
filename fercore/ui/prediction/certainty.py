"""The certainty of a reading in words: one emotion with its probability, or several that hold the answer."""

from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.language import tr
from fercore.language.lists import either
from fercore.services.prediction.certainty import AnswerSets
from fercore.ui.shell.text import literal

_NAMED: Final = 3  # emotions that stand as equals


def headline(row: npt.NDArray[np.floating], sets: AnswerSets | None) -> str:
    """Markdown of one face's (7,) probabilities; without `sets`, the likeliest emotion stands alone."""
    best = int(row.argmax())
    likeliest = tr(EMOTIONS[best])
    held = (best,) if sets is None else sets.of(row)
    if len(held) == 1:
        return f"**{likeliest}** {row[best]:.0%}"
    if len(held) == len(EMOTIONS):
        return tr("**Not sure**: most likely {emotion}, yet it may be any.", emotion=likeliest)
    if len(held) > _NAMED:
        others = either([tr(EMOTIONS[emotion]) for emotion in held[1:]])
        return tr("**Not sure**: most likely {emotion}, yet it may be {others}.", emotion=likeliest, others=others)
    return tr("**Not sure**: {emotions}", emotions=either([tr(EMOTIONS[emotion]) for emotion in held]))


def measured(sets: AnswerSets) -> str:
    """The faces on which it was measured that the sets hold the answer, and their share on the run's other splits."""
    first = tr(
        "The emotions named here hold the answer 9 times in 10, measured on {place} ({faces:,} faces).",
        place=_place(sets.dataset, sets.split),
        faces=sets.faces,
    )
    others = [
        tr(
            "On {place}: {share:.0%} ({low:.0%} to {high:.0%}).",
            place=_place(other.dataset, other.split),
            share=other.coverage.share,
            low=other.coverage.low,
            high=other.coverage.high,
        )
        for other in sets.elsewhere
    ]
    return " ".join([first, *others])


def _place(dataset: str, split: str) -> str:
    return f"{literal(dataset)} · {tr(split)}"
