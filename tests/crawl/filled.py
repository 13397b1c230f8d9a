"""An installation in which every page has much to show: names that are alike, objects in every state."""

from datetime import timedelta
from uuid import uuid4

import numpy as np

from fercore.clock import now
from fercore.drawing.faces import dataset as drawn
from fercore.emotions import EMOTIONS
from fercore.faces.pixels import pixel_hash
from fercore.services.audit import audit_request, dataset_audit
from fercore.services.audit.face_map import MapChoice
from fercore.services.review import adjudication, assignments, reviewers
from fercore.services.review.assignments import TaskPlan
from fercore.services.training import recipes, snapshots
from fercore.store import Store
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.review import decisions, remarks
from fercore.store.review.decisions import DecisionRequest, ReviewMode
from fercore.store.tables import Job
from fercore.training.recipes.recipe import MODERN
from tests.crawl import trained
from tests.services.audit import mapped

# Names are text: whatever Markdown, HTML or Streamlit would make of them, pages show them as they stand.
ODD = "**KFE** <b>2</b> :smile: $x$ [a](b)"
DATASETS = ("KFE", ODD, "FER2013")
PEOPLE = ("Kim", "Kim_2_", "*Lee* :smile:")
ODD_TASK = "First `pass` **bold**"
NOTE = "**bold** <b>b</b> <img src=x onerror=alert(1)> $x$ :smile: [a](b)"
JOB_STATES = ("done", "failed", "cancelled", "lost", "paused", "held", "queued")


def fill_store(store: Store) -> None:
    """Datasets, people, decisions, tasks, snapshots, recipes, runs, evaluations, a sweep, and jobs of every status."""
    numbers = {name: _faces(store, name, at) for at, name in enumerate(DATASETS)}
    for name in PEOPLE:
        reviewers.add(store, name)
    _decisions(store, numbers)
    _tasks(store)
    snapshots.freeze(store, "before", DATASETS[:2])
    _decide(store, "Kim", numbers["KFE"][8:12], emotion=6)
    snapshots.freeze(store, "before **2**", DATASETS[:2])
    snapshots.freeze(store, "FER2013 alone", ["FER2013"], validation_from=["KFE"])
    recipes.save(store, MODERN.model_copy(update={"name": "mine _too_", "epochs": 5}))
    trained.add_runs(store, *DATASETS[:2])
    dataset_audit.audit(store, audit_request.request(DATASETS[:2]))
    _map(store, [face for faces_ in numbers.values() for face in faces_])
    _jobs(store)


def _map(store: Store, numbers: list[int]) -> None:
    """A map of all datasets, its points by chance."""
    mapped.keep(store, MapChoice(DATASETS), numbers, np.random.default_rng(0).uniform(-1, 1, (len(numbers), 2)))


def _faces(store: Store, name: str, at: int) -> list[int]:
    """Drawn faces in three splits, subjects of the same names in every dataset, some without an emotion."""
    style = "east" if at % 2 == 0 else "west"
    for number, (split, each) in enumerate((("train", 4), ("validation", 2), ("test", 2))):
        pixels, labels = drawn(style, each, seed=10 * at + number)
        new = []
        for row, (gray, label) in enumerate(zip(pixels, labels, strict=True)):
            unlabelled = at == 1 and row % 9 == 0
            new.append(
                NewFace(
                    identity=f"{split}/{row}",
                    split=split,
                    emotion=None if unlabelled else int(label),
                    word="" if unlabelled else EMOTIONS[label].lower(),
                    pixel_hash=pixel_hash(gray),
                    gray=gray,
                    subject=f"S{row % 4}" if at < 2 else None,
                    gender=("female", "male")[row % 2] if at == 0 else None,
                    age=10 * (row % 5) if at == 0 else None,
                )
            )
        with store.database.writing() as session:
            begun = datasets.begin_import(session, name, "folder", f"/data/{name}/{split}")
            faces.add(session, begun.dataset_id, begun.id, new)
            datasets.finish_import(session, begun.id)
    return all_faces(store, name)


