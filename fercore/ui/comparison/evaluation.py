"""One evaluation on the comparison page: its figures and what they rest on, down to the faces of a cell."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from fercore.charts import words
from fercore.charts.accuracies import by_emotion
from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.evaluation.measures import LEAST_FACES
from fercore.evaluation.metrics import Scores, macro_f1
from fercore.language import tr, trn
from fercore.language.dates import moment
from fercore.services.comparison import evaluation_details, foreign_notes, stored_evaluations, training_overlap
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.chart_files import chart
from fercore.ui.comparison import confusion
from fercore.ui.comparison.table import title
from fercore.ui.shell.layout import percent
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, tables
from fercore.ui.widgets.tables import NOTHING, download


def chosen(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The choice of an evaluation, and all of it."""
    by_id = {view.id: view for view in reversed(views)}
    _find_version(by_id)
    number = bound_choice.lasting_box(
        st.container(),
        tr("Evaluation"),
        list(by_id),
        "evaluation",
        lambda number: title(by_id[number], number in stale),
    )
    panel(by_id[number], number in stale, views)
    several(views)


def _find_version(latest: Mapping[int, EvaluationView]) -> None:
    """A link may name an evaluation that was counted again since: its run's latest one is shown, as counted then."""
    name = st.query_params.get("evaluation", "")
    if not name.isdecimal() or len(name) > 18 or int(name) in latest:
        return
    try:
        versions = stored_evaluations.history(store(), int(name))
    except NotFoundError:
        return
    st.query_params["evaluation"], st.query_params["counted"] = str(versions[0].id), name


def panel(view: EvaluationView, stale: bool, views: Sequence[EvaluationView]) -> None:
    """Accuracy, confusion matrices, scores by emotion, and the faces of a cell; `views` are all to compare with."""
    versions = stored_evaluations.history(store(), view.id)
    if len(versions) > 1:
        view = _version(versions)
        stale = stale or view.id != versions[0].id
    _figures(view)
    _cautions(view, stale)
    _recounted(view, versions)
    others = [other for other in views if other.run != view.run]
    confusion.panel(view, [other for other in others if (other.dataset, other.split) == (view.dataset, view.split)])
    _scores(view)
    _downloads(view)


def _version(versions: Sequence[EvaluationView]) -> EvaluationView:
    """The choice of an evaluation among those of the same run on the same split."""
    by_id = {view.id: view for view in versions}
    number = bound_choice.box(
        st.container(),
        tr("Counted"),
        list(by_id),
        "counted",
        lambda number: f"{moment(by_id[number].created_at)} · {by_id[number].accuracy:.1%}",
        help=tr("Each evaluation keeps the labels it was counted with."),
    )
    return by_id[number]


def _recounted(view: EvaluationView, versions: Sequence[EvaluationView]) -> None:
    """The figures of a recount beside those that it was counted from."""
    before = next((version for version in versions if version.id == view.recounts), None)
    if before is None:
        return
    rows = [
        {
            tr("Counted"): moment(version.created_at),
            tr("Faces"): version.n,
            tr("Accuracy"): version.accuracy,
            tr("Macro-F1"): macro_f1(np.array(version.confusion)),
            tr("Mark"): stored_evaluations.selection_mark(version.selected_by),
        }
        for version in (before, view)
    ]
    st.caption(tr("The same predictions with the labels of then and of now:"))
    tables.show(pd.DataFrame(rows), [tr("Accuracy"), tr("Macro-F1")])


def _figures(view: EvaluationView) -> None:
    interval = evaluation_details.interval(store(), view)
    figure, bounds, count = st.columns(3)
    name = tr("Training accuracy") if view.is_training_accuracy else tr("Accuracy")
    figure.metric(name, percent(view.accuracy, view.n), border=True)
    label = tr("95 % interval") if interval.people is None else tr("95 % interval, by person")
    help_text = interval.people and trn(
        "These faces show {count} person; faces of one person are alike, so the interval counts people.",
        "These faces show {count} people; faces of one person are alike, so the interval counts people.",
        interval.people,
    )
    bounds.metric(label, f"{interval.low:.1%} – {interval.high:.1%}", border=True, help=help_text or None)
    count.metric(tr("Faces"), f"{view.n:,}", border=True)


def _cautions(view: EvaluationView, stale: bool) -> None:
    """The warnings without which the accuracy would mislead."""
    for text in cautions(view, stale):
        st.warning(text, icon=":material/warning:")


