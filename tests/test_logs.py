"""The log of a process: its level, its form, and where it goes."""

import json
import logging

import pytest
from pydantic import ValidationError

from fercore import logs
from fercore.settings import Settings


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", ("info", "plain")),
        ("debug", ("debug", "plain")),
        ("JSON", ("info", "json")),
        ("warning,json", ("warning", "json")),
        (" plain  error ", ("error", "plain")),
    ],
)
def test_what_a_setting_names(setting, expected):
    assert logs.parsed(setting) == expected and Settings(log=setting).log == setting


@pytest.mark.parametrize("setting", ["loud", "info,xml", "1"])
def test_what_names_nothing_is_refused(setting):
    with pytest.raises(ValidationError, match="FERCORE_LOG has the word"):
        Settings(log=setting)


def log():
    logger = logging.getLogger("fercore.services.training.worker")
    logger.debug("a detail")
    logger.info("epoch %d", 3)
    logger.warning("에포크 %s", "odd")
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("It failed")


@pytest.mark.parametrize(
    ("setting", "lines"),
    [
        ("info", ["epoch 3", "warning: 에포크 odd", "error: It failed"]),
        ("debug", ["a detail", "epoch 3", "warning: 에포크 odd", "error: It failed"]),
        ("error", ["error: It failed"]),
    ],
)
def test_plain_lines(capsys, setting, lines):
    logs.configure(setting)
    log()
    written = capsys.readouterr()
    heads = [line for line in written.err.splitlines() if not line.startswith((" ", "Traceback", "ValueError"))]
    assert heads == lines and written.out == "" and "ValueError: broken" in written.err


def test_json_lines(capsys):
    logs.configure("json")
    log()
    documents = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(document["level"], document["message"]) for document in documents] == [
        ("info", "epoch 3"),
        ("warning", "에포크 odd"),
        ("error", "It failed"),
    ]
    assert {document["logger"] for document in documents} == {"fercore.services.training.worker"}
    assert "ValueError: broken" in documents[-1]["traceback"]


def test_a_second_time_writes_no_line_twice(capsys):
    logs.configure("info")
    logs.configure("info")
    logging.getLogger("fercore.x").info("once")
    assert capsys.readouterr().err == "once\n"
