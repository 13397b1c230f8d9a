"""The rule by which a dataset's votes become labels; another one is asked about first."""

from functools import partial

import streamlit as st

from fercore.curation.votes import RULES, LabelRule
from fercore.language import tr, trn
from fercore.services.review import adjudication
from fercore.ui.shell.session import dialog, leave_desk, shown_errors, store


def rule_names() -> dict[str, str]:
    """The rules, as people read them."""
    return {
        LabelRule.LATEST: tr("the latest vote"),
        LabelRule.MAJORITY: tr("more than half of the votes"),
        LabelRule.UNANIMOUS: tr("all votes"),
    }


def box(place: "st.delta_generator.DeltaGenerator", dataset: str) -> None:
    """The choice of the rule; a new one counts once it was confirmed."""
    key, present = f"rule-{dataset}", adjudication.rules(store())[dataset]
    chosen = place.selectbox(
        tr("Labels follow"),
        RULES,
        RULES.index(present),
        format_func=rule_names().__getitem__,
        key=key,
        width=240,
        help=tr("Faces with different votes stay disputed by any rule, until a ruling settles them."),
    )
    if chosen != present:
        keep = partial(_keep, key, present)
        dialog(tr("Change the rule?"), _confirm, dataset, chosen, keep, on_dismiss=keep)


def _keep(key: str, present: str) -> None:
    st.session_state[key] = present


def _confirm(dataset: str, rule: str, keep: "partial[None]") -> None:
    changes = adjudication.rule_changes(store(), dataset, rule)
    st.write(
        trn(
            "With the rule '{rule}', {count} label changes.",
            "With the rule '{rule}', {count} labels change.",
            changes,
            rule=rule_names()[rule],
        )
        + " "
        + tr("Votes and rulings stay as they are, and another rule brings the old labels back.")
    )
    row = st.container(horizontal=True)
    if row.button(tr("Change the rule"), type="primary"):
        with shown_errors():
            adjudication.set_rule(store(), dataset, rule)
            leave_desk()
            st.rerun()
    if row.button(tr("Keep the rule"), on_click=keep):
        st.rerun()
