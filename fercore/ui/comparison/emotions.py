"""The emotions one by one: precision, recall, F1, and curves against the rest, of one run or two."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from fercore.charts import emotion_curves as charts
from fercore.charts import words
from fercore.charts.emotion_curves import NamedCurve
from fercore.emotions import ALL, EMOTIONS
from fercore.evaluation.emotion_scores import FIGURES
from fercore.evaluation.one_versus_rest import Estimate
from fercore.language import tr, trn
from fercore.services.comparison import emotion_scores as service
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.emotion_scores import EmotionFigures, RunEmotions
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.chart_files import chart
from fercore.ui.comparison import choices, evaluation
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice
from fercore.ui.widgets.tables import NOTHING, download

ALONE: Final = 0
EVERY: Final = "all"
AREAS: Final = FIGURES[3:]


def panel(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The choice of a split and a run or two, their figures by emotion, and the curves."""
    there = choices.place(views)
    if not there:
        return
    by_run = {view.run: view for view in reversed(there)}
    left, right = st.columns(2)
    run = bound_choice.lasting_box(
        left, tr("Run"), list(by_run), "emotions-run", lambda run: choices.run_words(by_run[run])
    )
    others = [ALONE, *(other for other in by_run if other != run)]
    other = bound_choice.box(
        right,
        tr("Beside"),
        others,
        "emotions-beside",
        lambda run: choices.run_words(by_run[run]) if run else tr("no other run"),
    )
    chosen = [by_run[number] for number in (run, other) if number]
    for view in chosen:
        for caution in evaluation.cautions(view, view.id in stale):
            st.warning(f"{literal(tr('Run {run}', run=view.run))}: {caution}", icon=":material/warning:")
    with shown_errors():
        found = service.of_runs(store(), chosen)
        _explained(found)
        _table(found)
        _differences(found)
        _curves(found)


def figure_words() -> dict[str, str]:
    """The figures by their names."""
    names = (tr("Precision"), tr("Recall"), "F1", "AUC", tr("Average precision"))
    return dict(zip(FIGURES, names, strict=True))


def _explained(found: EmotionFigures) -> None:
    parts = [trn("{count} face", "{count} faces", found.faces.n) + "."]
    if found.faces.labels_of_now:
        parts.append(tr("Both count with the labels of now."))
    parts.append(tr("In brackets: 95 % intervals."))
    if found.clusters is not None:
        parts.append(
            trn(
                "Faces of one person and copies are alike: intervals are over {count} group of them.",
                "Faces of one person and copies are alike: intervals are over {count} groups of them.",
                found.clusters,
            )
        )
    st.caption(" ".join(parts))
    if any(run.view.words_only for run in found.runs):
        st.caption(tr("Of predictions in words there are no curves: they need probabilities."))


def _table(found: EmotionFigures) -> None:
    names = figure_words()
    rows: list[dict[str, object]] = [
        {tr("Emotion"): tr(emotion)}
        | ({tr("Run"): run.view.run} if len(found.runs) > 1 else {})
        | {"n": run.scores[at].n, tr("Predicted"): run.scores[at].predicted}
        | {names[name]: _shown(run.scores[at].figure(name), name in AREAS) for name in FIGURES}
        for at, emotion in enumerate(EMOTIONS)
        for run in found.runs
    ]
    frame = pd.DataFrame(rows)
    formats: dict[str, Any] = {
        name: st.column_config.NumberColumn(name, format="localized", width=70) for name in ("n", tr("Predicted"))
    }
    formats |= {name: st.column_config.TextColumn(name, width=150) for name in names.values()}
    st.dataframe(frame, hide_index=True, width="stretch", height="content", column_config=formats, placeholder=NOTHING)
    runs = "-".join(str(run.view.run) for run in found.runs)
    download(figures_frame(found), f"emotions-{runs}.csv", tr("Figures as CSV"))


def _shown(estimate: Estimate, is_area: bool) -> str | None:
    """A share in percent, an area as a number of three digits, as papers print them."""
    if estimate.value is None:
        return None
    if is_area:
        return f"{estimate.value:.3f} ({estimate.low:.3f} – {estimate.high:.3f})"
    return f"{estimate.value:.1%} ({estimate.low * 100:.1f} – {estimate.high * 100:.1f})"


def figures_frame(found: EmotionFigures) -> pd.DataFrame:
    """The figures as tidy rows, one for each run, emotion and figure."""
    return pd.DataFrame(
        [
            {
                "run": run.view.run,
                "dataset": found.faces.dataset,
                "split": found.faces.split,
                "emotion": emotion,
                "n": scores.n,
                "predicted": scores.predicted,
                "figure": name,
                "value": scores.figure(name).value,
                "low": scores.figure(name).low,
                "high": scores.figure(name).high,
            }
            for run in found.runs
            for emotion, scores in zip(EMOTIONS, run.scores, strict=True)
            for name in FIGURES
            if scores.figure(name).value is not None
        ]
    )


