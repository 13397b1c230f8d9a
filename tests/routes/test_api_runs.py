"""Runs, cards and the document of the API, and its sign of life."""

import json
import re

import pytest
from sqlalchemy.exc import OperationalError
from starlette.routing import Mount, Route

from fercore import __version__
from fercore.emotions import EMOTIONS
from fercore.errors import StoredDataError
from fercore.routes import mounted
from fercore.routes.api_document import described
from fercore.services.prediction import demo_model
from fercore.services.system import health
from fercore.services.training import run_details
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.cli.test_contents import exported as exported
from tests.routes.client import Client
from tests.routes.forms import ApiClient, error_of, files
from tests.routes.test_api_predict import FACE

RUNS, CARD, DOCUMENT = "/api/v1/runs", "/api/v1/runs/1/card", "/api/v1/openapi.json"


def trained(store, **values):
    run = run_service.create(store, TrainRequest("S", "VGG16", MODERN, "none"))
    with store.database.writing() as session:
        runs.set_values(session, run, **{"status": "done", "reported_epoch": 1, **values})
    return run


def test_finished_runs_are_listed_as_the_command_lists_them(exported):
    trained(exported, status="running", reported_epoch=None)
    trained(exported, status="failed")
    second = trained(exported)
    said = ApiClient(exported).get(RUNS).json()
    assert [(each["run"], each["default"]) for each in said] == [(second, True), (1, False)]
    printed = {view.run.id: run_details.as_json(view) for view in run_details.listed(exported)}
    for each in said:
        known = printed[each["run"]]
        assert {name: each[name] for name in each if name != "default"} == {
            name: known[name] for name in each if name in known
        }
        assert {"run", "status", "backbone", "recipe", "snapshot", "trained_on"} <= set(each)


def test_a_card_says_what_a_model_is_and_is_not_for(exported):
    card = ApiClient(exported).get(CARD).json()
    assert (card["run"], card["backbone"], card["trained_on"], card["tested_on"]) == (1, "VGG16", ["D"], [])
    assert card["labels"] == list(EMOTIONS) and "not for decisions about people" in card["about"]
    assert re.fullmatch("[0-9a-f]{64}", card["snapshot"]["hash"]) and "D" in card["licence"]


def test_programs_see_the_runs_that_visitors_are_shown(exported):
    second = trained(exported)
    demo_model.promote(exported, 1)
    client = ApiClient(exported)
    assert [(each["run"], each["default"]) for each in client.get(RUNS).json()] == [(1, True)]
    for hidden in (client.get(f"/api/v1/runs/{second}/card"), client.send(files(FACE), f"?run={second}")):
        assert hidden.status == 404 and error_of(hidden) == "not_found"
        assert f"There is no run '{second}'" in hidden.json()["error"]["message"]


@pytest.mark.parametrize("path", [RUNS, CARD])
def test_no_answer_names_a_place_on_this_machine(exported, tmp_path, path):
    with exported.database.writing() as session:
        runs.set_values(session, 1, weights=str(tmp_path / "secret" / "start.h5"))
        runs.note(session, 1, {"python": str(tmp_path)})
    said = ApiClient(exported).get(path).text
    assert str(tmp_path) not in said and "secret" not in said


@pytest.mark.parametrize(("status", "code"), [("running", 422), ("done", 422)])
def test_a_run_without_a_model_has_no_card(exported, status, code):
    run = trained(exported, status=status, reported_epoch=None)
    answer = ApiClient(exported).get(f"/api/v1/runs/{run}/card")
    assert (answer.status, error_of(answer)) == (code, "not_usable")


@pytest.mark.parametrize("needs_token", [False, True])
def test_the_document_is_one(needs_token):
    openapi = pytest.importorskip("openapi_spec_validator", reason="pip install -r requirements-dev.txt")
    openapi.validate(described(needs_token))
    assert bool(described(needs_token)["security"]) == needs_token


def references(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_the_document_describes_every_address_and_every_refusal(exported):
    document = ApiClient(exported).get(DOCUMENT).json()
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", __version__)
    routes = mounted("", lambda: exported)
    inner = next(route for route in routes if isinstance(route, Mount) and route.path == "/api/v1")
    served = {(route.path.replace("{number}", "{run}"), *route.methods - {"HEAD"}) for route in inner.routes}
    served |= {(route.path, *route.methods - {"HEAD"}) for route in routes if isinstance(route, Route)}
    written = {
        (path, method.upper()) for path, item in document["paths"].items() for method in item if method != "servers"
    }
    assert written == served
    schemas = document["components"]["schemas"]
    assert {name.removeprefix("#/components/schemas/") for name in references(document)} == set(schemas)
    operations = [item[method] for item in document["paths"].values() for method in item if method != "servers"]
    assert len({each["operationId"] for each in operations}) == len(operations)


def test_answers_are_as_the_document_says(exported):
    schema = pytest.importorskip("jsonschema", reason="pip install -r requirements-dev.txt")
    client = ApiClient(exported)
    document = client.get(DOCUMENT).json()

    def check(answer, path, method="get"):
        described_as = document["paths"][path][method]["responses"][str(answer.status)]
        wanted = described_as["content"]["application/json"]["schema"]
        schema.validate(answer.json(), {**wanted, "components": document["components"]})

    check(client.send(files(FACE, b"none")), "/predict", "post")
    check(client.send(files(FACE), "?run=9"), "/predict", "post")
    check(client.get(RUNS), "/runs")
    check(client.get(CARD), "/runs/{run}/card")
    check(client.get("/healthz"), "/healthz")


@pytest.mark.parametrize("base", ["", "faces", "/faces/app/"])
def test_all_addresses_lie_below_the_apps_own(exported, base):
    from starlette.applications import Starlette

    below = "".join(f"/{part}" for part in base.split("/") if part)
    client = Client(Starlette(routes=mounted(base, lambda: exported)))
    for path in (RUNS, CARD, DOCUMENT, "/healthz"):
        assert client.get(below + path).status == 200
        assert not below or client.get(path).status == 404


class Away:
    """A database that cannot be reached."""

    def reading(self):
        raise OperationalError("SELECT 1", {}, Exception("/srv/secret is away"))


def test_a_sign_of_life_asks_the_database(exported, monkeypatch):
    client = ApiClient(exported)
    answer = client.get("/healthz")
    assert (answer.status, answer.json()) == (200, {"status": "ok", "version": __version__})
    asked = []
    monkeypatch.setattr(health, "database_answers", lambda store: asked.append(store) or False)
    assert client.get("/healthz").status == 200 and not asked, "once a second is enough"
    fresh = ApiClient(exported)
    assert [fresh.get("/healthz").status for _ in range(3)] == [503] * 3 and len(asked) == 1


def test_a_database_that_is_away(exported):
    from fercore.store import Store

    client = ApiClient(Store(exported.settings, Away()))
    assert client.get("/healthz").status == 503
    answer = client.get(RUNS)
    assert (answer.status, error_of(answer)) == (503, "unavailable") and "secret" not in json.dumps(answer.json())


def test_an_installation_that_cannot_be_opened(exported):
    from fercore.routes.api_app import api_only

    def fail():
        raise StoredDataError("/srv/secret")

    client = Client(api_only(fail, "localhost"))
    assert client.get("/healthz").status == 503
    answer = client.get(RUNS)
    assert (answer.status, error_of(answer)) == (503, "unavailable") and "secret" not in answer.text
