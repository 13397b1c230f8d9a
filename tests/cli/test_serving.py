"""`fercore serve --api-only` as a process of its own, asked by another program."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import click
import pytest

from fercore.settings import ROOT
from tests.cli.test_contents import exported as exported
from tests.cli.test_names import answer as printed
from tests.routes.forms import TYPE, files
from tests.routes.test_api_predict import FACE


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serving(port, **environment):
    command = [sys.executable, "-m", "fercore", "serve", "--api-only", "--host", "127.0.0.1", "--port", str(port)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)


def ask(port, method, path, body=None, **headers):
    for _ in range(400):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except ConnectionRefusedError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("nobody answers")


def test_the_api_runs_without_the_pages(exported, port):
    process = serving(port, FERCORE_API_TOKEN="word")
    try:
        assert ask(port, "GET", "/healthz")[0] == 200
        assert ask(port, "GET", "/api/v1/runs")[0] == 401
        with_token = {"Authorization": "Bearer word"}
        status, [photo] = ask(port, "POST", "/api/v1/predict", files(FACE), **{"Content-Type": TYPE, **with_token})
        assert (status, len(photo["faces"])) == (200, 1)
        assert ask(port, "GET", "/", **with_token) == (
            404,
            {"error": {"code": "not_found", "message": "There is no such address: see openapi.json."}},
        )
    finally:
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)[1]
    assert said.splitlines()[0] == (f"The API is at http://127.0.0.1:{port}/api/v1/ (Ctrl+C stops it)")


def test_a_port_that_is_taken_is_said_in_a_sentence(exported):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(click.UsageError) as refused:
            printed("serve", "--api-only", "--address", "127.0.0.1", "--port", port)
    assert refused.value.message == f"127.0.0.1:{port} cannot be listened on: Address already in use."
