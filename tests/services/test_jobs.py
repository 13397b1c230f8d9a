"""The registry of jobs: what each kind can be asked, what is kept of it, and what is said of it."""

import os
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from pydantic import ValidationError

from fercore.errors import InputError
from fercore.jobs.kinds import stored_title
from fercore.language import use
from fercore.prediction.formats import ModelFormat
from fercore.services import jobs
from fercore.services.audit import audit_request, face_map
from fercore.services.audit.audit_request import Doubt
from fercore.services.audit.face_map import MapChoice
from fercore.services.audit.methods import Method
from fercore.services.comparison.cost_measurement import CostJob
from fercore.services.comparison.evaluation import EvaluateJob
from fercore.services.datasets.exports import ExportRequest
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.prediction.batch import BatchJob
from fercore.services.prediction.clip import ClipJob
from fercore.services.prediction.model_export import ModelExportJob
from fercore.services.review.model_predictions import OpinionJob
from fercore.services.review.sort_order_preparation import OrdersJob
from fercore.services.system.demo import DemoJob
from fercore.services.training.freeze_job import FreezeJob
from fercore.services.training.step_measurement import MeasureJob
from fercore.services.training.train_job import TrainJob

ODD = Path(os.fsdecode(b"/photos/\xff \xea\xb9\x80"))  # a name that is no text

REQUESTS = [
    ("import", "disk", ImportRequest("aihub", ODD, "K <b>", split="subject", words=Path("/words.yaml"))),
    ("extract", "disk", ExtractRequest(ODD, "얼굴", which="largest", copy=True)),
    ("export", "disk", ExportRequest("snapshot", "S", "csv", ODD, replace=True)),
    ("train", "device", TrainJob(run=3, backbone="VGG16", evaluate=(("D", "test"),), accumulate=2)),
    ("evaluate", "device", EvaluateJob(run=3, on=[("D", "validation"), ("E", "test")])),
    ("cost", "device", CostJob(runs=[3, 4])),
    ("demo", "device", DemoJob()),
    ("probe", "device", MeasureJob(backbone="VGG16", recipe={"epochs": 3}, faces=7, backend="torch")),
    ("opinion", "device", OpinionJob(run=3, dataset="D")),
    ("orders", "disk", OrdersJob(dataset="D")),
    ("audit", "disk", audit_request.request(["D", "얼굴"], doubt=Doubt(Method.RUN, 3))),
    ("crossval", "device", audit_request.request(["D"], doubt=Doubt(Method.CROSSVAL, backbone="VGG16", epochs=3))),
    ("freeze", "disk", FreezeJob(name="S", datasets=[{"dataset": "D"}], tested_on=[{"dataset": "E"}])),
    ("map", "disk", face_map.request(MapChoice(("D", "얼굴"), run=3, seed=1))),
    ("export model", "disk", ModelExportJob(run=3, format=ModelFormat.LITERT)),
    ("batch", "visit", BatchJob(token="0123456789abcdef" * 2, run=3, calibrated=True, files=12)),
    ("clip", "visit", ClipJob(token="0123456789abcdef" * 2, run=3)),
]


def stored(kind, arguments):
    return (kind, arguments, "as it was called")


def title_of(job):
    kind, arguments, title = job
    return stored_title(jobs.KINDS.get(kind), arguments, title)


def test_every_kind_is_tried_here():
    assert [name for name, _, _ in REQUESTS] == list(jobs.KINDS)


@pytest.mark.parametrize(("name", "lane", "request_"), REQUESTS, ids=[name for name, _, _ in REQUESTS])
def test_a_request_comes_back_as_it_was_kept(name, lane, request_):
    kind = jobs.kind_of(type(request_))
    assert (kind.name, kind.lane) == (name, lane)
    assert kind.validated(kind.arguments(request_)) == request_
    with pytest.raises((FrozenInstanceError, ValidationError)):
        request_.run = 9


@pytest.mark.parametrize(("name", "lane", "request_"), REQUESTS, ids=[name for name, _, _ in REQUESTS])
def test_a_title_is_in_the_readers_language(name, lane, request_):
    job = stored(name, jobs.KINDS[name].arguments(request_))
    titles = []
    for language in ("en", "ko"):
        use(language)
        titles.append(title_of(job))
    use("en")
    assert titles[0] != titles[1] and "as it was called" not in titles


@pytest.mark.parametrize(
    ("kind", "arguments", "reason"),
    [
        pytest.param("train", {}, "run", id="nothing"),
        pytest.param("train", {"run": "three"}, "run", id="no number"),
        pytest.param("train", {"run": 1, "evaluate": [["D"]]}, "evaluate.0.1", id="half a place"),
        pytest.param("opinion", {"run": 1, "dataset": 7}, "dataset", id="no name"),
        pytest.param("extract", {"path": "/x", "dataset": "D", "which": "best"}, "which", id="no such choice"),
        pytest.param("import", {"source": "fer2013", "dataset": "D"}, "path", id="no place"),
        pytest.param("demo", {"faces": 9}, "faces", id="something new"),
    ],
)
def test_what_is_no_request_is_refused_and_keeps_its_title(kind, arguments, reason):
    with pytest.raises(InputError, match=f"'{kind}' does not accept {reason}"):
        jobs.KINDS[kind].validated(arguments)
    assert title_of(stored(kind, arguments)) == "as it was called"


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("train", {"run": 4, "evaluate": [], "all_gpus": False, "resume": True, "accumulate": 1}),
        ("import", {"split": None, "source": "kdef", "path": "/k", "dataset": "K", "copy": True, "title": "k.zip"}),
        ("extract", {"which": "all", "emotion_from": "none", "split": "train", "detector": "haar", "path": "/p",
                     "dataset": "D", "copy": False, "title": "p"}),
        ("a kind to come", {"x": 1}),
    ],
)  # fmt: skip
def test_jobs_of_older_and_newer_versions_are_shown(kind, arguments):
    assert title_of(stored(kind, arguments))
    assert jobs.summary(kind, {}) == ""
    assert jobs.is_repeatable(kind, "failed") == (kind in ("import", "extract"))


@pytest.mark.parametrize(
    ("kind", "result", "words"),
    [
        ("import", {"added": 1, "skipped": [], "more": {}}, "1 face added, 0 rows skipped."),
        ("import", {"added": 2, "skipped": [{}], "more": {"skipped": 4}}, "2 faces added, 5 rows skipped."),
        ("export", {"faces": 1, "to": "/x"}, "1 face is in /x."),
        ("export", {"faces": 1200, "to": "/x"}, "1,200 faces are in /x."),
        (
            "extract",
            {"faces": 3, "photos": 2, "unreadable": [{}], "without_face": ["a", "b"], "more": {"unreadable": 1}},
            "3 faces · 2 photos · 2 unreadable, 2 without a face.",
        ),
        ("train", {"run": 3}, ""),
        ("train", {}, ""),
    ],
)
def test_what_an_ended_job_did(kind, result, words):
    assert jobs.summary(kind, result) == words
