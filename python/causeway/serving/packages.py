"""Says whether this interpreter has every package that the requirements on its standard input ask for.

Ends with 0 and its own version, or with 1 and what is missing, as the last line. `python -m causeway.serving.packages`.
"""

from __future__ import annotations

import platform
import re
import sys
from importlib import metadata
from typing import List, Optional

_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")
_EXACT = re.compile(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?\s*==\s*([^\s;,*]+)\s*$")


def main() -> None:
    missing = [text for text in (_lack(line.strip()) for line in sys.stdin) if text is not None]
    if missing:
        print("; ".join(missing))
        sys.exit(1)
    print(platform.python_version())


def _lack(line: str) -> Optional[str]:
    # A limit holds for what is there, and asks for nothing itself.
    limits = line.startswith("-c ")
    line = line[3:] if limits else line
    if line == "" or line.startswith("#") or not _applies(line):
        return None
    requirement = line.split(";")[0].strip()
    name = _NAME.match(requirement)
    if name is None or "://" in requirement or requirement.startswith((".", "-")):
        return f"{line} is no package with a version"
    try:
        version = metadata.version(name.group(1))
    except metadata.PackageNotFoundError:
        return None if limits else f"it has no {name.group(1)}"
    wanted = _EXACT.match(requirement)
    if wanted is not None:
        return None if version == wanted.group(1) else f"it has {name.group(1)} {version}, not {wanted.group(1)}"
    return None if _fits(requirement, version) else f"it has {name.group(1)} {version}, not {requirement}"


def _applies(line: str) -> bool:
    """False for a line that is meant for another system or Python, by the marker behind its semicolon."""
    if ";" not in line:
        return True
    try:
        from packaging.markers import InvalidMarker, Marker
    except ImportError:
        return True
    try:
        return bool(Marker(line.split(";", 1)[1].strip()).evaluate())
    except InvalidMarker:
        return True


def _fits(requirement: str, version: str) -> bool:
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return re.fullmatch(r"[A-Za-z0-9._-]+(\[[^\]]*\])?", requirement) is not None
    parsed = Requirement(requirement)
    return bool(parsed.specifier.contains(version, prereleases=True))


if __name__ == "__main__":
    main()