def cautions(view: EvaluationView, stale: bool) -> list[str]:
    """The warnings of an evaluation, as Markdown."""
    sentences = [tr("These are faces that the run learned: this says nothing of new ones.")] * view.is_training_accuracy
    if stale:
        sentences.append(
            tr("Stale: labels of these faces have changed since. It keeps the labels it was counted with.")
        )
    emotion, share = view.baseline
    if 0 < view.n < LEAST_FACES:
        text = tr("Few faces ({count}): with fewer than {least}, this says little.", count=view.n, least=LEAST_FACES)
        sentences.append(text)
    elif view.n and view.accuracy <= share:
        text = tr("No better than always answering {emotion}: {share}.", emotion=tr(emotion), share=f"{share:.1%}")
        sentences.append(text)
    if view.unlearned and view.n:
        accuracy, count = view.accuracy_of_learned
        text = trn(
            "The training had no {emotions} faces, so the run cannot name them. "
            "Without them: {accuracy} of {count} face.",
            "The training had no {emotions} faces, so the run cannot name them. "
            "Without them: {accuracy} of {count} faces.",
            count,
            emotions=", ".join(map(tr, view.unlearned)),
            accuracy=percent(accuracy, count),
        )
        sentences.append(text)
    if view.selected_by:
        mark = stored_evaluations.selection_mark(view.selected_by)
        text = tr("A model looks better once the labels that it got wrong are looked at again, and no others.")
        sentences.append(f"{mark[0].upper()}{mark[1:]}. {text}")
    if view.is_foreign:
        sentences += map(literal, foreign_notes.notes(view))
    elif not view.is_training_accuracy:
        sentences += training_overlap.overlap(store(), view)
    return sentences


def _scores(view: EvaluationView) -> None:
    rows = [_score_row(name, scores, _predicted(view, name)) for name, scores in view.per_emotion.items()]
    scores = pd.DataFrame(rows)
    left, right = st.columns(2)
    columns = {name: st.column_config.NumberColumn(name, format="percent") for name in scores.columns[1:4]}
    left.dataframe(scores, hide_index=True, width="stretch", column_config=columns, placeholder=NOTHING)
    f1 = {name: scores.f1 if scores.n else None for name, scores in view.per_emotion.items()}
    figure = by_emotion(f1, [tr(name) for name in EMOTIONS], tr("F1 by emotion"))
    known = [(tr(name), value) for name, value in f1.items() if value is not None]
    with right:
        chart(figure, f"f1-{view.id}", tr("F1 by emotion"), words.of_values(known, "{:.1%}".format))
    if any(not scores.n for scores in view.per_emotion.values()):
        left.caption(tr("An empty cell: no face shows this emotion, or the run never names it."))


def _predicted(view: EvaluationView, name: str) -> int:
    """The number of times that the run names an emotion."""
    return sum(row[EMOTIONS.index(name)] for row in view.confusion)


def _score_row(name: str, scores: Scores, predicted: int) -> dict[str, object]:
    """Scores of an emotion; None where there is nothing to divide by."""
    return {
        tr("Emotion"): tr(name),
        tr("Precision"): scores.precision if predicted and scores.n else None,
        tr("Recall"): scores.recall if scores.n else None,
        "F1": scores.f1 if scores.n else None,
        "n": scores.n,
    }


def _downloads(view: EvaluationView) -> None:
    first, second = st.columns(2)
    origin = {"run": view.run, "dataset": view.dataset, "split": view.split}
    with first:
        rows = [
            {**origin, "emotion": name, **_plain(scores, _predicted(view, name))}
            for name, scores in view.per_emotion.items()
        ]
        download(pd.DataFrame(rows), f"evaluation-{view.id}-scores.csv", tr("Scores as CSV"))
    with second:
        predictions = evaluation_details.predictions(store(), [view])
        download(predictions, f"evaluation-{view.id}-predictions.csv", tr("Predictions as CSV"))


def _plain(scores: Scores, predicted: int) -> dict[str, object]:
    """Scores as a file gives them; empty where no face shows the emotion or, for precision, none was said to."""
    there = scores.n > 0
    return {
        "precision": scores.precision if there and predicted else None,
        "recall": scores.recall if there else None,
        "f1": scores.f1 if there else None,
        "n": scores.n,
    }


def several(views: Sequence[EvaluationView]) -> None:
    """The predictions of several evaluations in one file, prepared when somebody asks for it."""
    with st.expander(tr("Predictions of several runs in one file"), icon=":material/download:"):
        names = {view.id: f"{tr('Run {run}', run=view.run)} · {view.dataset} {tr(view.split)}" for view in views}
        chosen = st.multiselect(
            tr("Evaluations"),
            list(names),
            format_func=names.__getitem__,
            key="several-predictions",
            placeholder=tr("Choose"),
        )
        if chosen and st.button(tr("Prepare the download"), key="several-prepare", icon=":material/table:"):
            frame = evaluation_details.predictions(store(), [view for view in views if view.id in chosen])
            download(frame, "predictions.csv", tr("Predictions as CSV"))
