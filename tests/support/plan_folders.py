"""Plan folders on disk whose features a test changes one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from buildings import load_plan, write_plan

FILES = {kind: f"{kind}.plan.geojson" for kind in ("spaces", "portals", "points")}


class Folder:
    """The folder of a built-in school, with its features as they stand in its files."""

    def __init__(self, path: Path, school: str = "cedar-middle") -> None:
        self.path = path
        write_plan(load_plan(f"builtin:{school}"), path)
        self.content = {
            kind: json.loads((path / name).read_text(encoding="utf-8"))
            for kind, name in FILES.items()
        }

    def features(self, kind: str) -> list[dict[str, Any]]:
        return self.content[kind]["features"]

    def __getitem__(self, id_: str) -> dict[str, Any]:
        """Return a feature by id."""
        found = [f for kind in FILES for f in self.features(kind) if f["properties"]["id"] == id_]
        assert len(found) == 1, id_
        return found[0]

    def say(self, id_: str, **values: Any) -> None:
        """Set properties of a feature; None takes one away."""
        properties = self[id_]["properties"]
        for key, value in values.items():
            key = key.rstrip("_")
            properties.pop(key, None)
            if value is not None:
                properties[key] = value

    def move(self, id_: str, dx: float, dy: float) -> None:
        geometry = self[id_]["geometry"]
        geometry["coordinates"] = _moved(geometry["coordinates"], dx, dy)

    def drop(self, *ids: str) -> None:
        for kind in FILES:
            kept = [f for f in self.features(kind) if f["properties"]["id"] not in ids]
            self.content[kind]["features"] = kept

    def add(self, file: str, geometry: Any, /, **properties: Any) -> None:
        shape = {"spaces": "Polygon", "portals": "LineString", "points": "Point"}[file]
        self.features(file).append(
            {
                "type": "Feature",
                "properties": {k.rstrip("_"): v for k, v in properties.items()},
                "geometry": {"type": shape, "coordinates": geometry},
            }
        )

    def write(self) -> Path:
        """Write the features, one a line, and return the folder."""
        for kind, name in FILES.items():
            lines = ",\n".join(json.dumps(feature) for feature in self.features(kind))
            text = f'{{"type":"FeatureCollection","name":"{kind}","features":[\n{lines}\n]}}\n'
            (self.path / name).write_text(text, encoding="utf-8")
        return self.path


def _moved(coordinates: Any, dx: float, dy: float) -> Any:
    if isinstance(coordinates[0], list):
        return [_moved(part, dx, dy) for part in coordinates]
    return [coordinates[0] + dx, coordinates[1] + dy]
