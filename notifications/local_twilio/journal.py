"""What a restarted demo remembers: one JSON object per line, the last line about a thing wins."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from notifications.local_twilio.notice import notice


class Journal:
    """An append-only file that only its owner may read; without a path it keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def read(self) -> list[dict[str, Any]]:
        """All whole lines; a line torn by a sudden end is left out."""
        if self._path is None or not self._path.exists():
            return []
        lines = []
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                lines.append(entry)
        return lines

    def rewrite(self, entries: Iterable[dict[str, Any]]) -> None:
        """Replace the file by these entries, whole or not at all, and go on from there."""
        if self._path is None:
            return
        self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(entry) + "\n" for entry in entries)
        fresh.replace(self._path)
        self._file = self._path.open("a", encoding="utf-8")

    def add(self, entry: dict[str, Any]) -> None:
        """Append one entry. A full disk ends the journal, not the texts: they stay in memory."""
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
        except OSError as error:
            notice(f"keeps no journal any more: {error.strerror}")
            self._file = None

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
