"""One reviewer's record as a page: figures, confusions, votes and pace, each with a link to its faces in Review."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fercore.charts.curves import Line, over_days
from fercore.curation.task_faces import TaskFaceKind
from fercore.language import tr, trn
from fercore.services.review import reviewer_record, reviewers
from fercore.services.review.known_answers import ANSWERS, KnownAnswers
from fercore.services.review.reviewer_record import SETTLED, ReviewerRecord
from fercore.ui import confusion_matrix
from fercore.ui.shell.session import reviewer, store
from fercore.ui.shell.text import literal
from fercore.ui.widgets import bound_choice, face_list, face_wall, record_words
from fercore.ui.widgets.tables import download, show

PAGE = "pages/curate/reviewer.py"
ALL = ""
SHOWN_FACES = 48


def links(names: Sequence[str]) -> None:
    """The way to the page of each of these people."""
    row = st.container(horizontal=True, vertical_alignment="center")
    for name in names:
        row.page_link(PAGE, label=literal(name), icon=":material/person_search:", query_params={"person": name})


def person_box(place: "st.delta_generator.DeltaGenerator") -> str:
    """The choice of a person: the one whom the address names, by an earlier name too, else whoever sits here."""
    people = reviewers.everybody(store())
    if st.session_state.get("person") not in people:
        name = st.query_params.get("person", "")
        present = reviewers.present_name(store(), name) if name else reviewer()
        if present not in people:
            st.warning(tr("There is no person named '{name}'.", name=literal(name)), icon=":material/search_off:")
        st.session_state["person"] = present if present in people else reviewer()
    chosen: str = place.selectbox(tr("Person"), people, key="person", width=260)
    st.query_params["person"] = chosen
    return chosen


def dataset_box(place: "st.delta_generator.DeltaGenerator", person: str) -> str | None:
    """The choice of a dataset in which this person decided, or of all."""
    known = [ALL, *reviewer_record.datasets_of(store(), person)]
    chosen = bound_choice.box(
        place, tr("Dataset"), known, "record-dataset", lambda name: name or tr("all"), "dataset", width=260
    )
    return chosen or None


def panel(person: str, dataset: str | None) -> None:
    """Everything that is known of a person's decisions."""
    with st.spinner(tr("Measuring …")):
        record = _record(person, dataset, reviewer_record.mark(store(), dataset))
    if record.is_empty:
        st.info(tr("{name} has not decided any face yet.", name=literal(person)), icon=":material/lightbulb:")
        st.page_link(face_list.REVIEW, label=tr("Go to Review"), icon=":material/grid_view:")
        return
    _figures(record)
    _confusions(record)
    _votes(record)
    _pace(record)


@st.cache_data(show_spinner=False, max_entries=20)
def _record(person: str, dataset: str | None, mark: tuple[object, ...]) -> ReviewerRecord:
    """Measured again when `mark` says that something was decided."""
    return reviewer_record.record(store(), person, dataset)


def _names() -> dict[str, tuple[str, str]]:
    """Each kind of known faces, in a few words and in a sentence."""
    return {
        TaskFaceKind.GOLD: (tr("Accuracy on gold faces"), tr("Faces of tasks that an adjudicator had settled before.")),
        TaskFaceKind.CONTROL: (
            tr("Accuracy on control faces"),
            tr(
                "Random faces that were mixed into tasks. The answer is the label without this person's vote: "
                "an adjudicator's ruling, what others say, or the source's label."
            ),
        ),
        SETTLED: (tr("Accuracy on settled faces"), tr("All faces that an adjudicator has settled, before or later.")),
    }


def _figures(record: ReviewerRecord) -> None:
    for column, (kind, (name, help_text)) in zip(st.columns(3), _names().items(), strict=True):
        answers = record.answers[kind]
        with column.container(border=True):
            accuracy = answers.accuracy
            st.metric(name, "–" if accuracy is None else f"{accuracy:.1%}", help=help_text)
            st.caption(_interval(answers))
            right = int(answers.right.sum())
            row = st.container(horizontal=True, vertical_alignment="center")
            _link(row, record, f"{kind}.all", trn("{count} face", "{count} faces", answers.n), answers.n)
            _link(row, record, f"{kind}.right", tr("{count} right", count=f"{right:,}"), right)
            _link(row, record, f"{kind}.wrong", tr("{count} wrong", count=f"{answers.n - right:,}"), answers.n - right)
    if record.own_rulings:
        st.caption(
            trn(
                "{count} of the settled faces was settled by {name}, too.",
                "{count} of the settled faces were settled by {name}, too.",
                record.own_rulings,
                name=literal(record.person),
            )
        )


def _interval(answers: KnownAnswers) -> str:
    interval = answers.interval
    if interval is None:
        return tr("95 % interval: –")
    words = tr("95 % interval: {low} – {high}", low=f"{interval.low:.1%}", high=f"{interval.high:.1%}")
    if interval.people is None:
        return words
    shown = trn("by person: {count} person on the faces", "by person: {count} people on the faces", interval.people)
    return f"{words} ({shown})"


