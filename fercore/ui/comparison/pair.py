"""Two runs on the same faces: what may be claimed, the tests behind it, and the faces on which they differ."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.evaluation.measures import ACCURACY, BALANCED, MACRO_F1, RECALL
from fercore.evaluation.significance import from_accuracies, holm
from fercore.language import tr, trn
from fercore.services.comparison import claims
from fercore.services.comparison import pair as pair_service
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.pair import PairComparison
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.ui.comparison import choices, evaluation
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, face_wall
from fercore.ui.widgets.tables import NOTHING, download

SHOWN_FACES = 48
PAPER = (0.627, 0.619, 3589)  # VGG16 and Xception on FER2013's PublicTest, Table III


def panel(views: Sequence[EvaluationView], stale: frozenset[int]) -> None:
    """The choice of two runs, and their comparison."""
    there = choices.place(views, least=2)
    if not there:
        st.info(tr("Two runs are compared on one split: evaluate two there."), icon=":material/lightbulb:")
        alone()
        return
    left, right = st.columns(2)
    by_run = {view.run: view for view in there}
    runs = _ordered(list(by_run))
    first = bound_choice.lasting_box(left, tr("Run A"), runs, "a", lambda run: choices.run_words(by_run[run]))
    others = [run for run in reversed(runs) if run != first]
    second = bound_choice.lasting_box(right, tr("Run B"), others, "b", lambda run: choices.run_words(by_run[run]))
    with shown_errors():
        compared = pair_service.compare(store(), by_run[first], by_run[second])
        _claim(compared)
        _over_seeds(there, compared)
        for view in (compared.a, compared.b):
            for caution in evaluation.cautions(view, view.id in stale):
                st.warning(f"{literal(tr('Run {run}', run=view.run))}: {caution}", icon=":material/warning:")
        _figures(compared)
        _measures(compared)
        _faces(compared)
    alone()


def _ordered(runs: list[int]) -> list[int]:
    """The runs to choose A from: where the address names one for A that is gone, its B stays B."""
    first, second = (st.query_params.get(name, "") for name in ("a", "b"))
    if first == second:
        st.query_params.pop("b", None)
    if first and first not in map(str, runs):
        return sorted(runs, key=lambda run: str(run) == second)
    return runs


def _claim(compared: PairComparison) -> None:
    """The sentence, and what it rests on."""
    st.markdown(f"#### {literal(claims.of_pair(compared))}")
    notes = []
    if compared.clusters is not None:
        notes.append(
            trn(
                "Faces of one person and copies are alike: the test counts {count} group of faces.",
                "Faces of one person and copies are alike: the test counts {count} groups of faces.",
                compared.clusters,
            )
        )
    if compared.faces.labels_of_now:
        notes.append(tr("The evaluations were counted with different labels: here both count with the labels of now."))
    if left_out := max(compared.faces.left_out):
        notes.append(
            trn(
                "{count} face was evaluated by one of the two only, and is left out.",
                "{count} faces were evaluated by one of the two only, and are left out.",
                left_out,
            )
        )
    for note in notes:
        st.caption(note)


def _over_seeds(there: Sequence[EvaluationView], compared: PairComparison) -> None:
    """The claim on the trainings, whatever their seeds."""
    sides = [[view for view in there if view.training == side.training] for side in (compared.a, compared.b)]
    if compared.a.training == compared.b.training:
        st.caption(tr("These runs differ in their seed alone: the difference says how much a seed does."))
        return
    if compared.a.is_foreign or compared.b.is_foreign:
        return  # nobody here can train one with another seed
    st.markdown(literal(claims.over_seeds(pair_service.over_seeds(store(), *sides))))


def _figures(compared: PairComparison) -> None:
    change, test = compared.difference, compared.test
    a, b, gap, needed = st.columns(4)
    a.metric(tr("Run {run}", run=compared.a.run), f"{compared.accuracy[0]:.1%}", border=True)
    b.metric(tr("Run {run}", run=compared.b.run), f"{compared.accuracy[1]:.1%}", border=True)
    interval = tr("interval {low} to {high}", low=points(change.low), high=points(change.high))
    gap.metric(tr("A − B, points"), points(change.value), interval, delta_color="off", delta_arrow="off", border=True)
    needed.metric(
        tr("Faces to show it 4 times in 5"),
        "–" if compared.needed_n is None else f"{compared.needed_n:,}",
        trn("of {count} face here", "of {count} faces here", compared.faces.n),
        delta_color="off",
        delta_arrow="off",
        border=True,
        help=tr("So many faces of this kind would show this difference four times in five."),
    )
    rows = {
        tr("Faces that only A reads rightly"): f"{test.only_first:,}",
        tr("Faces that only B reads rightly"): f"{test.only_second:,}",
        tr("McNemar, mid-p"): p_words(test.p_mid),
        tr("McNemar, exact"): p_words(test.p_exact),
        tr("Bootstrap over groups of faces"): p_words(change.p_value),
        tr("Effect size (Cohen's g)"): f"{test.cohen_g:+.3f}".replace("-", "−"),
        tr("Smallest difference that these faces show"): "–"
        if compared.detectable is None
        else tr("{points} points", points=points(compared.detectable)),
    }
    table = pd.DataFrame({tr("Test"): list(rows), tr("Result"): list(rows.values())})
    st.dataframe(table, hide_index=True, width="stretch", placeholder=NOTHING)


def _measures(compared: PairComparison) -> None:
    """The difference by other measures, each with its test, and Holm over all of them."""
    names = {
        ACCURACY: tr("Accuracy"),
        MACRO_F1: tr("Macro-F1"),
        BALANCED: tr("Balanced accuracy"),
        **{name: tr("Recall of {emotion}", emotion=tr(EMOTIONS[index])) for name, index in RECALL.items()},
    }
    found = {name: pair_service.by_measure(compared, name) for name in names}
    adjusted = holm([np.nan if each is None else each.p_value for each in found.values()])
    rows = [
        {
            tr("Measure"): names[name],
            tr("A − B, points"): each and each.value * 100,
            tr("95 % interval"): "" if each is None else f"{points(each.low)} … {points(each.high)}",
            "p": None if each is None else each.p_value,
            tr("p after Holm"): None if each is None else float(p_value),
        }
        for (name, each), p_value in zip(found.items(), adjusted, strict=True)
    ]
    table = pd.DataFrame(rows)
    with st.expander(tr("The same by other measures"), icon=":material/straighten:"):
        formats = {name: st.column_config.NumberColumn(name, format="%.3g") for name in ("p", tr("p after Holm"))}
        formats[tr("A − B, points")] = st.column_config.NumberColumn(format="%.1f")
        st.dataframe(table, hide_index=True, width="stretch", column_config=formats, placeholder=NOTHING)
        download(table, f"runs-{compared.a.run}-{compared.b.run}-differences.csv", tr("Differences as CSV"))


def _faces(compared: PairComparison) -> None:
    """The faces that one of the two alone reads rightly, as what the other takes them for."""
    right = compared.faces.right
    parts = {
        tr("Only A reads rightly"): (right[0] & ~right[1], 1),
        tr("Only B reads rightly"): (right[1] & ~right[0], 0),
        tr("Both misread"): (~right[0] & ~right[1], 0),
    }
    tabs = st.tabs([f"{name} ({flags.sum():,})" for name, (flags, _) in parts.items()])
    for tab, (flags, reader) in zip(tabs, parts.values(), strict=True):
        with tab:
            shown = np.flatnonzero(flags)[:SHOWN_FACES]
            words = {
                int(compared.faces.face_ids[at]): f"{tr(EMOTIONS[compared.faces.labels[at]])} → "
                f"{tr(EMOTIONS[compared.faces.predicted[reader, at]])}"
                for at in shown
            }
            face_wall.wall(list(words), words, wide=True)


def alone() -> None:
    """Two accuracies of which nothing else is known, such as the paper's."""
    with st.expander(tr("Only the accuracies are known"), icon=":material/menu_book:"):
        st.caption(tr("As it stands: VGG16 and Xception on FER2013's PublicTest, from the paper's Table III."))
        first, second, count = st.columns(3)
        a = first.number_input(tr("Accuracy A"), 0.0, 1.0, PAPER[0], 0.001, format="%.3f", key="alone-a")
        b = second.number_input(tr("Accuracy B"), 0.0, 1.0, PAPER[1], 0.001, format="%.3f", key="alone-b")
        faces = count.number_input(tr("Faces"), 1, 10_000_000, PAPER[2], key="alone-faces")
        st.markdown(literal(claims.of_accuracies(from_accuracies(a, b, int(faces)))))
