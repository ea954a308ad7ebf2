"""What a run is made from, as far as this machine and folder tell: Git's state, packages, machine. Reads only."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Any

#: New files that are larger are data rather than code; the difference names them and leaves them out.
_LARGEST_NEW_FILE_BYTES = 1024 * 1024
#: The id that Git gives an empty tree: what a repository without a commit differs from.
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_GIT_SECONDS = 30


@dataclass(frozen=True)
class Captured:
    """A part of a run's record, and the texts that belong beside it as files of the run."""

    record: dict[str, Any]
    #: What is not committed, as a patch; None where nothing is, or where there is no repository.
    changes: str | None
    #: Installed packages, ``name==version`` a line.
    packages: str


def capture(folder: str | os.PathLike[str] = ".") -> Captured:
    """Looks at the Git work tree that holds a folder, the installed packages and the machine."""
    packages = _packages()
    code, changes = _code(pathlib.Path(folder))
    record: dict[str, Any] = {
        "runtime": f"python {platform.python_version()}",
        "lock": {"kind": "pip", "digest": hashlib.sha256(packages.encode()).hexdigest()},
        "hardware": _hardware(),
    }
    if code is not None:
        record["code"] = code
    return Captured(record, changes, packages)


def _packages() -> str:
    found = {
        f"{name}=={one.version}"
        for one in importlib.metadata.distributions()
        # A distribution whose metadata is damaged has no name.
        if (name := one.metadata["Name"]) is not None
    }
    return "".join(f"{line}\n" for line in sorted(found, key=str.lower))


def _hardware() -> dict[str, Any]:
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        memory = 0
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "memoryBytes": memory,
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "machine": platform.node(),
        "gpus": _gpus(),
    }


def _cpu() -> str:
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1).strip() if found else platform.processor() or "unknown"


def _gpus() -> list[str]:
    try:
        done = subprocess.run(
            ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [line for line in done.stdout.splitlines() if line.strip()]


def _code(folder: pathlib.Path) -> tuple[dict[str, Any] | None, str | None]:
    root = _git(folder, ["rev-parse", "--show-toplevel"])
    if root is None:
        return None, None
    at = pathlib.Path(root)
    commit = _git(at, ["rev-parse", "--verify", "--quiet", "HEAD"])
    remote = _git(at, ["config", "--get", "remote.origin.url"])
    state = {
        "commit": commit,
        "branch": _git(at, ["symbolic-ref", "--short", "--quiet", "HEAD"]),
        # The user and token that may stand in an address are nobody's business.
        "repository": None if remote is None else re.sub(r"^([a-z][a-z0-9+.-]*://)[^/@]*@", r"\1", remote, flags=re.I),
        "diff": None,
        "digest": None,
    }
    return state, _changes(at, commit or _EMPTY_TREE)


def _changes(root: pathlib.Path, commit: str) -> str | None:
    """Everything that differs from a commit, new files too, worked out beside the user's index and objects."""
    objects = _git(root, ["rev-parse", "--git-path", "objects"])
    if objects is None:
        return None
    with tempfile.TemporaryDirectory(prefix="causeway-diff-") as scratch:
        own = pathlib.Path(scratch) / "objects"
        own.mkdir()
        variables = {
            "GIT_INDEX_FILE": str(pathlib.Path(scratch) / "index"),
            "GIT_OBJECT_DIRECTORY": str(own),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str((root / objects).resolve()),
        }
        listed = _git(root, ["ls-files", "--others", "--exclude-standard", "-z"]) or ""
        sizes = {path: (root / path).lstat().st_size for path in listed.split("\0") if path and os.path.lexists(root / path)}
        small = [path for path, size in sizes.items() if size <= _LARGEST_NEW_FILE_BYTES]
        _git(root, ["read-tree", commit], variables)
        _git(root, ["add", "--update"], variables)
        if small:
            _git(root, ["add", "--", *small], variables)
        changed = _git(root, ["diff", "--cached", "--binary", "--no-color", "--no-ext-diff", commit], variables)
    left = "".join(
        f"# left out: {path} ({size} bytes)\n" for path, size in sizes.items() if size > _LARGEST_NEW_FILE_BYTES
    )
    text = left + ("" if changed is None else f"{changed}\n")
    return text or None


def _git(folder: pathlib.Path, arguments: list[str], variables: dict[str, str] | None = None) -> str | None:
    """What Git prints, or None where it fails or prints nothing."""
    # Inside a hook Git's own variables name another index or folder than the one that is looked at.
    surroundings = {
        name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
    }
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            env={**surroundings, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", **(variables or {})},
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace").removesuffix("\n") or None
