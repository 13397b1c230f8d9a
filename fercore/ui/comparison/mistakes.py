"""Mistakes of runs as faces: the surest of one run, those of all runs, and those that only one run escapes."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language import tr, trn
from fercore.services.comparison import mistakes as service
from fercore.services.comparison.mistakes import Mistake, MistakeQuery, Mistakes
from fercore.services.comparison.selected_faces import Reason
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import choices, face_pages, second_look, send_form
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, face_wall
from fercore.ui.widgets.tables import NOTHING, download_later

NAMED_RUNS = 4  # so many runs are named below each face, more are counted
ANY_RUN = 0


def panel(views: Sequence[EvaluationView], reason: Reason) -> None:
    """The choices, and the faces that fit them."""
    there = choices.place(views, least=1 if reason == Reason.SUREST else 2)
    if not there:
        st.info(tr("This needs two runs that were evaluated on the same split."), icon=":material/lightbulb:")
        return
    chosen = _one_run(there) if reason == Reason.SUREST else choices.runs(there, "mistaken-runs")
    query = _query(chosen, reason)
    try:
        found = service.find(store(), chosen, query)
    except InputError as error:
        st.info(literal(str(error)), icon=":material/lightbulb:")
        return
    st.markdown(_heading(found))
    if not found.found:
        st.info(_nothing(found), icon=":material/filter_alt_off:")
        return
    send_form.of_faces([found.chosen()])
    view = chosen[0]
    second_look.of_reason(view.dataset_id, view.split, reason, [each.run for each in chosen])
    shown = face_pages.page(found.found, found.every)
    face_wall.wall([each.face_id for each in shown], _captions(found, shown), wide=True)
    _table(found, shown)


def _one_run(there: Sequence[EvaluationView]) -> list[EvaluationView]:
    by_run = {view.run: view for view in reversed(there)}
    run = bound_choice.lasting_box(
        st.container(), tr("Run"), list(by_run), "mistaken-run", lambda run: choices.run_words(by_run[run])
    )
    return [by_run[run]]


def _query(chosen: Sequence[EvaluationView], reason: Reason) -> MistakeQuery:
    """The filters; each stands in the address."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    label = face_pages.emotion(row, tr("Label"), "label")
    predicted = face_pages.emotion(row, tr("Predicted"), "predicted")
    right = ANY_RUN
    if reason == Reason.ONE_RIGHT:
        right = bound_choice.box(
            row,
            tr("Right run"),
            [ANY_RUN, *(view.run for view in chosen)],
            "right-run",
            lambda run: tr("Run {run}", run=run) if run else tr("all"),
            width=150,
        )
    return MistakeQuery(reason, label, predicted, right or None, face_pages.count(row))


def _heading(found: Mistakes) -> str:
    """The number of faces, and their share."""
    if found.query.reason == Reason.SUREST:
        words = trn("**{count} mistake**, the surest first", "**{count} mistakes**, the surest first", found.every)
    elif found.query.reason == Reason.ALL_WRONG:
        words = trn(
            "**{count} face that all {runs} runs get wrong**",
            "**{count} faces that all {runs} runs get wrong**",
            found.every,
            runs=len(found.views),
        )
    else:
        words = trn(
            "**{count} face that only one of {runs} runs gets right**",
            "**{count} faces that only one of {runs} runs gets right**",
            found.every,
            runs=len(found.views),
        )
    share = f"{found.every / found.faces.n:.1%}"
    faces = trn("{share} of {count} face", "{share} of {count} faces", found.faces.n, share=share)
    now = f" {tr('Counted with the labels of now.')}" if found.faces.labels_of_now else ""
    return f"{words} ({faces}).{now}"


def _nothing(found: Mistakes) -> str:
    if found.query.label is None and found.query.predicted is None and found.query.right is None:
        return tr("There is no such face: choose fewer runs, or another split.")
    return tr("No such face fits these filters.")


def _captions(found: Mistakes, shown: Sequence[Mistake]) -> dict[int, str]:
    """The label, the predictions and their probabilities below each face."""
    return {each.face_id: "<br>".join(_lines(found, each)) for each in shown}


def _lines(found: Mistakes, each: Mistake) -> list[str]:
    label = f"<strong>{tr(EMOTIONS[each.label])}</strong>"
    if not each.unchanged:
        label += f" · {tr('relabelled')}"
    if len(found.views) == 1:
        [answer] = each.answers
        return [label, f"{tr(EMOTIONS[each.said])} {answer.probability:.0%} · {_true(answer.true)}"]
    if len(found.views) <= NAMED_RUNS:
        return [
            label,
            *(
                f"{tr('Run {run}', run=answer.run)}: {tr(EMOTIONS[answer.predicted])} {answer.probability:.0%}"
                for answer in each.answers
            ),
        ]
    said = tr(
        "{emotion}: {count} of {runs}", emotion=tr(EMOTIONS[each.said]), count=each.said_by, runs=len(found.views)
    )
    lines = [label, said, tr("probability {share}", share=f"{each.sureness:.0%}")]
    return lines if each.right is None else [*lines, tr("right: run {run}", run=each.right)]


def _true(share: float) -> str:
    return tr("label {share}", share=f"{share:.0%}")


def _table(found: Mistakes, shown: Sequence[Mistake]) -> None:
    """The same faces as a table, and all of them as a file."""
    with st.expander(tr("Predictions and probabilities"), icon=":material/table:"):
        frame = pd.DataFrame([row for each in shown for row in _rows(each)])
        shares = [tr("Probability"), tr("Probability of the label")]
        formats = {name: st.column_config.NumberColumn(name, format="percent") for name in shares}
        st.dataframe(frame, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
        name = f"{found.query.reason}-{found.faces.split}.csv"
        download_later(partial(_file, found), name, tr("Faces as CSV"))


def _file(found: Mistakes) -> pd.DataFrame:
    return pd.DataFrame(service.rows(found))


def _rows(each: Mistake) -> list[dict[str, object]]:
    return [
        {
            tr("Face"): each.face_id,
            tr("Label"): tr(EMOTIONS[each.label]),
            tr("Run"): answer.run,
            tr("Predicted"): tr(EMOTIONS[answer.predicted]),
            tr("Probability"): answer.probability,
            tr("Probability of the label"): answer.true,
        }
        for answer in each.answers
    ]
