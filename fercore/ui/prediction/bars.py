"""Seven bars of a face, of one run or of several side by side: a table, which can be heard, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from fercore.emotions import COLOURS, EMOTIONS
from fercore.language import tr

STYLE: Final = """<style>
.fc-bars{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.2}
.fc-bars caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.fc-bars th{font-weight:400;text-align:left;white-space:nowrap;padding:.2rem .6rem .2rem 0;width:1%}
.fc-bars thead th{font-weight:600;vertical-align:bottom;white-space:normal;width:auto}
.fc-bars td{padding:.2rem .6rem .2rem 0}
.fc-bars td>span{display:flex;align-items:center;gap:.4rem}
.fc-bars i{flex:none;display:block;height:1rem;border-radius:2px;outline:1px solid rgb(128 128 128 / 60%)}
.fc-bars b{font-weight:inherit;font-variant-numeric:tabular-nums}
.fc-bars .fc-most{font-weight:700}
.fc-several{table-layout:fixed;max-width:60rem}
.fc-several thead td,.fc-several th[scope=row]{width:5rem}
@media (max-width:640px){
.fc-several{font-size:.8rem}
.fc-several thead th{font-size:.75rem;overflow-wrap:anywhere}
.fc-several td>span{flex-direction:column-reverse;align-items:start;gap:.1rem}
.fc-several i{height:.5rem}}
</style>"""
_WIDEST: Final = 78  # percent of a column that the longest bar takes: its number stands behind it
_WIDEST_OF_SEVERAL: Final = 60


@dataclass(frozen=True)
class Reading:
    """(7,) probabilities of a face, and whose they are in the user's words."""

    title: str
    row: npt.NDArray[np.floating]


def draw(readings: Sequence[Reading]) -> None:
    """Draw the bars of each reading in a column; the columns are named where there are several."""
    columns = [_column(each.row, [f"{share:.0%}" for share in each.row], len(readings)) for each in readings]
    _table(tr("Probability of each emotion"), [each.title for each in readings], columns)


def draw_counts(counts: Mapping[str, int]) -> None:
    """Draw the faces of each emotion, in their order."""
    numbers = np.array([counts[name] for name in EMOTIONS])
    shares = numbers / max(int(numbers.max()), 1)
    _table(tr("Faces by emotion"), [""], [_column(shares, [f"{number:,}" for number in numbers], 1)])


def _table(caption: str, titles: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    head = f"<thead><tr><td></td>{head}</tr></thead>" if len(titles) > 1 else ""
    lines = (
        f'<tr><th scope="row">{escape(tr(name))}</th>{"".join(column[place] for column in columns)}</tr>'
        for place, name in enumerate(EMOTIONS)
    )
    body = f"<caption>{escape(caption)}</caption>{head}<tbody>{''.join(lines)}</tbody>"
    name = "fc-bars fc-several" if len(titles) > 1 else "fc-bars"
    st.html(f'{STYLE}<table class="{name}" data-testid="bars">{body}</table>')


def _column(shares: npt.NDArray[np.floating], said: Sequence[str], columns: int) -> list[str]:
    """The cells of a column; a bar that says 0 has no length, and the longest is marked."""
    widest = _WIDEST if columns == 1 else _WIDEST_OF_SEVERAL
    cells = []
    for place, (share, text) in enumerate(zip(shares, said, strict=True)):
        style = f"width:{widest * share:.1f}%;background:{COLOURS[place]}"
        bar = f'<i style="{style}"></i>' if text not in ("0", "0%") else ""
        most = ' class="fc-most"' if bar and place == int(shares.argmax()) else ""
        cells.append(f"<td{most}><span>{bar}<b>{text}</b></span></td>")
    return cells
