"""The views of an audit: its score card, and the findings of one check."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fercore.curation.checks import OF_PAIRS, Check
from fercore.language import tr
from fercore.language.dates import moment
from fercore.services.audit import score_card, words
from fercore.services.audit.score_card import AuditSummary, ScoreCard
from fercore.ui.audit import bias, face_findings, pair_findings
from fercore.ui.audit import score_card as card_view
from fercore.ui.shell.session import store
from fercore.ui.widgets import bound_choice

CARD: Final = "card"


def choice(audits: Sequence[AuditSummary]) -> ScoreCard:
    """The chosen audit, the newest first."""
    by_number = {audit.audit: audit for audit in audits}
    number = bound_choice.lasting_box(
        st.container(), tr("Audit"), list(by_number), "audit", lambda each: _name(by_number[each])
    )
    return score_card.card(store(), number)


def _name(audit: AuditSummary) -> str:
    return f"{audit.audit} · {' + '.join(audit.datasets)} · {moment(audit.created_at)}"


def draw(card: ScoreCard) -> None:
    """The score card, or the findings of the chosen check."""
    titles = words.titles()
    options = [CARD, *(str(line.check) for line in card.lines)]
    chosen = bound_choice.segments(
        st.container(),
        tr("View"),
        options,
        "check",
        lambda name: tr("Score card") if name == CARD else titles[Check(name)],
        label_visibility="collapsed",
    )
    if chosen == CARD:
        card_view.draw(card)
        return
    check = Check(chosen)
    st.caption(words.purposes()[check])
    line = card.line(check)
    if check == Check.BIAS and line is not None:
        bias.draw(line)
    elif check in OF_PAIRS:
        pair_findings.draw(card, check)
    else:
        face_findings.draw(card, check)
