"""The reason of a task whose faces runs chose, and the way back to them."""

import streamlit as st

from fercore.emotions import EMOTIONS
from fercore.language import tr, trn
from fercore.services.comparison import selections
from fercore.services.comparison.selected_faces import Reason
from fercore.services.comparison.selections import SecondLook
from fercore.ui.comparison import filter_words
from fercore.ui.shell.session import store
from fercore.ui.shell.text import literal

COMPARE = "pages/models/compare.py"
AUDIT = "pages/curate/audit.py"
MAP = "pages/curate/map.py"


def reason(task: int) -> None:
    """The reason of a task, opened on demand: it would tell a labeler what a model said. Nothing for other tasks."""
    look = selections.of_task(store(), task)
    if look is None:
        return
    row = st.expander(tr("Why this task was made (not for its labelers)"), icon=":material/visibility_off:")
    row.caption(literal(" · ".join(part for part in _parts(look) if part)))
    back(row, look)


def _parts(look: SecondLook) -> list[str]:
    if look.reason in (Reason.AUDIT, Reason.MAP):  # of several splits
        return [filter_words.reasons()[look.reason], filter_words.of(look.filter)]
    runs = trn("Reason: run {runs}", "Reason: runs {runs}", len(look.runs), runs=", ".join(map(str, look.runs)))
    return [runs, tr(look.split), _chosen(look), filter_words.of(look.filter)]


def _chosen(look: SecondLook) -> str:
    if look.label is None or look.predicted is None:
        return filter_words.reasons()[look.reason]
    return tr(
        "labelled {label}, predicted {predicted}",
        label=tr(EMOTIONS[look.label]),
        predicted=tr(EMOTIONS[look.predicted]),
    )


def back(row: "st.delta_generator.DeltaGenerator", look: SecondLook) -> None:
    """The link to the faces that a task was made of."""
    if look.reason == Reason.CELL:
        label = tr("Back to the confusion matrix")
        query = {"evaluation": str(look.evaluation), "cell": f"{look.label}-{look.predicted}"}
    elif look.reason == Reason.AUDIT:
        query = {name: str(look.filter[name]) for name in ("audit", "check")}
        row.page_link(AUDIT, label=tr("Back to the audit"), icon=":material/troubleshoot:", query_params=query)
        return
    elif look.reason == Reason.MAP:
        query = {"map-datasets": ",".join(map(str, look.filter["of"]))}
        if look.runs:
            query["map-run"] = str(look.run)
        row.page_link(MAP, label=tr("Back to the map"), icon=":material/scatter_plot:", query_params=query)
        return
    else:
        label, query = tr("Back to these faces"), _query(look)
    row.page_link(COMPARE, label=label, icon=":material/compare:", query_params=query)


def _query(look: SecondLook) -> dict[str, str]:
    """The address of faces that were chosen for a reason other than a cell."""
    if look.reason == Reason.SLICE:
        return {
            "view": "subgroups",
            "subgroups": "slices",
            "slices-run": str(look.run),
            "slices-on": look.dataset,
            "slices-from": str(look.filter.get("found_on", "")),
        }
    query = {"view": "faces", "look": str(look.reason)}
    names = {
        "label": "label",
        "predicted": "predicted",
        "right": "right-run",
        "order": "dynamics-order",
        "count": "first",
    }
    query |= {names[name]: str(value) for name, value in look.filter.items() if name in names}
    if look.reason == Reason.DYNAMICS:
        return query | {"learning-run": str(look.run), "dynamics-dataset": look.dataset}
    place = {"place": f"{look.dataset}/{look.split}"}
    if look.reason == Reason.SUREST:
        return query | place | {"mistaken-run": str(look.run)}
    return query | place | {"mistaken-runs": ",".join(map(str, look.runs))}
