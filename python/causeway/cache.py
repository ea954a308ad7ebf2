"""Files that were downloaded, by the sha256 of their bytes: a plain folder that may be removed at any time."""

from __future__ import annotations

import hashlib
import os
import pathlib
from collections.abc import Callable, Mapping


def default_cache(variables: Mapping[str, str]) -> pathlib.Path:
    """``$XDG_CACHE_HOME/causeway``, else ``~/.cache/causeway``."""
    home = variables.get("XDG_CACHE_HOME")
    return pathlib.Path(home) / "causeway" if home else pathlib.Path.home() / ".cache" / "causeway"


class Cache:
    """A folder of files named by their digest; several programs may share it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def file(self, digest: str, suffix: str, fetch: Callable[[pathlib.Path], None]) -> pathlib.Path:
        """The file of a digest: as it is kept where its bytes are still right, else as ``fetch`` writes it."""
        path = self.folder / "sha256" / digest[:2] / f"{digest}{suffix}"
        if not (path.is_file() and _digest(path) == digest):
            fetch(path)
        return path

    def bytes(self) -> int:
        """How much is kept."""
        return sum(path.stat().st_size for path in self._files())

    def clear(self) -> None:
        """Removes what is kept."""
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[pathlib.Path]:
        return [
            pathlib.Path(folder) / name for folder, _, names in os.walk(self.folder / "sha256") for name in names
        ]


def _digest(path: pathlib.Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            hashed.update(chunk)
    return hashed.hexdigest()
