"""The score card of an audit: a line for each check, and the way to its findings."""

from functools import partial

import streamlit as st

from fercore import language
from fercore.curation.checks import Check
from fercore.exports.documents import files
from fercore.language import current, tr, trn
from fercore.language.dates import moment
from fercore.services.audit import report, score_card, words
from fercore.services.audit.methods import Method
from fercore.services.audit.score_card import CheckLine, ScoreCard
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal


def draw(card: ScoreCard) -> None:
    """The datasets and the time of an audit, then its lines."""
    faces = trn("{count} face", "{count} faces", card.faces)
    parts = [" + ".join(card.datasets), faces, moment(card.created_at), card.created_by]
    if card.rejected:
        parts.append(tr("{count} rejected, left out", count=f"{card.rejected:,}"))
    st.caption(literal(" · ".join(parts)))
    if not score_card.is_current(store(), card.audit):
        st.info(
            tr("Faces, labels or splits have changed since: a new audit shows what is left."),
            icon=":material/update:",
        )
    for line in card.lines:
        with st.container(border=True):
            _line(card, line)
    st.download_button(
        tr("Report as HTML"),
        partial(_html, card, current()),
        f"audit-{card.audit}.html",
        "text/html",
        icon=":material/download:",
        on_click="ignore",
    )


def _html(card: ScoreCard, code: str) -> bytes:
    """The report as it is made at the click in another thread, which knows nothing of the page's language."""
    language.use(code)
    return files.html(report.report(card))


def _line(card: ScoreCard, line: CheckLine) -> None:
    left, middle, right = st.columns([5, 4, 2], vertical_alignment="center")
    left.markdown(f"**{words.titles()[line.check]}**")
    left.caption(words.purposes()[line.check])
    middle.markdown(f"**{line.count:,}**{_share(line)}{_trend(line)}")
    for text in _notes(line):
        middle.caption(literal(text))
    if line.check != Check.BIAS:
        middle.caption(tr("Right: {share} · in the control sample: {control}", share=words.rate(line.right),
                          control=words.rate(line.control)))  # fmt: skip
    if line.count or line.check == Check.BIAS:
        right.button(
            tr("Show"), key=f"show-{line.check}", icon=":material/arrow_forward:", on_click=_show, args=(line.check,)
        )


def _show(check: Check) -> None:
    """Choose a check's view as a link to it would: it stands in the address."""
    st.query_params["check"] = str(check)


def _share(line: CheckLine) -> str:
    """The share of the population; bias has checks in the place of faces."""
    if line.share is None:
        return ""
    of = tr("of {count}", count=f"{line.population:,}")
    return f" {of} ({line.share:.2%})"


def _trend(line: CheckLine) -> str:
    """The change since the audit before."""
    if line.before is None:
        return ""
    change = line.count - line.before[0]
    if not change:
        return f" · {tr('as in the last audit')}"
    return f" · {tr('{change} since the last audit', change=f'{change:+,}')}"


def _notes(line: CheckLine) -> list[str]:
    detail = line.detail
    notes = [f"{name}: {why}" for name, why in detail.get("not_looked_at", {}).items()]
    if detail.get("contradicting"):
        count = detail["contradicting"]
        notes.append(trn("{count} group with contradicting labels", "{count} groups with contradicting labels", count))
    if line.check != Check.DUPLICATES and detail.get("kinds"):
        kinds = words.kinds()
        notes.append(
            ", ".join(f"{kinds.get(kind, kind)}: {count:,}" for kind, count in detail["kinds"].items() if count)
        )
    if "method" in detail:
        notes.append(
            tr(
                "Doubted by {method}: a suspicion, which people judge.",
                method=words.methods()[Method(detail["method"])],
            )
        )
    if detail.get("may_be_learned"):
        notes.append(tr("The training data of this model are unknown: it may have learned these faces."))
    return notes
