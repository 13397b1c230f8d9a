"""Found faces as tiles, the most suspicious first, and the task that sends them to review."""

import streamlit as st

from fercore.curation.checks import Check
from fercore.language import tr, trn
from fercore.services.audit import finding_tasks, ranked_findings, words
from fercore.services.audit.finding_tasks import FindingPlan
from fercore.services.audit.ranked_findings import RankedFace
from fercore.services.audit.score_card import ScoreCard
from fercore.services.comparison import selected_faces
from fercore.services.review import reviewers
from fercore.ui.comparison import send_form
from fercore.ui.shell.session import shown_errors, store
from fercore.ui.widgets import bound_choice, face_list, face_wall

PAGE_SIZE = 96
COUNTS = (24, 60, 120, 240, 500, 1000)
USUAL = 120  # or all, where fewer are left


def draw(card: ScoreCard, check: Check) -> None:
    """The form that sends findings to review, and a page of them."""
    count = ranked_findings.count(store(), card.audit, check)
    if not count:
        st.success(tr("Nothing was found."), icon=":material/check_circle:")
        return
    _send_form(card, check)
    pages = -(-count // PAGE_SIZE)
    number = 1
    row = st.container(horizontal=True, vertical_alignment="center")
    if pages > 1:
        numbers = list(range(1, pages + 1))
        number = bound_choice.box(row, tr("Page"), numbers, "findings-page", lambda n: f"{n} / {pages}", width=110)
    first = (number - 1) * PAGE_SIZE
    shown = ranked_findings.faces(store(), card.audit, check, first, PAGE_SIZE)
    last = f"{first + len(shown):,}"
    row.caption(tr("Faces {first} to {last} of {count}", first=f"{first + 1:,}", last=last, count=f"{count:,}"))
    ids = [face.face for face in shown]
    captions = {face.face: "<br>".join(_caption(face)) for face in shown}
    face_wall.wall(ids, captions, wide=True, links={face: face_list.link(face) for face in ids})
    if check == Check.LABELS:
        st.caption(
            tr(
                "The likelier emotion is shown once a face is decided: it would sway its reviewer. Each emotion keeps "
                "a share of the first places, so that rare ones are not drowned."
            )
        )


def _caption(face: RankedFace) -> list[str]:
    label = tr(face.label) if face.label else tr("no label")
    fault = f" · {words.kinds().get(face.kind, face.kind)}" if face.kind else ""
    score = "" if face.score is None else f" · {face.score:.2f}"
    lines = [f"<strong>{label}</strong>{fault}{score}"]
    if not face.is_decided:
        return lines
    answer = {True: tr("finding right"), False: tr("finding wrong"), None: tr("not sure")}[face.is_right]
    suggested = f"{tr('likelier: {emotion}', emotion=tr(face.suggested))} · " if face.suggested else ""
    return [*lines, f"{suggested}{answer}"]


def _send_form(card: ScoreCard, check: Check) -> None:
    send_form.made_tasks("audit-sent")
    left_over = len(finding_tasks.open_findings(store(), card.audit, check))
    if not left_over:
        st.success(tr("Every finding of this check is decided."), icon=":material/check_circle:")
        return
    with st.expander(tr("Review these"), icon=":material/grid_view:"):
        st.caption(
            tr(
                "Control faces that the audit did not find are mixed in, and no label is shown: what people decide "
                "says how often such findings are right."
            )
        )
        row = st.container(horizontal=True, vertical_alignment="bottom")
        options = [count for count in COUNTS if count < left_over] + [left_over]
        usual = sum(option <= USUAL for option in options) - 1
        count = row.selectbox(
            tr("How many"), options, max(usual, 0), format_func=lambda n: _count_words(n, left_over),
            key=f"audit-count-{check}", width=130,
        )  # fmt: skip
        at_random = row.selectbox(
            tr("Which"), [False, True], format_func=_which_words,
            key=f"audit-drawn-{check}", width=190,
        )  # fmt: skip
        name = row.text_input(
            tr("Name of the task"), selected_faces.default_name_of(card.datasets), 100, key="audit-task", width=280
        )
        people = row.multiselect(
            tr("Participants"), reviewers.listed(store()), key="audit-people", placeholder=tr("everyone"), width=220
        )
        label = trn("Send {count} face", "Send {count} faces", count)
        if st.button(label, type="primary", key="audit-send", disabled=not name.strip()):
            with shown_errors():
                plan = FindingPlan(card.audit, check, name, count, at_random, people, seed=card.audit)
                st.session_state["audit-sent"] = finding_tasks.send(store(), plan)
                st.rerun()


def _count_words(count: int, everything: int) -> str:
    return tr("all {count}", count=f"{count:,}") if count == everything else f"{count:,}"


def _which_words(at_random: bool) -> str:
    return tr("drawn at random") if at_random else tr("most suspicious")
