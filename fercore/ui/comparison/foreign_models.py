"""Models from elsewhere on the comparison page: their predictions are uploaded, and deleted again."""

import streamlit as st

from fercore.language import counts, tr
from fercore.services.comparison import evaluation, foreign_models, foreign_notes
from fercore.services.comparison.foreign_models import ForeignModel, ImportedPredictions
from fercore.services.datasets import uploads
from fercore.services.datasets.uploads import Upload
from fercore.splits import Split
from fercore.ui.shell.session import dialog, shown_errors, store
from fercore.ui.shell.text import literal

_LISTED = 1000
_REPORT = "predictions-report"
_DELETED = "model-deleted"


def form() -> None:
    """Upload predictions, and the models that came so far; nothing while there is no labelled face."""
    places = sorted(evaluation.places(store()), key=lambda place: place[1] == Split.TRAIN)  # the least likely last
    if not places:
        return
    models = foreign_models.listed(store())
    report = st.session_state.pop(_REPORT, None)
    if report:
        st.session_state["foreign-model"] = report.run
    with st.expander(tr("A model from elsewhere"), icon=":material/upload_file:"):
        _upload(places, [model.name for model in models])
        _models(models)
    if report:
        _result(report)
    if deleted := st.session_state.pop(_DELETED, None):
        st.success(tr("{name} was deleted.", name=literal(deleted)), icon=":material/check:")


def _upload(places: list[tuple[str, str]], names: list[str]) -> None:
    with st.form("predictions", border=False):
        file = st.file_uploader(
            tr("Predictions as CSV or Parquet"),
            ["csv", "tsv", "txt", "parquet"],
            help=tr(
                "A row for each face. A column names it: face (its number here), file (its path or file name) or "
                "pixels (SHA-256 of its 2,304 gray bytes). Seven columns have the probabilities, which sum to 1 "
                "or to 100, or one column, prediction, has a word such as happy."
            ),
            key="predictions-file",
        )
        named, on = st.columns(2)
        name = named.text_input(
            tr("Name of the model"),
            key="predictions-name",
            max_chars=100,
            help=tr("The same name again is the same model: {names}.", names=literal(", ".join(names)))
            if names
            else None,
        )
        place = on.selectbox(
            tr("Predicted faces"), places, format_func=lambda each: f"{each[0]} · {tr(each[1])}", key="predictions-on"
        )
        if not st.form_submit_button(tr("Import predictions"), type="primary", icon=":material/upload:"):
            return
    with shown_errors(), st.spinner(tr("Reading predictions")):
        if file is None:
            st.warning(tr("Choose a file of predictions first."), icon=":material/warning:")
            return
        st.session_state[_REPORT] = _import(file, name, place)
        st.rerun()


def _import(file: Upload, name: str, place: tuple[str, str]) -> ImportedPredictions:
    folder = uploads.keep(store(), [file])
    try:
        return foreign_models.import_predictions(store(), next(folder.iterdir()), name, *place)
    finally:
        uploads.clear(store(), folder)


def _result(report: ImportedPredictions) -> None:
    """The result of an import, with rows and faces that do not count."""
    view = report.evaluation
    title = f"{tr('Run {run}', run=report.run)} · {view.backbone} · {view.accuracy:.1%}"
    st.success(literal(f"{title}. {foreign_notes.coverage(report)}"), icon=":material/check:")
    for sentence in foreign_notes.cautions(report):
        st.warning(literal(sentence), icon=":material/info:")
    if len(report.unmatched) > 1:
        with st.expander(tr("Rows that name no face: {count}", count=f"{len(report.unmatched):,}")):
            st.dataframe({tr("Name"): report.unmatched[:_LISTED]}, hide_index=True, width="stretch")


def _models(models: list[ForeignModel]) -> None:
    """The models so far, of which one can be deleted."""
    if not models:
        return
    by_run = {model.run: model for model in models}
    row = st.container(horizontal=True, vertical_alignment="bottom")
    run = row.selectbox(
        tr("Imported models"), list(by_run), format_func=lambda run: _title(by_run[run]), key="foreign-model"
    )
    if row.button(tr("Delete run {run}", run=run), key="delete-model", icon=":material/delete:"):
        dialog(tr("Delete this model?"), _confirm, by_run[run])


def _title(model: ForeignModel) -> str:
    return f"{tr('Run {run}', run=model.run)} · {model.name} · {counts.evaluations(model.evaluations)}"


def _confirm(model: ForeignModel) -> None:
    st.write(
        tr(
            "All predictions of {name} are deleted, with {evaluations}.",
            name=literal(model.name),
            evaluations=counts.evaluations(model.evaluations),
        )
    )
    if st.button(tr("Delete run {run}", run=model.run), type="primary"):
        with shown_errors():
            foreign_models.remove(store(), model.run)
            st.session_state[_DELETED] = model.name
            st.rerun()
