"""One dataset on its page: charts, examples, imports, export, deletion."""

import secrets
from functools import partial

import streamlit as st

from fercore.charts.datasets import bars, by_split, histograms, word_flow
from fercore.curation.exclusions import Exclusion
from fercore.emotions import EMOTIONS
from fercore.language import counts as amounts
from fercore.language import tr, trn
from fercore.populations import Population
from fercore.services.datasets import catalogue, left_out, statistics
from fercore.services.datasets.catalogue import DatasetSummary
from fercore.services.datasets.exports import ExportKind
from fercore.services.datasets.statistics import DatasetStatistics
from fercore.services.review.decision_transfer import DecisionScope
from fercore.services.system import overview
from fercore.ui.datasets import deletion, export_form, import_problems, photos
from fercore.ui.shell.session import dialog, shown_errors, store
from fercore.ui.shell.text import literal
from fercore.ui.system import names as name_forms
from fercore.ui.widgets import face_wall, guarded

QUALITIES = {"sharpness": "Sharpness", "brightness": "Brightness", "contrast": "Contrast", "score": "Detector score"}


def panel(dataset: DatasetSummary) -> None:
    """Everything about one dataset, in tabs."""
    portrait = _portrait(overview.identity(store(), dataset.id), dataset)
    _numbers(dataset, portrait)
    # Only the open tab is drawn: charts keep a browser busy for as long as all the rest of the page.
    names = [tr("Examples"), tr("Distributions"), tr("Photos"), tr("Imports"), tr("Export, delete")]
    examples, looks, pictures, history, more = st.tabs(names, key=f"tabs-{dataset.id}", on_change="rerun")
    with examples:
        if examples.open:
            _examples(dataset)
    with looks:
        if looks.open:
            _charts(dataset, portrait)
    with pictures:
        if pictures.open:
            photos.panel(dataset)
    with history:
        _imports(dataset)
    with more:
        export_form.panel(ExportKind.DATASET, dataset.name, dataset.faces)
        name_forms.dataset_form(dataset.name, dataset.id)
        _population(dataset)
        _deletion(dataset)


def _population(dataset: DatasetSummary) -> None:
    """The population that the dataset shows, for the gap between Western and East Asian faces on Compare."""
    words = {"": tr("not said"), Population.WESTERN: tr("Western"), Population.EAST_ASIAN: tr("East Asian")}
    options = list(words)
    chosen = st.segmented_control(
        tr("Faces of which population"),
        options,
        default=dataset.population or "",
        format_func=words.__getitem__,
        required=True,
        key=f"population-{dataset.id}",
        help=tr("The gap on Compare is the accuracy on Western datasets less that on East Asian ones."),
    )
    if chosen != (dataset.population or ""):
        with shown_errors():
            catalogue.set_population(store(), dataset.name, chosen or None)
            st.rerun()


@st.cache_data(show_spinner=False, max_entries=20)
def _portrait(identity: str, dataset: DatasetSummary) -> DatasetStatistics:
    """A dataset's portrait, computed again once its counts have changed."""
    return statistics.describe(store(), dataset)


def _numbers(dataset: DatasetSummary, portrait: DatasetStatistics) -> None:
    numbers = {
        tr("Faces"): dataset.faces,
        tr("People"): portrait.persons,
        tr("Reviewed"): dataset.reviewed,
        tr("Rejected"): dataset.rejected,
        tr("Unlabelled"): dataset.unlabelled,
        tr("Not sure"): dataset.unsure,
    }
    if dataset.disputed:
        numbers[tr("Disputed")] = dataset.disputed
    for column, (label, number) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(label, f"{number:,}")


def _without_label(dataset: DatasetSummary) -> dict[Exclusion, int]:
    """The faces that stand in no bar, by reason."""
    return {
        Exclusion.REJECTED: dataset.rejected,
        Exclusion.NOT_SURE: dataset.unsure,
        Exclusion.DISPUTED: dataset.disputed,
        Exclusion.UNLABELLED: dataset.unlabelled,
    }


