"""Changes between two snapshots, and the faces of each change."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr, trn
from fercore.services.training import snapshots
from fercore.ui.shell.session import store
from fercore.ui.widgets import face_list
from fercore.ui.widgets.tables import show

Change = tuple[str, int | None, int | None]


def panel(names: Sequence[str]) -> None:
    """Two snapshots side by side; a change that is chosen shows its faces."""
    st.subheader(tr("Changes"), anchor=False)
    old_column, new_column = st.columns(2)
    old = old_column.selectbox(tr("From"), names, index=1, key="diff-from")
    new = new_column.selectbox(tr("To"), names, index=0, key="diff-to")
    change = snapshots.difference(store(), old, new)
    st.write(
        trn(
            "{count} face added, {removed} removed, {relabelled} relabelled.",
            "{count} faces added, {removed} removed, {relabelled} relabelled.",
            change["added"],
            removed=change["removed"],
            relabelled=change["relabelled"],
        )
    )
    if change["voted"]:
        st.write(
            trn(
                "{count} kept its label and has other votes.",
                "{count} kept their label and have other votes.",
                change["voted"],
            )
        )
    if change["reweighted"]:
        st.write(
            trn(
                "{count} face has another weight.",
                "{count} faces have another weight.",
                change["reweighted"],
            )
        )
    if change["moves"]:
        moves = [(tr(move["from"]), tr(move["to"]), move["faces"]) for move in change["moves"]]
        show(pd.DataFrame(moves, columns=[tr("From"), tr("To"), tr("Faces")]))
    _faces(snapshots.changed(store(), old, new))


def _faces(changes: dict[Change, list[int]]) -> None:
    if not changes:
        return
    chosen = st.selectbox(
        tr("Faces of a change"),
        sorted(changes, key=lambda change: -len(changes[change])),
        index=None,
        format_func=lambda change: f"{_words(change)} · {len(changes[change]):,}",
        key="diff-change",
        placeholder=tr("Choose"),
    )
    if chosen is not None:
        face_list.panel("diff", changes[chosen])


def _words(change: Change) -> str:
    kind, was, now = change
    if was is not None and now is not None:
        return f"{tr(EMOTIONS[was])} → {tr(EMOTIONS[now])}"
    return {
        "added": tr("added"),
        "removed": tr("removed"),
        "split": tr("moved to another split"),
        "votes": tr("other votes"),
        "weight": tr("another weight"),
    }[kind]
