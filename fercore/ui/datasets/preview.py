"""Contents of a source, shown before anything of it is stored."""

import pandas as pd
import streamlit as st

from fercore.language import counts, tr, trn
from fercore.language.sentences import words
from fercore.services.datasets.preview import Preview
from fercore.ui.widgets import face_wall
from fercore.ui.widgets.tables import show


def preview(result: Preview) -> None:
    """Counts by word and emotion, examples, problems; says when it has not seen all."""
    seen = counts.listed(counts.faces(result.faces), counts.photos(result.photos))
    if result.listing:
        st.info(tr("Still listing files: this source is too large to be looked at in a few seconds."))
        return
    st.markdown(f"**{tr('Seen') if result.complete else tr('Found in the first seconds; there is more')}**: {seen}")
    left, right = st.columns(2)
    with left:
        table = [
            {tr("Word"): word or "–", tr("Emotion"): tr(emotion) if emotion else tr("unlabelled"), tr("Faces"): count}
            for word, emotion, count in result.table
        ]
        show(pd.DataFrame(table))
        st.caption(" · ".join(f"{tr(split)}: {count:,}" for split, count in result.splits.items()))
    with right:
        face_wall.wall_of(
            [(example.gray, tr("unlabelled") if example.emotion is None else "") for example in result.examples]
        )
    if result.listed:
        title = trn("{count} problem or notice", "{count} problems and notices", result.problems)
        with st.expander(title, icon=":material/report:", expanded=result.faults > 0):
            if result.faults:
                st.caption(
                    trn(
                        "{count} of them stops the import unless bad rows are skipped.",
                        "{count} of them stop the import unless bad rows are skipped.",
                        result.faults,
                    )
                )
            rows = [{tr("Where"): problem.where, tr("Why"): words(problem.why)} for problem in result.listed]
            show(pd.DataFrame(rows))
            if result.problems > len(rows):
                st.caption(trn("This is the first.", "These are the first {count}.", len(rows)))