def _charts(dataset: DatasetSummary, portrait: DatasetStatistics) -> None:
    if not any(count for row in dataset.counts.values() for count in row.values()):
        st.info(tr("No face has an emotion yet, so there is nothing to chart by emotion: label some in Review."))
    counts = {tr(split): {tr(name): n for name, n in row.items()} for split, row in dataset.counts.items()}
    left, right = st.columns(2)
    left.markdown(f"**{tr('Emotions by split')}**")
    left.plotly_chart(by_split(counts), key=f"split-{dataset.id}")
    if outside := left_out.sentence(_without_label(dataset)):
        left.caption(outside)
    if any(word for word, _, _ in portrait.words):
        title = tr("From the source's words to emotions")
        right.markdown(f"**{title}**")
        names = [tr(name) for name in EMOTIONS]
        right.plotly_chart(word_flow(portrait.words, names, tr("unlabelled")), key=f"words-{dataset.id}")
    people = [
        (tr("Gender"), {tr(gender): n for gender, n in portrait.genders.items() if gender}),
        (tr("Age"), {f"{age}–{age + 9}": n for age, n in sorted(_known(portrait.ages).items())}),
    ]
    known = [(title, row) for title, row in people if row]
    for column, (title, row) in zip(st.columns(2), known, strict=False):
        column.plotly_chart(bars(row, title), key=f"{title}-{dataset.id}")
    samples = [(tr(QUALITIES[name]), values) for name, values in portrait.qualities.items() if values]
    if samples:
        st.plotly_chart(histograms(samples), key=f"qualities-{dataset.id}")


def _known(ages: dict[int | None, int]) -> dict[int, int]:
    return {age: count for age, count in ages.items() if age is not None}


def _examples(dataset: DatasetSummary) -> None:
    key = f"examples-{dataset.id}"
    if st.button(tr("Show others"), key=f"others-{dataset.id}", icon=":material/casino:"):
        st.session_state[key] = secrets.token_hex(4)
    identity = overview.identity(store(), dataset.id)
    for emotion, ids in _chosen(identity, dataset, st.session_state.get(key, "")).items():
        st.markdown(f"**{tr(EMOTIONS[emotion]) if emotion is not None else tr('unlabelled')}**")
        face_wall.wall(ids, {})


@st.cache_data(show_spinner=False, max_entries=20)
def _chosen(identity: str, dataset: DatasetSummary, start: str) -> dict[int | None, list[int]]:
    return statistics.examples(store(), dataset, start)


def _imports(dataset: DatasetSummary) -> None:
    for entry in catalogue.imports(store(), dataset.name):
        text, button = st.columns([6, 1], vertical_alignment="center")
        state = "" if entry["finished"] else f" · {tr('not finished')}"
        added = trn("{count} face", "{count} faces", entry["added"])
        text.markdown(f"{entry['started']} · {entry['source']} · {literal(entry['path'])} · {added}{state}")
        with text:
            import_problems.of_import(entry["import"], entry["skipped"])
        refused = guarded.refusal(partial(catalogue.check_undoable, store(), entry["import"]))
        if refused:
            text.caption(f":material/info: {literal(refused)}")
        if button.button(tr("Undo"), key=f"undo-{entry['import']}", disabled=bool(refused)):
            dialog(tr("Undo this import?"), _confirm_undo, entry["import"])


def _deletion(dataset: DatasetSummary) -> None:
    refused = guarded.refusal(partial(catalogue.check_removable, store(), dataset.name))
    key = f"delete-{dataset.id}"
    if st.button(tr("Delete dataset"), key=key, icon=":material/delete:", disabled=bool(refused)):
        dialog(tr("Delete this dataset?"), _confirm_delete, dataset.name)
    if refused:
        st.caption(f":material/info: {literal(refused)}")
        st.page_link("pages/curate/snapshots.py", label=tr("Go to Snapshots"), icon=":material/ac_unit:")


def _confirm_undo(import_id: int) -> None:
    lost = catalogue.import_contents(store(), import_id)
    goes = amounts.listed(amounts.faces(lost.faces), amounts.photos(lost.photos))
    st.write(tr("Undoing this import deletes {contents}.", contents=goes))
    deletion.going_along(DecisionScope(import_id=import_id), lost.decisions, lost.crops, lost.remarks)
    if st.button(tr("Delete them"), type="primary"):
        with shown_errors():
            catalogue.undo_import(store(), import_id)
            st.rerun()


def _confirm_delete(name: str) -> None:
    lost = catalogue.contents(store(), name)
    goes = amounts.listed(
        amounts.faces(lost.faces),
        amounts.photos(lost.photos),
        amounts.evaluations(lost.evaluations),
    )
    st.write(tr("Deleting '{name}' also deletes {contents}.", name=literal(name), contents=goes))
    deletion.going_along(DecisionScope(name), lost.decisions, lost.crops, lost.remarks)
    if st.button(tr("Delete this dataset"), type="primary"):
        with shown_errors():
            catalogue.remove(store(), name)
            st.rerun()
