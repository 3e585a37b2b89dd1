"""The list of messages under the picture of an import: level by level, then those without place."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch

from buildings.import_report import ImportMessage, ImportReport, Severity, counted
from buildings.picture_labels import text_width_pt
from buildings.picture_style import FONT, INK, SOFT_INK, VERMILLION
from buildings.plan import Plan

TEXT_PT: Final = 6.2
_PITCH_PT: Final = 8.2
_ENTRY_GAP_PT: Final = 2.4
_HEADING_PT: Final = 15.0
_TOP_PT: Final = 40.0
_FOOT_PT: Final = 22.0
_MARGIN_PT: Final = 26.0
_COLUMN_PT: Final = 330.0
_GUTTER_PT: Final = 18.0
_NUMBER_PT: Final = 20.0
_LINES: Final = 2
_SPACE_PT: Final = 0.318 * TEXT_PT


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """How the ring and the number of one severity look."""

    ring: str
    width_pt: float
    dashes: tuple[float, ...]
    badge: str
    edge: str
    ink: str


STYLES: Final[dict[Severity, MarkStyle]] = {
    "error": MarkStyle(VERMILLION, 2.2, (), INK, INK, "white"),
    "warning": MarkStyle(VERMILLION, 1.1, (), "white", INK, INK),
    "note": MarkStyle(SOFT_INK, 0.9, (2.2, 1.4), "white", SOFT_INK, SOFT_INK),
}
"""They differ by weight and dash as well as by colour, so a grey copy says the same."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the list: its number in the report, how grave it is, and what is written."""

    number: int
    severity: Severity
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The messages of one level, or those without a place."""

    title: str
    entries: tuple[Entry, ...]


def grouped(plan: Plan, report: ImportReport) -> tuple[Group, ...]:
    """Return the messages of a report level by level, then those that speak of no place.

    A message with places on several levels is written out on the first and referred to on the
    others.
    """
    groups = []
    written: dict[int, str] = {}
    for level in plan.levels:
        entries = []
        for number, message in enumerate(report.messages, 1):
            if not any(place.level == level.id for place in message.places):
                continue
            words = f"see {written[number]}" if number in written else _words(message)
            written.setdefault(number, level.name)
            entries.append(Entry(number, message.severity, words))
        if entries:
            groups.append(Group(level.name, tuple(entries)))
    rest = tuple(
        Entry(number, message.severity, _words(message))
        for number, message in enumerate(report.messages, 1)
        if not message.places
    )
    if rest:
        groups.append(Group("Without a place on the plan", rest))
    return tuple(groups)


def _words(message: ImportMessage) -> str:
    return f"{message.code}: {message.text}"


def list_height_pt(groups: Sequence[Group], width_pt: float) -> float:
    """Return the height that the list takes on a sheet of some width, in points."""
    columns, column_pt = _columns(width_pt)
    return (
        _TOP_PT + _FOOT_PT + max(map(_column_height, _set(groups, columns, column_pt)), default=0)
    )


def draw_list(
    ax: Axes, groups: Sequence[Group], report: ImportReport, width_pt: float, height_pt: float
) -> None:
    """Write the list on an Axes whose limits are its size in points."""
    top = height_pt - 4.0
    ax.add_line(Line2D([_MARGIN_PT, width_pt - _MARGIN_PT], [top, top], color=INK, linewidth=0.8))
    counts = [
        counted(sum(m.severity == severity for m in report.messages), severity)
        for severity in STYLES
    ]
    title = f"What the import says: {', '.join(counts)} (numbers as in import_report.json)"
    _write(ax, _MARGIN_PT, top - 11.0, title, size_pt=8.0, bold=True)
    _draw_key(ax, top - 25.0)
    columns, column_pt = _columns(width_pt)
    for k, rows in enumerate(_set(groups, columns, column_pt)):
        x, y = _MARGIN_PT + k * (column_pt + _GUTTER_PT), height_pt - _TOP_PT
        for row in rows:
            if isinstance(row, str):
                _write(ax, x, y - _HEADING_PT + 4.5, row, size_pt=7.0, bold=True)
                y -= _HEADING_PT
                continue
            entry, lines = row
            _draw_number(ax, x, y - _PITCH_PT / 2, entry)
            for line in lines:
                gid = f"message:{entry.number}" if line is lines[0] else None
                _write(ax, x + _NUMBER_PT, y - _PITCH_PT / 2, line, gid=gid)
                y -= _PITCH_PT
            y -= _ENTRY_GAP_PT


_Row = str | tuple[Entry, tuple[str, ...]]


def _columns(width_pt: float) -> tuple[int, float]:
    """Return how many columns a sheet has, and their width."""
    inner = width_pt - 2 * _MARGIN_PT
    columns = max(1, int((inner + _GUTTER_PT) // (_COLUMN_PT + _GUTTER_PT)))
    return columns, (inner - _GUTTER_PT * (columns - 1)) / columns


def _set(groups: Sequence[Group], columns: int, column_pt: float) -> list[list[_Row]]:
    """Set the list in columns of about equal height, reading down; a heading stays with a line."""
    rows: list[_Row] = []
    for group in groups:
        rows.append(group.title)
        rows += [(e, _wrapped(e.words, column_pt - _NUMBER_PT)) for e in group.entries]
    aim = _column_height(rows) / columns
    found: list[list[_Row]] = [[]]
    for place, row in enumerate(rows):
        after = rows[place + 1] if isinstance(row, str) and place + 1 < len(rows) else None
        needed = _row_height(row) + (_row_height(after) if after is not None else 0.0)
        full = _column_height(found[-1]) + needed > aim + 1.5 * _PITCH_PT
        if full and found[-1] and len(found) < columns:
            found.append([])
        found[-1].append(row)
    return found


def _column_height(rows: Sequence[_Row]) -> float:
    return sum(map(_row_height, rows))


def _row_height(row: _Row) -> float:
    return _HEADING_PT if isinstance(row, str) else len(row[1]) * _PITCH_PT + _ENTRY_GAP_PT


def _wrapped(words: str, width_pt: float) -> tuple[str, ...]:
    """Break words into at most two lines of a width; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    left = words.split()
    while left:
        count = _fitting(left, width_pt)
        if len(lines) + 1 == _LINES and count < len(left):
            count = max(1, _fitting(left, width_pt - _SPACE_PT - TEXT_PT))
            return (*lines, _clipped(" ".join(left[:count]), width_pt) + " …")
        lines.append(_clipped(" ".join(left[:count]), width_pt))
        left = left[count:]
    return tuple(lines) or ("",)