def all_faces(store: Store, name: str) -> list[int]:
    """The numbers of a dataset's faces, in their order."""
    from sqlalchemy import select

    from fercore.store.tables import Dataset, Face

    with store.database.reading() as session:
        query = select(Face.id).join(Dataset, Dataset.id == Face.dataset_id).where(Dataset.name == name)
        return list(session.scalars(query.order_by(Face.id)))


def _decide(store: Store, who: str, ids: list[int], emotion: int | None = None, reason: str | None = None) -> None:
    with store.database.writing() as session:
        for face in ids:
            decisions.record(session, who, [DecisionRequest(str(uuid4()), str(uuid4()), face, emotion, reason)])


def _decisions(store: Store, numbers: dict[str, list[int]]) -> None:
    """Votes that agree and disagree, rejections, and something that was settled."""
    for name in DATASETS[:2]:
        ids = numbers[name]
        _decide(store, "Kim", ids[:6], emotion=3)
        _decide(store, "Kim_2_", ids[3:9], emotion=5)
        _decide(store, "*Lee* :smile:", ids[6:8], reason="blurred")
        _decide(store, "*Lee* :smile:", ids[2:3], reason="not sure")
    adjudication.set_rule(store, ODD, "majority")
    _settle(store, numbers["KFE"][:5])
    _remark(store, numbers["KFE"])


def _remark(store: Store, ids: list[int]) -> None:
    """A flag, and notes that look like Markdown and HTML."""
    with store.database.writing() as session:
        remarks.record(session, "Kim", [remarks.RemarkRequest(str(uuid4()), str(uuid4()), ids[1], flag=True)])
        for who, note in (("tester", NOTE), ("*Lee* :smile:", "두 눈이 **감김**\nzwei Zeilen")):
            remarks.record(session, who, [remarks.RemarkRequest(str(uuid4()), str(uuid4()), ids[0], note=note)])


def _settle(store: Store, ids: list[int]) -> None:
    """Faces that an adjudicator settled, one otherwise than the others: answers to test people with."""
    wishes = [DecisionRequest(str(uuid4()), str(uuid4()), face, 3 if face != ids[0] else 5) for face in ids]
    with store.database.writing() as session:
        decisions.record(session, "Kim_2_", wishes, ReviewMode(adjudicates=True))


def _tasks(store: Store) -> None:
    assignments.create(store, TaskPlan("Pass", "KFE", people=PEOPLE[:2], twice=0.5, instructions="Look **twice**."))
    assignments.create(store, TaskPlan(ODD_TASK, ODD, blind=False))
    assignments.create(store, TaskPlan("Tested", "KFE", state="undecided", gold=0.1, control=0.1))
    closed = assignments.create(store, TaskPlan("Pass 2", "KFE", state="undecided"))
    assignments.close(store, closed)


def _jobs(store: Store) -> None:
    """A job of every status; a running one lives on another machine, so that nobody buries it."""
    at = now()
    with store.database.writing() as session:
        for place, status in enumerate((*JOB_STATES, "running")):
            running = status == "running"
            session.add(
                Job(
                    kind="import",
                    title=f"Import <i>{status}</i>.csv",
                    lane="disk",
                    arguments={
                        **{"source": "fer2013", "path": f"/nowhere/{status}.csv", "dataset": "X", "skip_bad": True},
                        "title": f"<i>{status}</i>.csv",
                    },
                    status=status,
                    submitted_by="Kim",
                    done=5,
                    total=10,
                    message="Reading **rows**" if running else "",
                    result={"dataset": "X", "added": 5, "skipped": []} if status == "done" else None,
                    error="The file <b>is gone</b>." if status in ("failed", "lost") else None,
                    host="another-machine" if running else None,
                    pid=1 if running else None,
                    heartbeat_at=at + timedelta(hours=9) if running else None,
                    created_at=at + timedelta(seconds=place),
                    started_at=at if running else None,
                    ended_at=at if status in ("done", "failed", "cancelled", "lost") else None,
                    position=float(place),
                )
            )