def _differences(found: EmotionFigures) -> None:
    """One figure of two runs by emotion, tested on the same faces."""
    if not found.differences:
        return
    first, second = (run.view.run for run in found.runs)
    st.markdown(f"**{tr('Run {a} − run {b} by emotion', a=first, b=second)}**")
    names = figure_words()
    figure = bound_choice.segments(st.container(), tr("Figure"), FIGURES, "emotions-figure", names.__getitem__)
    changes = found.differences[figure]
    rows = [
        {
            tr("Emotion"): tr(emotion),
            tr("A − B, points"): change and change.value * 100,
            tr("95 % interval"): change and f"{points(change.low)} … {points(change.high)}",
            "p": change and change.p_value,
            tr("p after Holm"): p_value,
        }
        for emotion, change, p_value in zip(EMOTIONS, changes, found.p_holm[figure], strict=True)
    ]
    frame = pd.DataFrame(rows)
    formats = {name: st.column_config.NumberColumn(name, format="%.3g") for name in ("p", tr("p after Holm"))}
    formats[tr("A − B, points")] = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
    shown = [
        f"{tr(emotion)} ({points(change.value)}, {p_words(p_value)})"
        for emotion, change, p_value in zip(EMOTIONS, changes, found.p_holm[figure], strict=True)
        if change is not None and p_value is not None and p_value < 0.05
    ]
    if shown:
        st.markdown(tr("Shown at 5 % after Holm: {emotions}.", emotions=", ".join(shown)))
    else:
        st.markdown(tr("No evidence of a difference on any emotion after Holm."))
    download(frame, f"emotions-{first}-{second}-{figure}.csv", tr("Differences as CSV"))


def _curves(found: EmotionFigures) -> None:
    known = [at for at in range(len(EMOTIONS)) if any(run.curves[at] is not None for run in found.runs)]
    if not known:
        return
    names = [*([EVERY] if len(found.runs) == 1 else []), *(EMOTIONS[at].lower() for at in known)]
    all_words = {EVERY: tr("all")} | {name.lower(): tr(name) for name in EMOTIONS}
    chosen = bound_choice.box(st.container(), tr("Curves of"), names, "curves", all_words.__getitem__, width=200)
    shown = known if chosen == EVERY else [at for at in known if EMOTIONS[at].lower() == chosen]
    curves = [_named(found, run, at) for run in found.runs for at in shown if run.curves[at] is not None]
    left, right = st.columns(2)
    of = "" if chosen == EVERY else f" · {all_words[chosen]}"
    runs = "-".join(str(run.view.run) for run in found.runs)
    with left:
        title = f"{tr('ROC, one emotion against the rest')}{of}"
        st.markdown(f"**{title}**")
        figure = charts.roc(curves, tr("Share of other faces that pass"), tr("Recall"))
        told = words.of_values([(each.label, each.auc) for each in curves], lambda auc: f"AUC {auc:.3f}")
        chart(figure, f"roc-{runs}-{chosen}", title, told, _frame(curves))
    with right:
        title = f"{tr('Precision and recall')}{of}"
        st.markdown(f"**{title}**")
        figure = charts.precision_recall(curves, tr("Recall"), tr("Precision"))
        told = words.of_values(
            [(each.label, each.average_precision) for each in curves],
            lambda precision: f"{tr('Average precision')} {precision:.3f}",
        )
        chart(figure, f"precision-recall-{runs}-{chosen}", title, told, _frame(curves))


def _named(found: EmotionFigures, run: RunEmotions, at: int) -> NamedCurve:
    curve, scores = run.curves[at], run.scores[at]
    if curve is None or scores.auc.value is None or scores.average_precision.value is None:
        raise ValueError("a curve has areas")
    two = len(found.runs) > 1
    return NamedCurve(
        label=tr("Run {run}", run=run.view.run) if two else tr(EMOTIONS[at]),
        auc=scores.auc.value,
        average_precision=scores.average_precision.value,
        curve=curve,
        prevalence=scores.n / found.faces.n,
        colour=None if two else ALL[at].colour,
    )


def _frame(curves: Sequence[NamedCurve]) -> pd.DataFrame:
    """All points of the curves."""
    return pd.DataFrame(
        {
            "curve": np.repeat([each.label for each in curves], [len(each.curve.recall) for each in curves]),
            "threshold": np.concatenate([each.curve.thresholds for each in curves]),
            "false_positives": np.concatenate([each.curve.false_positives for each in curves]),
            "recall": np.concatenate([each.curve.recall for each in curves]),
            "precision": np.concatenate([each.curve.precision for each in curves]),
        }
    )
