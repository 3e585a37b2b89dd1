"""Read a drill folder: conditions, observers and observations, with every fault listed at once."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from buildings import FilePart, Plan, YamlFile, check_file, did_you_mean, read_text, read_yaml
from debrief.drill_file import (
    NAME_COLUMNS,
    NEEDS_PLACE,
    AliasRow,
    DrillFile,
    ObservationRow,
    ObserverRow,
)
from debrief.drill_log import (
    BUILDING,
    COMPARED_EVENTS,
    DrillLog,
    DrillLogError,
    Observation,
    Observer,
    Place,
)
from debrief.places import PlaceBook

Row = TypeVar("Row", bound=FilePart)

MAX_ROWS = 100_000


def load_drill(folder: str | Path, plan: Plan) -> DrillLog:
    """Read a drill folder against the plan of its building.

    Parameters
    ----------
    folder : str or Path
        A folder with ``drill.yaml`` and ``observations.csv``; ``observers.csv`` and
        ``aliases.csv`` are read where they exist.
    plan : Plan
        The building; places of the log have to be in it.

    Returns
    -------
    DrillLog

    Raises
    ------
    DrillLogError
        Naming every fault by file, row and column.
    InputError
        If a file cannot be read at all.
    """
    return _Reading(Path(folder), plan).log()


def drill_conditions(folder: str | Path) -> DrillFile:
    """Read only ``drill.yaml``: to learn which building and scenario a drill belongs to.

    Raises
    ------
    DrillLogError
        If it has faults.
    """
    reading = _Reading(Path(folder), None)
    conditions = reading.conditions()
    if conditions is None:
        raise DrillLogError(tuple(reading.faults))
    return conditions


@dataclass(slots=True)
class _Reading:
    folder: Path
    plan: Plan | None
    faults: list[str] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)

    def conditions(self) -> DrillFile | None:
        if not self.folder.is_dir():
            raise DrillLogError((f"{self.folder}: no such folder, expected a drill folder",))
        path = self.folder / "drill.yaml"
        said, faults = check_file(read_yaml(path, kind="drill"), DrillFile)
        self.faults += faults
        self.sha256[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return said

    def log(self) -> DrillLog:
        if self.plan is None:
            raise ValueError("a drill log is read against a plan")
        said = self.conditions()
        aliases = self._aliases()
        book = PlaceBook.of(self.plan, aliases)
        for word, target in aliases.items():
            if book.find(target) is None:
                self.faults.append(
                    f"{self.folder / 'aliases.csv'}: {word}: place_id {target!r} is not in the "
                    f"plan{book.hint(target)}"
                )
        observers = self._observers(book)
        by_id = {observer.observer_id: observer for observer in observers}
        observations = tuple(self._observations(book, by_id))
        if said is None or self.faults:
            raise DrillLogError(tuple(self.faults))
        drill = said.to_drill()
        warnings = []
        if drill.building_id != self.plan.id:
            warnings.append(
                f"The drill was logged for building {drill.building_id}, the simulation is of "
                f"{self.plan.id}."
            )
        if drill.plan_sha256 is not None and drill.plan_sha256 != self.plan.sha256:
            warnings.append(
                "The plan has changed since the drill was logged "
                f"({drill.plan_sha256[:12]} then, {self.plan.sha256[:12]} now)."
            )
        if not observations:
            warnings.append("The log holds no observations.")
        return DrillLog(drill, observations, observers, tuple(warnings), dict(self.sha256))

    def _rows(self, name: str, model: type[Row], *, required: bool) -> Iterator[tuple[str, Row]]:
        """Yield the checked rows of a CSV file with their place for messages."""
        path = self.folder / name
        if not path.exists() and not required:
            return
        text = read_text(path, kind="drill log")
        self.sha256[name] = hashlib.sha256(text.encode()).hexdigest()
        known = list(model.model_fields)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = [cell.strip() for cell in next(reader, [])]
            if not self._header_is_good(path, header, known):
                return
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                at = f"{path}:{reader.line_num}"
                if len(row) != len(header):
                    self.faults.append(f"{at}: {len(row)} cells, expected {len(header)}")
                    continue
                given = {
                    column: cell.strip()
                    for column, cell in zip(header, row, strict=True)
                    if cell.strip()
                }
                checked, faults = check_file(YamlFile(at, dict(given), {}), model)
                self.faults += faults
                if checked is not None:
                    yield at, checked
                if reader.line_num > MAX_ROWS:
                    self.faults.append(f"{path}: more than {MAX_ROWS} rows")
                    return
        except csv.Error as error:
            self.faults.append(f"{path}:{reader.line_num}: not readable as CSV: {error}")

    def _header_is_good(self, path: Path, header: list[str], known: list[str]) -> bool:
        before = len(self.faults)
        for column in header:
            if column.lower() in NAME_COLUMNS:
                self.faults.append(
                    f"{path}:1: column {column!r}: nobody is named in a drill log, expected roles, "
                    "classes and rooms (group_id, observer_id)"
                )
            elif column not in known:
                hint = did_you_mean(column, known) or f", expected one of {', '.join(known)}"
                self.faults.append(f"{path}:1: unknown column {column!r}{hint}")
        for column in sorted({c for c in header if header.count(c) > 1}):
            self.faults.append(f"{path}:1: column {column!r} stands twice")
        if not header:
            self.faults.append(f"{path}:1: empty, expected a line of column names")
        return len(self.faults) == before

    def _aliases(self) -> Mapping[str, str]:
        rows = self._rows("aliases.csv", AliasRow, required=False)
        return {row.place_raw: row.place_id for _, row in rows}

    def _observers(self, book: PlaceBook) -> tuple[Observer, ...]:
        observers = []
        seen: set[str] = set()
        for at, row in self._rows("observers.csv", ObserverRow, required=False):
            if row.observer_id in seen:
                self.faults.append(f"{at}: observer_id {row.observer_id!r} stands twice")
            seen.add(row.observer_id)
            words = [word.strip() for word in (row.stations or "").split(";") if word.strip()]
            stations = [self._place(at, "stations", word, book) for word in words]
            end_s = math.inf if row.end_s is None else row.end_s
            if row.start_s > end_s:
                self.faults.append(f"{at}: end_s {end_s:g} is before start_s {row.start_s:g}")
            observers.append(
                Observer(
                    observer_id=row.observer_id,
                    role=row.role,
                    clock_id=row.clock_id or "",
                    offset_s=row.offset_s,
                    offset_se_s=row.offset_se_s,
                    drift_ppm=row.drift_ppm,
                    stations=tuple(place for place in stations if place is not None),
                    start_s=row.start_s,
                    end_s=end_s,
                )
            )
        return tuple(observers)

    def _place(self, at: str, column: str, word: str, book: PlaceBook) -> Place | None:
        place = book.find(word)
        if place is None:
            self.faults.append(f"{at}: {column}: {word!r} is no place of the plan{book.hint(word)}")
        return place

    def _observations(
        self, book: PlaceBook, observers: Mapping[str, Observer]
    ) -> Iterator[Observation]:
        seen: set[str] = set()
        for at, row in self._rows("observations.csv", ObservationRow, required=True):
            if row.obs_id in seen:
                self.faults.append(f"{at}: obs_id {row.obs_id!r} stands twice")
            seen.add(row.obs_id)
            place = self._observed_place(at, row, book)
            observer = observers.get(row.observer_id or "")
            if row.observer_id and observers and observer is None:
                self.faults.append(
                    f"{at}: observer_id {row.observer_id!r} is not in observers.csv"
                    f"{did_you_mean(row.observer_id, observers)}"
                )
            censor, low, high = row.bounds()
            own = row.error_s()
            clock = observer.offset_se_s if observer is not None else 0.0
            yield Observation(
                obs_id=row.obs_id,
                event=row.event,
                place=place,
                t_lo_s=low,
                t_hi_s=high,
                censor=censor,
                u_s=math.hypot(own, clock),
                group_id=row.group_id,
                count=row.count,
                count_kind=row.count_kind,
                time_raw=row.time_raw or "",
                time_kind=row.time_kind,
                state=row.state,
                value=row.value,
                unit=row.unit,
                observer_id=row.observer_id,
                method=row.method,
                quality=row.quality,
                problem_code=row.problem_code,
                note=row.note or "",
                source=row.source_ref or at.rpartition("/")[2],
            )

    def _observed_place(self, at: str, row: ObservationRow, book: PlaceBook) -> Place:
        if row.place_id is not None:
            return self._place(at, "place_id", row.place_id, book) or BUILDING
        word = row.place_raw or ""
        place = book.find(word)
        if place is None and row.event in COMPARED_EVENTS:
            self.faults.append(
                f"{at}: place_raw: {word!r} is no place of the plan{book.hint(word)}"
            )
        if (place is None or place == BUILDING) and row.event in NEEDS_PLACE:
            self.faults.append(f"{at}: place_id is blank, expected the place for {row.event}")
        return place or Place("unmapped", "", word)
