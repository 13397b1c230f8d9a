"""A recipe's knobs as widgets, and what is shown and accepted before a training."""

from types import SimpleNamespace
from typing import Literal

import pytest
from pydantic import Field

from fercore.services.training.preflight import Caution
from fercore.statuses import ACTIVE
from fercore.training.recipes.recipe import MODERN
from fercore.ui.training import preflight, recipe_form


def field(annotation, description=None):
    result = Field(description=description)
    result.annotation = annotation
    return result


@pytest.mark.parametrize(
    ("annotation", "value", "kind", "shown", "answer", "read"),
    [
        pytest.param(bool, True, "toggle", True, False, False, id="a switch"),
        pytest.param(int, 7, "text_input", "7", " 9 ", 9, id="a number"),
        pytest.param(float | None, None, "text_input", "–", "", None, id="nothing"),
        pytest.param(float, 0.0, "text_input", "0.0", "1e-5", 1e-5, id="zero is a number"),
        pytest.param(Literal["fit"] | float | None, "fit", "text_input", "fit", "0.9", 0.9, id="a word or a number"),
        pytest.param(Literal["adam", "sgd"], "sgd", "selectbox", 1, "adam", "adam", id="a choice"),
        pytest.param(Literal["a", "b"] | None, "a", "selectbox", 1, None, None, id="a choice that may be empty"),
        pytest.param(Literal["a", "b"] | None, None, "selectbox", 0, "b", "b", id="an empty choice"),
    ],
)
def test_a_knob(stage, annotation, value, kind, shown, answer, read):
    drawn = stage(warm_up=answer)
    assert recipe_form._widget("warm_up", field(annotation, "of it"), value, "key/warm_up") == read
    [(given, named)] = drawn.of(kind)
    assert (given[0], given[-1], named["key"]) == ("warm up", shown, "key/warm_up")
    assert named["help"].startswith("of it")
    if kind == "selectbox":
        assert list(given[1]) == [None, "a", "b"] or list(given[1]) == ["adam", "sgd"]
        assert [named["format_func"](item) for item in (None, "a")] == ["–", "a"]


def test_a_knob_that_is_not_described_has_no_help(stage):
    drawn = stage()
    recipe_form._widget("epochs", field(int), 3, "k")
    assert drawn.of("text_input")[0][1]["help"] is None


@pytest.mark.parametrize("pressed", [False, True])
def test_a_form_gives_back_what_it_shows_once_it_is_saved(stage, pressed):
    drawn = stage(Name=" mine ", Save=pressed, epochs="7", zoom="0.25")
    result = recipe_form.form(MODERN, "my modern")
    warped = MODERN.augmentation.model_copy(update={"zoom": 0.25})
    changed = MODERN.model_copy(update={"name": "mine", "epochs": 7, "augmentation": warped})
    assert result == (changed if pressed else None)
    labels = drawn.said("text_input", "toggle", "selectbox")
    knobs = [name for name in type(MODERN).model_fields if name not in ("name", "augmentation")]
    names = [name.replace("_", " ") for name in (*knobs, *type(warped).model_fields)]
    assert labels == ["Name", *names] and drawn.said("markdown") == ["**augmentation**"]
    rows = -(-len(knobs) // 3) + -(-len(type(warped).model_fields) // 3)
    assert len(drawn.of("columns")) == rows


CAUTIONS = [Caution("few faces", "few *faces*"), Caution("no votes", "no votes")]


@pytest.mark.parametrize(
    ("cautions", "ticked", "may_start"), [([], False, True), (CAUTIONS, False, False), (CAUTIONS, True, True)]
)
def test_warnings_are_accepted_before_a_training(stage, cautions, ticked, may_start):
    drawn = stage(**{"I understand the warnings; start training.": ticked})
    assert preflight.accepted(cautions, "S") == may_start
    assert drawn.said("warning") == [r"few \*faces\*", "no votes"][: len(cautions)]
    keys = [named["key"] for _, named in drawn.of("checkbox")]
    assert [key.startswith("accept-S-") for key in keys] == [True] * bool(cautions)


def measured(status, error=""):
    return SimpleNamespace(job=3, status=status, error=error, is_active=status in ACTIVE)


@pytest.mark.parametrize(
    ("job", "pressed", "drawn_kinds", "started"),
    [
        pytest.param(None, False, ["button"], 0, id="nothing measured"),
        pytest.param(None, True, ["button", "rerun"], 1, id="asked for"),
        pytest.param(measured("running"), True, [], 0, id="under way"),
        pytest.param(measured("queued"), True, [], 0, id="it waits"),
        pytest.param(measured("done"), False, ["button"], 0, id="done"),
        pytest.param(measured("failed", "a*"), False, ["button", "caption"], 0, id="failed"),
        pytest.param(measured("failed"), True, ["button", "rerun", "caption"], 1, id="tried again"),
    ],
)
def test_steps_are_measured_on_demand(stage, monkeypatch, job, pressed, drawn_kinds, started):
    drawn, calls, polled = stage(Measure=pressed), [], []
    monkeypatch.setattr(preflight, "store", lambda: None)
    monkeypatch.setattr(preflight.step_measurement, "latest", lambda store, request: job)
    monkeypatch.setattr(preflight.step_measurement, "start", lambda store, request: calls.append(request))
    monkeypatch.setattr(preflight, "live", lambda part, *given, seconds: polled.append((given, seconds)))
    preflight._measure("request")
    assert [kind for kind, *_ in drawn.drawn] == drawn_kinds and calls == ["request"] * started
    assert polled == ([((3,), 1.0)] if drawn_kinds == [] else [])
    assert drawn.said("caption") in ([], [r"a\*"], [""])


@pytest.mark.parametrize(("status", "again"), [("queued", 0), ("running", 0), ("done", 1), ("failed", 1)])
def test_a_measurement_is_waited_for(stage, monkeypatch, status, again):
    drawn = stage()
    monkeypatch.setattr(preflight, "store", lambda: None)
    monkeypatch.setattr(preflight.queue, "get", lambda store, number: measured(status))
    preflight._wait_for(3)
    assert len(drawn.of("rerun")) == again


@pytest.mark.parametrize("cautions", [[], CAUTIONS])
def test_the_forecast_of_a_training(stage, monkeypatch, cautions):
    drawn = stage()
    result = SimpleNamespace(counts={}, seconds=None, time=None, cautions=cautions)
    monkeypatch.setattr(preflight, "store", lambda: None)
    monkeypatch.setattr(preflight.preflight, "forecast", lambda store, request: result)
    monkeypatch.setattr(preflight, "_measure", lambda request: None)
    request = SimpleNamespace(snapshot="S", backbone="VGG16", recipe=SimpleNamespace(name="modern"))
    assert preflight.panel(request) == (not cautions)
    assert drawn.said("markdown")[0].startswith("**Training plan** · no similar training here")
    keys = [named["key"] for _, named in drawn.of("checkbox")]
    assert all(key.startswith("accept-S-VGG16-modern-") for key in keys)
