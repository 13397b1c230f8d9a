"""The log of a running app."""

import re
from pathlib import Path


class LogReader:
    """What a server's log says of faults since the last look."""

    def __init__(self, file: Path) -> None:
        self._file, self._read = file, 0

    def faults(self) -> list[str]:
        """The new lines from the first traceback on."""
        text = self._file.read_text("utf-8", "replace") if self._file.exists() else ""
        new, self._read = text[self._read :], len(text)
        new = "\n".join(line for line in new.splitlines() if "cuInit" not in line)  # TensorFlow without a GPU
        match = re.search(r"Traceback|Uncaught|ERROR|Exception", new)
        return [f"server: {new[match.start() : match.start() + 2000]}"] if match else []
