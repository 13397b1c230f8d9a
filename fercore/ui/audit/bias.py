"""Bias and shortcuts of an audit."""

import streamlit as st

from fercore.language import tr
from fercore.services.audit.score_card import ScoreCard


def draw(card: ScoreCard) -> None:
    """The associations and shortcuts that were found."""
    st.caption(tr("Bias and shortcuts"))
