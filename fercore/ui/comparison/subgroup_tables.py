"""Subgroups as tables: a row for each group, and the largest gap of each attribute."""

import pandas as pd
import streamlit as st

from fercore.evaluation.subgroups import Fitness
from fercore.language import tr, trn
from fercore.services.comparison import attribute_words
from fercore.services.comparison.claims import points
from fercore.services.comparison.subgroups import Subgroups
from fercore.ui.widgets.tables import NOTHING, download


def draw(found: Subgroups) -> None:
    """The groups and the largest gaps."""
    notes = {
        Fitness.FIT: "",
        Fitness.FEW_FACES: tr("too few faces"),
        Fitness.FEW_CLUSTERS: tr("too few people"),
        Fitness.LACKS_EMOTIONS: tr("lacks emotions that others have"),
    }
    rows = [
        {
            tr("Attribute"): attribute_words.attribute(each.attribute),
            tr("Group"): attribute_words.value(row.value),
            "n": row.by_run[0].n,
        }
        | {
            tr("Run {run}", run=view.run): None
            if of.value is None
            else f"{of.value:.1%} ({of.low * 100:.1f} – {of.high * 100:.1f})"
            for view, of in zip(found.runs, row.by_run, strict=True)
        }
        | {tr("Note"): notes[row.fitness]}
        for each in found.attributes
        for row in each.rows
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height="content", placeholder=NOTHING)
    gaps = gaps_frame(found)
    if gaps.empty:
        return
    st.markdown(f"**{tr('Largest gap of each attribute')}**")
    formats = {name: st.column_config.NumberColumn(name, format="%.3g") for name in ("p", tr("p after Holm"))}
    formats[tr("Gap, points")] = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(gaps, hide_index=True, width="stretch", height="content", column_config=formats, placeholder=NOTHING)
    st.caption(
        trn(
            "Interval and p allow for having picked the largest of all pairs of groups; Holm is over {count} gap.",
            "Interval and p allow for having picked the largest of all pairs of groups; Holm is over {count} gaps.",
            found.tests,
        )
    )
    download(gaps, "subgroup-gaps.csv", tr("Gaps as CSV"))


def gaps_frame(found: Subgroups) -> pd.DataFrame:
    """The largest gap of each attribute and run."""
    return pd.DataFrame(
        [
            {
                tr("Attribute"): attribute_words.attribute(each.attribute),
                tr("Run"): view.run,
                tr("Highest"): attribute_words.value(gap.high),
                tr("Lowest"): attribute_words.value(gap.low),
                tr("Gap, points"): gap.gap.value * 100,
                tr("95 % interval"): f"{points(gap.gap.low)} … {points(gap.gap.high)}",
                "p": gap.gap.p_value,
                tr("p after Holm"): gap.p_holm,
            }
            for each in found.attributes
            for view, gap in zip(found.runs, each.gaps, strict=True)
            if gap is not None
        ]
    )


def groups_frame(found: Subgroups) -> pd.DataFrame:
    """The groups as tidy rows, one for each run."""
    return pd.DataFrame(
        [
            {
                "attribute": str(each.attribute),
                "group": attribute_words.value(row.value),
                "run": view.run,
                "datasets": " + ".join(found.datasets),
                "split": found.split,
                "measure": found.measure,
                "value": of.value,
                "low": of.low,
                "high": of.high,
                "n": of.n,
                "groups_of_faces": of.clusters,
                "fitness": str(row.fitness),
            }
            for each in found.attributes
            for row in each.rows
            for view, of in zip(found.runs, row.by_run, strict=True)
        ]
    )