def _link(row: "st.delta_generator.DeltaGenerator", record: ReviewerRecord, part: str, label: str, count: int) -> None:
    """A number that leads to its faces in Review: one link for each of their datasets."""
    if not count:
        row.caption(label, width="content")
        return
    if record.dataset is not None:
        _to_review(row, record.dataset, record.person, part, label)
        return
    places = _places(record, part)
    if len(places) == 1:
        _to_review(row, next(iter(places)), record.person, part, label)
        return
    with row.popover(label, width="content", key=f"places-{part}"):
        for name, faces_there in places.items():
            words = trn("{count} face", "{count} faces", faces_there)
            _to_review(st.container(), name, record.person, part, f"{literal(name)} · {words}")


def _to_review(place: "st.delta_generator.DeltaGenerator", dataset: str, person: str, part: str, label: str) -> None:
    query = face_list.query_of_part(dataset, person, part)
    place.page_link(face_list.REVIEW, label=label, icon=":material/grid_view:", query_params=query, width="content")


def _places(record: ReviewerRecord, part: str) -> dict[str, int]:
    return reviewer_record.places(store(), record.faces(part))


def _confusions(record: ReviewerRecord) -> None:
    st.subheader(tr("Confusions"), anchor=False)
    kinds = record_words.known_faces()
    kind = st.segmented_control(
        tr("Faces"),
        list(kinds),
        format_func=kinds.__getitem__,
        default=SETTLED,
        required=True,
        key="record-faces",
        label_visibility="collapsed",
    )
    answers = record.answers[kind or SETTLED]
    caption = tr(
        "Rows: the known label and its faces. Columns: what {name} said. Click a cell to see them.", name=record.person
    )
    cell = confusion_matrix.draw(
        answers.confusion,
        f"record-{record.person}-{record.dataset}-{kind}",
        {"caption": caption, "true": tr("known"), "predicted": tr("said")},
    )
    if cell and answers.confusion[cell[0]][cell[1]]:
        _cell(record, f"{kind}.{cell[0]}-{cell[1]}", cell)
    outside = answers.outside()
    if outside:
        st.caption(tr("Faces outside of these emotions, known → answered:"))
        row = st.container(horizontal=True, vertical_alignment="center")
        for (known, voted), count in outside.items():
            label = f"{tr(ANSWERS[known])} → {tr(ANSWERS[voted])}: {count:,}"
            _link(row, record, f"{kind}.{known}-{voted}", label, count)
    cells = {(row, voted): n for row, line in enumerate(answers.confusion) for voted, n in enumerate(line)} | outside
    rows = [
        {"reviewer": record.person, "known": ANSWERS[known], "said": ANSWERS[voted], "faces": count}
        for (known, voted), count in cells.items()
    ]
    download(pd.DataFrame(rows), f"reviewer-{kind}-confusions.csv", tr("Confusions as CSV"))


def _cell(record: ReviewerRecord, part: str, cell: tuple[int, int]) -> None:
    """The first faces of a clicked cell, and the way to all of them."""
    ids = record.faces(part)
    row = st.container(horizontal=True, vertical_alignment="center")
    words = trn(
        "**{count} face known as {known}, answered {said}**",
        "**{count} faces known as {known}, answered {said}**",
        len(ids),
        known=tr(ANSWERS[cell[0]]),
        said=tr(ANSWERS[cell[1]]),
    )
    row.markdown(words, width="content")
    _link(row, record, part, trn("Review {count} face", "Review {count} faces", len(ids)), len(ids))
    shown = ids[:SHOWN_FACES]
    face_wall.wall(shown, {face: f"#{face}" for face in shown}, links={face: face_list.link(face) for face in shown})


def _votes(record: ReviewerRecord) -> None:
    st.subheader(tr("Votes"), anchor=False)
    row = st.container(horizontal=True, vertical_alignment="center")
    total = sum(len(ids) for ids in record.votes.values())
    _link(row, record, "votes.all", trn("{count} face decided", "{count} faces decided", total), total)
    for kind, name in record_words.votes().items():
        count = len(record.votes[kind])
        _link(row, record, f"votes.{kind}", f"{name}: {count:,}", count)


def _pace(record: ReviewerRecord) -> None:
    st.subheader(tr("Pace"), anchor=False)
    if not record.days:
        st.markdown("–")
        return
    st.caption(
        tr(
            "Seconds between decisions; pauses of more than five minutes are left out. "
            "What was undone later is counted, too."
        )
    )
    frame = pd.DataFrame(
        {
            tr("Day"): day.day,
            tr("Decisions"): day.decisions,
            tr("Faces"): len(record.decided[day.day]),
            tr("Seconds per decision"): "–" if day.seconds is None else f"{day.seconds:.1f}",
        }
        for day in reversed(record.days)
    )
    if len(record.days) > 1:
        title = tr("Seconds per decision")
        figure = over_days([Line(title, [day.seconds for day in record.days])], [day.day for day in record.days], title)
        st.plotly_chart(figure.update_yaxes(tickformat=".1f"), key="record-pace")
    show(frame)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    days = [day.day for day in reversed(record.days)]
    chosen = row.selectbox(tr("Faces of a day"), days, key="record-day", width=180)
    ids = record.decided.get(chosen or "", [])
    _link(row, record, f"day.{chosen}", trn("Review {count} face", "Review {count} faces", len(ids)), len(ids))
    download(frame, "reviewer-pace.csv", tr("These as CSV"))
