"""Logging of a process: FERCORE_LOG names a level and a form, as in `debug` or `info,json`."""

import json
import logging
import sys
from typing import Any, Final

LEVELS: Final = ("debug", "info", "warning", "error")
FORMS: Final = ("plain", "json")


def parsed(setting: str) -> tuple[str, str]:
    """The level and the form that a setting names, `info` and `plain` where it names none; raises ValueError."""
    level, form = "info", "plain"
    for word in setting.lower().replace(",", " ").split():
        if word in LEVELS:
            level = word
        elif word in FORMS:
            form = word
        else:
            known = ", ".join((*LEVELS, *FORMS))
            raise ValueError(f"FERCORE_LOG has the word '{word}'; expected {known}")
    return level, form


def configure(setting: str) -> None:
    """Let fercore's own loggers write to stderr as the setting says; other packages' loggers stay as they are."""
    level, form = parsed(setting)
    handler = _Stderr()
    handler.setFormatter(_Json() if form == "json" else _Plain())
    logger = logging.getLogger("fercore")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False


class _Stderr(logging.StreamHandler[Any]):
    """Writes to the stderr of this moment, which tests and terminals exchange."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:  # looked up anew for each line
        return sys.stderr


class _Plain(logging.Formatter):
    """The message, with its level where it is more than information."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and a traceback where there is one."""
        text = super().format(record)
        return text if record.levelno <= logging.INFO else f"{record.levelname.lower()}: {text}"


class _Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        document = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            document["traceback"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)
