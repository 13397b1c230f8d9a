"""Found pairs side by side, the matrix of leaks, and pairs one by one before a reviewer."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

import pandas as pd
import streamlit as st

from fercore.curation.checks import Check, Verdict
from fercore.language import tr
from fercore.services.audit import pair_review, ranked_findings, words
from fercore.services.audit.pair_review import PairToReview
from fercore.services.audit.ranked_findings import PairFace, PairFilter, RankedPair
from fercore.services.audit.score_card import ScoreCard
from fercore.ui.shell.session import reviewer, shown_errors, speak, store
from fercore.ui.widgets import bound_choice, face_list, face_wall, tables

PAGE_SIZE = 48
ANY = "all"
KEYS = ("1", "2", "3", "4")  # of the four verdicts, in their order
PRESSED = "verdict-pressed"
HELD_SECONDS = 0.25  # between two presses that count: nobody compares two faces in less


def draw(card: ScoreCard, check: Check) -> None:
    """The pairs as a list, or one by one to be judged."""
    above = st.container()  # the choice of splits says what there is to judge
    counted = _counted(card) if check == Check.LEAKS else []
    between = _between(counted) if counted else None
    queue = pair_review.queue(store(), card.audit, check, reviewer(), between)
    judges = bool(queue) and st.query_params.get("judge") == "yes"
    with above:
        if queue:
            _mode(judges)
        if counted and not judges:
            _matrix(counted)
    if judges:
        _judge(card, check, queue)
        return
    pairs = ranked_findings.pairs(store(), card.audit, check, between)
    if not pairs:
        st.success(tr("Nothing was found."), icon=":material/check_circle:")
        return
    pages = -(-len(pairs) // PAGE_SIZE)
    number = 1
    row = st.container(horizontal=True, vertical_alignment="center")
    if pages > 1:
        numbers = list(range(1, pages + 1))
        number = bound_choice.box(row, tr("Page"), numbers, "findings-page", lambda n: f"{n} / {pages}", width=110)
    first = (number - 1) * PAGE_SIZE
    shown = pairs[first : first + PAGE_SIZE]
    last = f"{first + len(shown):,}"
    row.caption(tr("Pairs {first} to {last} of {count}", first=f"{first + 1:,}", last=last, count=f"{len(pairs):,}"))
    face_wall.pairs([(_tile(pair.first), _tile(pair.second), _caption(pair, check)) for pair in shown])


def _mode(judges: bool) -> None:
    """A button to the pairs one by one, or back to all: a switch would keep the keys to itself."""
    label = tr("All pairs") if judges else tr("Judge pairs one by one")
    icon = ":material/grid_view:" if judges else ":material/compare:"
    st.button(label, key="judge-mode", icon=icon, on_click=_change_mode, args=(judges,))


def _change_mode(judges: bool) -> None:
    if judges:
        st.query_params.pop("judge", None)
    else:
        st.query_params["judge"] = "yes"


def _tile(face: PairFace) -> tuple[int, str]:
    return face.face, face_list.link(face.face)


def _caption(pair: RankedPair, check: Check) -> str:
    """The kind of copy with its similarity, and a line for each face; the names are texts of users."""
    kind = words.kinds().get(pair.kind or "", pair.kind or "")
    similarity = "" if pair.similarity is None or pair.kind == "exact" else f" · {pair.similarity:.2f}"
    roles = (tr("held out"), tr("also in")) if check == Check.LEAKS else (tr("copy"), tr("keep"))
    lines = [
        f"{role}: {face.dataset} · {tr(face.split)} · {tr(face.label) if face.label else tr('no label')}"
        for role, face in zip(roles, (pair.first, pair.second), strict=True)
    ]
    return "\n".join([f"{kind}{similarity}", *lines])


def _counted(card: ScoreCard) -> list[Mapping[str, Any]]:
    """Each two splits that leak, with their counts."""
    line = card.line(Check.LEAKS)
    pairs = line.detail["pairs"] if line else []
    return [pair for pair in pairs if pair["exact"] or pair["near"] or pair["people"]]


def _between(counted: Sequence[Mapping[str, Any]]) -> PairFilter | None:
    """The choice of two splits among those that leak, or of all."""
    options = [ANY, *(str(number) for number in range(len(counted)))]
    titles = [tr("all"), *(f"{_place(pair['from'])} → {_place(pair['to'])}" for pair in counted)]
    chosen = bound_choice.box(
        st.container(), tr("Splits"), options, "splits", lambda each: titles[options.index(each)], width=420
    )
    if chosen == ANY:
        return None
    pair = counted[int(chosen)]
    return PairFilter((pair["from"][0], pair["from"][1]), (pair["to"][0], pair["to"][1]))


def _matrix(counted: Sequence[Mapping[str, Any]]) -> None:
    """The leaks of each two splits as a table."""
    frame = pd.DataFrame(
        {
            tr("Also in"): _place(pair["from"]),
            tr("Held out"): _place(pair["to"]),
            tr("Equal"): pair["exact"],
            tr("Altered"): pair["near"],
            tr("People"): pair["people"],
        }
        for pair in counted
    )
    st.dataframe(frame, hide_index=True, width="stretch", height="content", placeholder=tables.NOTHING)
    st.caption(tr("People: of each, one pair is listed."))


def _place(place: Sequence[str]) -> str:
    return f"{place[0]} · {tr(place[1])}"


def _judge(card: ScoreCard, check: Check, queue: Sequence[PairToReview]) -> None:
    """The first pair without a verdict of this person, four answers, and the way back."""
    decided = [pair for pair in queue if pair.verdict is not None]
    st.progress(
        len(decided) / len(queue),
        tr("Pairs judged: {done} of {count}", done=f"{len(decided):,}", count=f"{len(queue):,}"),
    )
    st.caption(tr("Found pairs and others that the audit did not find, in random order: which is which is not shown."))
    pair = next((pair for pair in queue if pair.verdict is None), None)
    if pair is None:
        st.success(tr("You have judged every pair."), icon=":material/check_circle:")
    else:
        face_wall.large_pair((pair.face, pair.other))
        row = st.container(horizontal=True)
        for key, (verdict, label) in zip(KEYS, words.verdicts().items(), strict=True):
            row.button(label, key=f"verdict-{verdict}", shortcut=key, on_click=_decide, args=(pair, verdict))
    last = pair_review.latest(store(), card.audit, check, reviewer())
    if last is not None:
        st.button(tr("Undo"), icon=":material/undo:", key="verdict-undo", shortcut="u", on_click=_undo, args=(last,))


def _decide(pair: PairToReview, verdict: Verdict) -> None:
    """Store a verdict; a key that is held down gives one, until it is let go."""
    speak()
    moment = monotonic()
    before = st.session_state.get(PRESSED, 0.0)
    st.session_state[PRESSED] = moment
    if moment - before < HELD_SECONDS:
        return
    with shown_errors():
        pair_review.decide(store(), (pair.face, pair.other), verdict, reviewer())


def _undo(last: tuple[int, int]) -> None:
    speak()
    with shown_errors():
        pair_review.undo(store(), last, reviewer())
