"""Tools for assistants: what each answers, what none does, and the server over them where its package is."""

import base64
import os
import sys

import anyio
import click
import pytest

from fercore.cli import assistant_tools
from fercore.cli.assistant_server import server
from fercore.cli.assistant_tools import READING, WRITING, ReadingTools, WritingTools
from fercore.errors import FercoreError, InputError, NotFoundError, UnreadableImageError
from fercore.settings import ROOT
from fercore.statuses import Status
from tests.cli.test_contents import exported as exported
from tests.cli.test_names import answer, document
from tests.routes.test_api_predict import FACE
from tests.routes.test_api_runs import trained
from tests.services.comparison.test_pair import prepared

PHOTO = base64.b64encode(FACE).decode()


@pytest.fixture
def tools(exported):
    return ReadingTools(exported)


def test_datasets_and_runs_are_those_of_the_command_line(tools, exported):
    assert tools.list_datasets() == {"datasets": document("datasets")}
    failed = trained(exported, status=Status.FAILED)
    assert [each["run"] for each in tools.list_runs()["runs"]] == [1]
    every = tools.list_runs(finished_only=False)["runs"]
    assert [(each["run"], each["status"]) for each in every] == [(failed, "failed"), (1, "done")]
    assert tools.run_card(1)["labels"][0] == "Angry"


def test_evaluations_and_comparisons_are_those_of_the_command_line(lite):
    _, (first, second, _), _ = prepared(lite)
    tools = ReadingTools(lite)
    assert tools.evaluations()["evaluations"] == document("compare")["rows"]
    assert [row["run"] for row in tools.evaluations(run=second)["evaluations"]] == [second]
    assert tools.evaluations(dataset="E") == {"evaluations": []}
    assert tools.compare(first, second, "D", "test") == document(
        "compare", first, second, "--dataset", "D", "--split", "test"
    )


@pytest.mark.parametrize("photo", [PHOTO, "\n".join(PHOTO[place : place + 76] for place in range(0, len(PHOTO), 76))])
def test_a_photo_is_read_from_its_bytes(tools, photo):
    read = tools.predict_photo(photo, "me.jpg")
    assert (read["run"], read["photo"], len(read["faces"])) == (1, "me.jpg", 1)


@pytest.mark.parametrize(
    ("photo", "run", "error", "words"),
    [
        pytest.param("/etc/passwd", None, InputError, "no address and no path is read", id="a path"),
        pytest.param("http://localhost/a.jpg", None, InputError, "no address and no path is read", id="an address"),
        pytest.param("aGVsbG8=", None, UnreadableImageError, "not a readable picture", id="a text"),
        pytest.param("", None, UnreadableImageError, "empty", id="nothing"),
        pytest.param("한글", None, InputError, "not base64", id="no ASCII"),
        pytest.param(PHOTO, 99, NotFoundError, "no run '99'", id="no such run"),
    ],
)
def test_what_is_not_a_photo_is_refused_in_a_sentence(tools, photo, run, error, words):
    with pytest.raises(error, match=words):
        tools.predict_photo(photo, run=run)


def test_too_big_a_photo_is_refused_before_it_is_decoded(tools, monkeypatch):
    monkeypatch.setattr(assistant_tools, "LARGEST_PHOTO", 2**20)
    with pytest.raises(InputError, match="bigger than 1 MB"):
        tools.predict_photo("A" * 1_500_000)


def test_without_a_model_no_photo_is_read(lite):
    with pytest.raises(InputError, match="no trained model yet"):
        ReadingTools(lite).predict_photo(PHOTO)


def test_a_training_is_queued_and_cancelled(exported, monkeypatch):
    monkeypatch.setattr("fercore.jobs.queue.advance", lambda store: None)
    tools = WritingTools(exported)
    started = tools.train("S", "MobileNetV2")
    assert started["status"] == "queued" and any(
        "validation" in each or "faces" in each for each in started["warnings"]
    )
    assert tools.cancel_run(started["run"]) == {"run": started["run"], "status": "cancelled"}
    with pytest.raises(FercoreError, match="neither imagenet nor none"):
        tools.train("S", "MobileNetV2", weights="/etc/passwd")


def test_without_its_package_one_sentence_says_so(lite, monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(click.UsageError, match="pip install 'mcp"):
        answer("mcp")


@pytest.fixture
def sdk():
    return pytest.importorskip("mcp", reason="pip install -r requirements-mcp.txt")


@pytest.mark.parametrize(("writes", "expected"), [(False, READING), (True, (*READING, *WRITING))])
def test_tools_that_change_something_are_offered_only_when_asked_for(sdk, exported, writes, expected):
    async def listed():
        async with sdk.Client(server(lambda: exported, writes)) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(listed)
    assert [tool.name for tool in tools] == list(expected)
    assert [tool.name for tool in tools if tool.annotations.read_only_hint] == list(READING)
    assert all(len(tool.description) > 40 for tool in tools)


def test_an_assistant_asks_over_standard_input_and_output(sdk, exported):
    async def asked():
        parameters = sdk.StdioServerParameters(
            command=sys.executable, args=["-m", "fercore", "mcp"], cwd=str(ROOT), env=dict(os.environ)
        )
        async with sdk.Client(sdk.stdio_client(parameters)) as client:
            runs = await client.call_tool("list_runs", {})
            photo = await client.call_tool("predict_photo", {"photo_base64": PHOTO})
            return runs, photo, await client.call_tool("run_card", {"run": 99})

    runs, photo, card = anyio.run(asked)
    assert [each["run"] for each in runs.structured_content["runs"]] == [1]
    assert len(photo.structured_content["faces"]) == 1
    assert card.is_error and "There is no run '99'." in card.content[0].text
