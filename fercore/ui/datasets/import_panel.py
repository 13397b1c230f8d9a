"""The two ways to bring faces in, on the page of datasets."""

import streamlit as st

from fercore.language import tr
from fercore.ui.datasets import extraction_form, import_form
from fercore.ui.shell.session import shown_errors


def panel(expanded: bool) -> None:
    """Forms to import a dataset and to extract faces; an address with `?bring=` opens the one that it names."""
    tab = st.query_params.get("bring")
    names = {"import": tr("Import a dataset"), "extract": tr("Extract faces from photos")}
    with st.expander(tr("Import faces"), icon=":material/add:", expanded=expanded or tab in names):
        bring_import, bring_extract = st.tabs(list(names.values()), default=names.get(tab or "import"))
        with bring_import, shown_errors():
            import_form.form()
        with bring_extract, shown_errors():
            extraction_form.form()
