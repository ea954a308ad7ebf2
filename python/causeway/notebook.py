"""How things show themselves: text in a terminal, plain escaped HTML with links in a notebook, light or dark."""

from __future__ import annotations

import datetime
import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, SupportsIndex, TypeVar, overload

# Colours are those of the notebook's own theme; only lines and faint text are mixed from them.
_FAINT = "opacity:.65"
_LINE = "border:1px solid rgba(128,128,128,.35)"
_BOX = f"{_LINE};border-radius:6px;padding:8px 12px;display:inline-block;max-width:100%;box-sizing:border-box;overflow-x:auto"
_CELL = "padding:2px 12px 2px 0;text-align:left;vertical-align:top;background:none;border:0"
_NUMBER = _CELL.replace("text-align:left", "text-align:right;font-variant-numeric:tabular-nums")
_HEAD = f"{_CELL};font-weight:600;border-bottom:1px solid rgba(128,128,128,.35)"
_MOST_ROWS = 50
#: Columns of a list that are shown; ``frame()`` has them all.
_MOST_COLUMNS = 14
#: Characters of a cell of a table.
_LONGEST_CELL = 48
#: A table of a summary that is longer opens by a click.
_OPEN_ROWS = 10


@dataclass(frozen=True)
class Link:
    """Text that leads to a page."""

    text: str
    url: str


@dataclass(frozen=True)
class Summary:
    """What is told of one thing: its name with its page, facts in order, and one table."""

    kind: str
    name: Link
    facts: Sequence[tuple[str, Any]]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()


class Shown(Protocol):
    """A thing that can stand as a line of a list."""

    def _row(self) -> dict[str, Any]: ...


Item = TypeVar("Item", bound=Shown)


class Listing(list[Item]):
    """A list that shows itself as a table; ``frame()`` is the same as a pandas DataFrame."""

    def frame(self) -> Any:
        """A row for each item: shape (items, facts); links become their text. Needs pandas."""
        from causeway.tables import pandas

        return pandas("frame()").DataFrame(
            [{name: one.text if isinstance(one, Link) else one for name, one in item._row().items()} for item in self]
        )

    @overload
    def __getitem__(self, index: SupportsIndex) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Listing[Item]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Item | Listing[Item]:
        if isinstance(index, slice):
            return Listing(super().__getitem__(index))
        return super().__getitem__(index)

    def __repr__(self) -> str:
        rows = [item._row() for item in self[:_MOST_ROWS]]
        if not rows:
            return "nothing"
        head = _names(rows)
        lines = text_table(head[:_MOST_COLUMNS], [[row.get(name) for name in head[:_MOST_COLUMNS]] for row in rows])
        return "\n".join(lines + _more(len(self), len(rows)) + _unseen(head))

    def _repr_html_(self) -> str:
        rows = [item._row() for item in self[:_MOST_ROWS]]
        if not rows:
            return f'<div style="{_FAINT}">nothing</div>'
        head = _names(rows)
        more = _faint(_more(len(self), len(rows)) + _unseen(head))
        table = _table(head[:_MOST_COLUMNS], [[row.get(name) for name in head[:_MOST_COLUMNS]] for row in rows])
        return f'<div style="{_BOX}">{table}{more}</div>'


def as_text(summary: Summary) -> str:
    """The summary for a terminal."""
    lines = [f"{summary.kind} {summary.name.text}"]
    width = max((len(label) for label, _ in summary.facts), default=0)
    lines += [f"  {label.ljust(width)}  {_text(value)}" for label, value in summary.facts if value is not None]
    lines.append(f"  {'page'.ljust(width)}  {summary.name.url}")
    if summary.rows:
        shown = summary.rows[:_MOST_ROWS]
        lines += ["", *(f"  {line}" for line in text_table(summary.head, shown))]
        lines += [f"  {line}" for line in _more(len(summary.rows), len(shown))]
    return "\n".join(lines)


def as_html(summary: Summary) -> str:
    """The summary for a notebook."""
    facts = "".join(
        f'<tr style="background:none"><td style="{_CELL};{_FAINT}">{html.escape(label)}</td>'
        f'<td style="{_CELL}">{_html(value)}</td></tr>'
        for label, value in summary.facts
        if value is not None
    )
    shown = summary.rows[:_MOST_ROWS]
    table = _table(summary.head, shown) + _faint(_more(len(summary.rows), len(shown))) if shown else ""
    if len(shown) > _OPEN_ROWS:
        label = html.escape(f"{len(summary.rows):,} lines: {', '.join(summary.head)}")
        table = f'<details><summary style="{_FAINT};cursor:pointer">{label}</summary>{table}</details>'
    return (
        f'<div style="{_BOX}"><div><span style="{_FAINT}">{html.escape(summary.kind)}</span> '
        f"<b>{_html(summary.name)}</b></div>"
        f'<table style="border-collapse:collapse;border:0;margin-top:4px">{facts}</table>'
        f'<div style="margin-top:6px">{table}</div></div>'
    )


def text_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Lines of a table with columns of equal width."""
    cells = [list(head), *([_text(_cut(value)) for value in row] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    right = [any(_is_number(row[at]) for row in rows) for at in range(len(head))]
    return [
        "  ".join(one.rjust(width) if is_right else one.ljust(width) for one, width, is_right in zip(row, widths, right))
        .rstrip()
        for row in cells
    ]


def bytes_text(size: int) -> str:
    """``1.4 MB``: decimal units, as disks are sold."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def cut(text: str) -> str:
    """The text on one line, no longer than a cell."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


def short(digest: str) -> str:
    """The first six digits, which name a digest."""
    return digest[:6]


def _names(rows: Iterable[dict[str, Any]]) -> list[str]:
    # Rows differ in what they have: what was measured stands before what was set.
    found = dict.fromkeys(name for row in rows for name in row)
    return sorted(found, key=lambda name: name.startswith("params."))


def _more(total: int, shown: int) -> list[str]:
    return [f"and {total - shown:,} more"] if total > shown else []


def _unseen(head: Sequence[str]) -> list[str]:
    more = len(head) - _MOST_COLUMNS
    return [f"and {more} more columns: frame() has them"] if more > 0 else []


def _faint(lines: Sequence[str]) -> str:
    return "".join(f'<div style="{_FAINT}">{html.escape(line)}</div>' for line in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    right = [any(_is_number(row[at]) for row in rows) for at in range(len(head))]
    top = "".join(
        f'<th style="{_HEAD}{";text-align:right" if is_right else ""}">{html.escape(name)}</th>'
        for name, is_right in zip(head, right)
    )
    body = "".join(
        '<tr style="background:none">'
        + "".join(
            f'<td style="{_NUMBER if is_right else _CELL};white-space:nowrap">{_html(_cut(value))}</td>'
            for value, is_right in zip(row, right)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table style="border-collapse:collapse;border:0"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _cut(value: Any) -> Any:
    if isinstance(value, Link):
        return Link(cut(value.text), value.url)
    return cut(value) if isinstance(value, str) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Link):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if math.isfinite(value) and value == int(value) and abs(value) >= 1e4 else f"{value:.6g}"
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    return str(value)


def _html(value: Any) -> str:
    if isinstance(value, Link):
        # Only addresses of ours are linked, yet a name is a stranger's text.
        url = html.escape(value.url, quote=True)
        return f'<a href="{url}" target="_blank" rel="noopener">{html.escape(value.text)}</a>'
    return html.escape(_text(value))
