"""Hashes: short where people look, whole where they copy."""

from collections.abc import Mapping

import streamlit as st

from fercore.ui.shell.text import literal

SHORT = 12


def short(digest: str) -> str:
    """The first signs of a hash, which tell it from others."""
    return digest[:SHORT] + "…" if len(digest) > SHORT else digest


def copyable(digests: Mapping[str, str]) -> None:
    """Whole hashes by what they belong to, each with a button that copies it."""
    for name, digest in digests.items():
        st.markdown(literal(name))
        st.code(digest, language=None, wrap_lines=True)