def _fitting(words: Sequence[str], width_pt: float) -> int:
    """Return how many words fit on a line, at least one."""
    used, count = 0.0, 0
    for word in words:
        used += _word_pt(word) + (_SPACE_PT if count else 0.0)
        if used > width_pt and count:
            break
        count += 1
    return count


def _clipped(line: str, width_pt: float) -> str:
    """Return a line, a single long word in it cut off where the column ends."""
    while " " not in line and len(line) > 1 and _word_pt(line) > width_pt:
        line = line[: math.floor(len(line) * 0.9)]
    return line


@functools.lru_cache(maxsize=65536)
def _letter_pt(letter: str) -> float:
    return text_width_pt(letter + "|", TEXT_PT) - text_width_pt("|", TEXT_PT)


def _word_pt(word: str) -> float:
    """Return the width of a word as the sum of its letters, which is quick and nearly right."""
    return sum(map(_letter_pt, word))


def _write(
    ax: Axes,
    x: float,
    y: float,
    words: str,
    *,
    size_pt: float = TEXT_PT,
    bold: bool = False,
    color: str = INK,
    ha: str = "left",
    gid: str | None = None,
) -> None:
    text = ax.text(
        x, y, words, fontsize=size_pt, fontfamily=FONT, fontweight="bold" if bold else "normal",
        color=color, ha=ha, va="center_baseline", parse_math=False,
    )  # fmt: skip
    text.set_gid(gid)


def _draw_number(ax: Axes, x: float, y: float, entry: Entry) -> None:
    """Draw the number of a message the way it stands beside its ring."""
    style = STYLES[entry.severity]
    ax.add_patch(
        FancyBboxPatch(
            (x, y - 3.6), _NUMBER_PT - 4.0, 7.2, boxstyle="round,pad=0,rounding_size=2",
            facecolor=style.badge, edgecolor=style.edge, linewidth=0.6,
        )
    )  # fmt: skip
    middle = x + (_NUMBER_PT - 4.0) / 2
    _write(ax, middle, y, str(entry.number), size_pt=5.4, bold=True, color=style.ink, ha="center")


def _draw_key(ax: Axes, y: float) -> None:
    """Draw what the rings mean, under the heading."""
    x = _MARGIN_PT
    for name, style in STYLES.items():
        ax.add_patch(
            Circle(
                (x + 6.0, y), 4.6, fill=False, edgecolor=style.ring, linewidth=style.width_pt,
                linestyle=(0.0, style.dashes) if style.dashes else "solid",
            )
        )  # fmt: skip
        _write(ax, x + 14.0, y, name, color=SOFT_INK)
        x += 28.0 + text_width_pt(name, TEXT_PT)
    _write(ax, x, y, "an arrow at a ring: it lies beyond the drawing", color=SOFT_INK)
