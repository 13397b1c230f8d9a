"""The journal of a restore's file swap: how far it has come, in a file that outlives a killed process."""

import json
import sqlite3
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from fercore.errors import InUseError
from fercore.language import tr


class SwapPhase(StrEnum):
    """Stages of a restore's file swap; written into its journal."""

    STAGING = "staging"
    MOVING = "moving"
    UNDONE = "undone"
    KEPT = "kept"


Outcome = Literal[SwapPhase.UNDONE, SwapPhase.KEPT]


class Journal:
    """The journal of a restore, kept in a file that its process has locked; the lock ends with the process."""

    def __init__(self, file: Path, patience: float) -> None:
        """Open and lock it; raises InUseError while another process has it."""
        self.file = file
        # SQLite's locks and commits work on every system, and no process that is killed leaves them half done.
        self._connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
        try:
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("CREATE TABLE IF NOT EXISTS state (content TEXT)")
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise InUseError(tr("Another restore is running: wait until it has ended.")) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def read(self) -> dict[str, Any] | None:
        """The entry that was saved last."""
        row = self._connection.execute("SELECT content FROM state").fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep this in place of what was saved before."""
        self._connection.execute("BEGIN")
        self._connection.execute("DELETE FROM state")
        self._connection.execute("INSERT INTO state VALUES (?)", [json.dumps(state)])
        self._connection.execute("COMMIT")

    def remove(self) -> None:
        """Nothing is left to do."""
        self._connection.close()
        self.file.with_name(f"{self.file.name}-journal").unlink(missing_ok=True)  # SQLite's own
        self.file.unlink(missing_ok=True)
