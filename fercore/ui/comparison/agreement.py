"""Agreement of runs as a table in tones: kappa, equal answers, or equal mistakes of every pair."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from fercore.charts.matrix_svg import matrix_svg
from fercore.evaluation.agreement import Values
from fercore.language import tr, trn
from fercore.services.comparison import agreement as service
from fercore.services.comparison.agreement import RunAgreement
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.chart_files import svg_and_png
from fercore.ui.comparison import choices
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download_later

SHOWN_RUNS: Final = 12
KAPPA, EQUAL, MISTAKES = "kappa", "equal", "mistakes"
CSS: Final = """<style>.fc-agree{overflow-x:auto;max-width:100%}
.fc-agree:focus-visible{outline:2px solid #0072B2;outline-offset:2px}
.fc-agree table{border-collapse:separate;border-spacing:2px;font-size:.875rem}
.fc-agree th{font-weight:600;padding:4px 8px;text-align:left;white-space:nowrap}
.fc-agree thead th{text-align:center}
.fc-agree td{padding:6px 8px;text-align:center;border-radius:4px;min-width:3.5rem;font-variant-numeric:tabular-nums}
.fc-agree caption{caption-side:bottom;text-align:left;padding-top:6px;opacity:.8}</style>"""


def panel(views: Sequence[EvaluationView]) -> None:
    """The choice of runs and of a figure, and the table of all pairs."""
    there = choices.place(views, least=2)
    if not there:
        st.info(tr("This needs two runs that were evaluated on the same split."), icon=":material/lightbulb:")
        return
    chosen = choices.runs(there, "mistaken-runs")
    words = {KAPPA: tr("Cohen's kappa"), EQUAL: tr("equal answers"), MISTAKES: tr("equal mistakes")}
    figure = bound_choice.segments(st.container(), tr("Figure"), list(words), "agreement-of", words.__getitem__)
    with shown_errors():
        found = service.of_runs(store(), chosen)
        _explained(found, figure)
        st.html(CSS + _table(found, figure, words[figure]))
        _picture(found, figure, words[figure])
        _pairs(found)


def _explained(found: RunAgreement, figure: str) -> None:
    meanings = {
        KAPPA: tr("1: always the same answer; 0: as often as by chance."),
        EQUAL: tr("The share of faces that both runs answer alike."),
        MISTAKES: tr("Of the faces that both runs get wrong, the share that they answer alike."),
    }
    faces = trn("{count} face", "{count} faces", found.faces.n)
    st.caption(f"{faces}. {meanings[figure]}")
    if len(found.views) > SHOWN_RUNS:
        numbers = {"shown": SHOWN_RUNS, "all": len(found.views)}
        st.caption(tr("Shown are the {shown} most accurate of {all} runs; the file has all of them.", **numbers))


def _table(found: RunAgreement, figure: str, words: str) -> str:
    """An HTML table of R × R figures, the deeper blue the more alike; the keyboard scrolls it where it is wide."""
    values = _values(found, figure)
    shown = found.views[:SHOWN_RUNS]
    head = "".join(f'<th scope="col">{escape(tr("Run {run}", run=view.run))}</th>' for view in shown)
    body = []
    for row, view in enumerate(shown):
        name = f"{tr('Run {run}', run=view.run)} · {view.backbone}"
        cells = "".join(
            _cell(float(values[row, column]), row == column, figure == KAPPA) for column in range(len(shown))
        )
        body.append(f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>')
    label = escape(words, quote=True)
    return (
        f'<div class="fc-agree" role="region" tabindex="0" aria-label="{label}" data-testid="agreement"><table>'
        f"<caption>{escape(words)}</caption><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
        "</table></div>"
    )


def _values(found: RunAgreement, figure: str) -> Values:
    by_name = {KAPPA: found.figures.kappa, EQUAL: found.figures.equal, MISTAKES: found.figures.equal_mistakes}
    return by_name[figure]


def _picture(found: RunAgreement, figure: str, words: str) -> None:
    """The shown figures as SVG and PNG, with the pairs that are most and least alike as their text alternative."""
    count = min(len(found.views), SHOWN_RUNS)
    values = _values(found, figure)[:count, :count].copy()
    np.fill_diagonal(values, np.nan)
    names = [tr("Run {run}", run=view.run) for view in found.views[:count]]
    title = f"{words} · {choices.place_words(found.views[0])}"
    text = _extremes(values, names, figure == KAPPA)
    st.caption(text)
    texts = [[(_text(float(value), figure == KAPPA), "") for value in row] for row in values]
    tones = np.nan_to_num(np.clip(values, 0, 1))
    with st.container(horizontal=True):
        svg_and_png(partial(matrix_svg, title, text, names, texts, tones), f"agreement-{figure}", text)


def _extremes(values: Values, names: Sequence[str], is_kappa: bool) -> str:
    """The most and the least alike pair in words; empty where no pair has a figure."""
    upper = np.where(np.triu(np.ones(values.shape, bool), 1), values, np.nan)
    if np.isnan(upper).all():
        return ""
    parts = []
    for words, at in ((tr("Most alike"), np.nanargmax(upper)), (tr("Least alike"), np.nanargmin(upper))):
        row, column = map(int, np.unravel_index(at, upper.shape))
        parts.append(f"{words}: {names[row]} – {names[column]} ({_text(float(upper[row, column]), is_kappa)})")
    return ". ".join(parts) + "."


def _text(value: float, is_kappa: bool) -> str:
    if np.isnan(value):
        return NOTHING
    return f"{value:.2f}" if is_kappa else f"{value:.0%}"


def _cell(value: float, is_same: bool, is_kappa: bool) -> str:
    if is_same or np.isnan(value):
        return f"<td>{NOTHING}</td>"
    tone = 0.6 * min(max(value, 0.0), 1.0)  # text in either theme can still be read on it
    return f'<td style="background:rgba(0,114,178,{tone:.2f})">{_text(value, is_kappa)}</td>'


def _pairs(found: RunAgreement) -> None:
    """The pairs of the shown runs with intervals, and all pairs as a file."""
    with st.expander(tr("All pairs, with intervals"), icon=":material/table:"):
        interval, kappa = tr("95 % interval"), tr("Cohen's kappa")
        shares = [tr("Equal answers"), tr("Equal mistakes")]
        frame = pd.DataFrame(
            [
                {
                    tr("Run A"): row["run_a"],
                    tr("Run B"): row["run_b"],
                    kappa: row["kappa"],
                    interval: "" if row["low"] is None else f"{row['low']:.3f} – {row['high']:.3f}",
                    shares[0]: row["equal_answers"],
                    shares[1]: row["equal_mistakes"],
                }
                for row in service.rows(found, SHOWN_RUNS)
            ]
        )
        formats = {name: st.column_config.NumberColumn(name, format="percent") for name in shares}
        formats[kappa] = st.column_config.NumberColumn(kappa, format="%.3f")
        st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
        download_later(partial(_file, found), f"agreement-{found.faces.split}.csv", tr("All pairs as CSV"))


def _file(found: RunAgreement) -> pd.DataFrame:
    return pd.DataFrame(service.rows(found))
