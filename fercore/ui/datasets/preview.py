"""Contents of a source, shown before anything of it is stored."""

import pandas as pd
import streamlit as st

from fercore.language import counts, tr, trn
from fercore.language.sentences import words
from fercore.services.datasets.preview import Preview
from fercore.ui.widgets import face_wall
from fercore.ui.widgets.tables import show


def preview(found: Preview) -> None:
    """Counts by word and emotion, examples, problems; says when it has not seen all."""
    seen = counts.listed(counts.faces(found.faces), counts.photos(found.photos))
    if found.listing:
        st.info(tr("Still listing files: this source is too large to be looked at in a few seconds."))
        return
    st.markdown(f"**{tr('Seen') if found.complete else tr('Found in the first seconds; there is more')}**: {seen}")
    left, right = st.columns(2)
    with left:
        table = [
            {tr("Word"): word or "–", tr("Emotion"): tr(emotion) if emotion else tr("unlabelled"), tr("Faces"): count}
            for word, emotion, count in found.table
        ]
        show(pd.DataFrame(table))
        st.caption(" · ".join(f"{tr(split)}: {count:,}" for split, count in found.splits.items()))
    with right:
        face_wall.wall_of([(one.gray, tr("unlabelled") if one.emotion is None else "") for one in found.examples])
    if found.listed:
        title = trn("{count} problem or notice", "{count} problems and notices", found.problems)
        with st.expander(title, icon=":material/report:", expanded=found.faults > 0):
            if found.faults:
                st.caption(
                    trn(
                        "{count} of them stops the import unless bad rows are skipped.",
                        "{count} of them stop the import unless bad rows are skipped.",
                        found.faults,
                    )
                )
            rows = [{tr("Where"): one.where, tr("Why"): words(one.why)} for one in found.listed]
            show(pd.DataFrame(rows))
            if found.problems > len(rows):
                st.caption(trn("This is the first.", "These are the first {count}.", len(rows)))
