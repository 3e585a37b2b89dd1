"""What may stand in the files of a plan: the building, and the properties of every feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from buildings.file_model import Count, FilePart, Name
from buildings.plan import (
    PortalKind,
    SpaceKind,
    SpaceUse,
    YesNo,
    YesNoUnknown,
)

Metres = Annotated[float, Field(ge=0.0, le=10_000.0)]
Width = Annotated[float, Field(gt=0.0, le=100.0)]
Degrees = Annotated[float, Field(ge=-360.0, le=360.0)]
Text = Annotated[str, Field(max_length=1000)]

EXTRA_PREFIX: Final = "x_"
"""Keys of a user's own begin with this; they are kept and never read."""


class LevelFile(FilePart):
    """One storey in building.yaml."""

    id: Name
    ordinal: Annotated[int, Field(ge=-20, le=200)]
    name: Name
    elevation: Annotated[float, Field(ge=-1000.0, le=10_000.0)]
    height: Annotated[float, Field(gt=0.0, le=100.0)] = 3.0
    short: Name | None = None


class BuildingFile(FilePart):
    """The content of building.yaml."""

    kind: Literal["building"]
    schema_version: Literal[1]
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
    name: Name
    version: Name = "1"
    crs: Name | None = None
    georef: Literal["none", "surveyed", "approx"] = "none"
    north_deg: Degrees = 0.0
    units: Literal["m"] = "m"
    levels: Annotated[list[LevelFile], Field(min_length=1, max_length=200)]
    defaults: dict[str, str | int | float] = Field(default_factory=dict)
    sources: list[Text] = Field(default_factory=list)
    reviewed_by: Text | None = None
    reviewed_on: Text | None = None


class FeatureFile(FilePart):
    """What every space, portal and point has."""

    id: Name
    level: Name


def _needs(kind: str, *keys: str) -> Any:
    """Return a validator that asks for the keys of one kind and refuses them elsewhere."""

    def check(self: Any) -> Any:
        given = [key for key in keys if getattr(self, key) is not None]
        if self.kind != kind:
            return self
        missing = [key for key in keys if key not in given]
        if missing:
            raise ValueError(f"a {kind} needs {', '.join(missing)}")
        return self

    return check


class SpaceFile(FeatureFile):
    """The properties of a polygon in spaces.plan.geojson."""

    kind: SpaceKind
    use: SpaceUse
    number: Name | None = None
    name: Name | None = None
    capacity: Count | None = None
    occupants_default: Count | None = None
    height: Metres | None = None
    walkable: YesNo = "yes"
    obstacle_of: Name | None = None
    safe_haven: Literal["none", "drawn", "hardened", "refuge"] | None = None
    hard_corner: Literal["none", "drawn", "computed"] | None = None
    in_: Annotated[Name | None, Field(alias="in")] = None
    zone: Name | None = None
    public_address: YesNoUnknown | None = None
    cell_coverage: YesNoUnknown | None = None
    hazard: Name | None = None
    riser: Annotated[float, Field(gt=0.0, lt=1.0)] | None = None
    tread: Annotated[float, Field(gt=0.0, lt=1.0)] | None = None
    steps: Annotated[int, Field(ge=1, le=500)] | None = None
    width: Width | None = None
    up: Degrees | None = None
    from_level: Name | None = None
    to_level: Name | None = None
    handrail: Annotated[int, Field(ge=0, le=2)] | None = None
    handrail_gap: Metres | None = None
    rise: Annotated[float, Field(gt=0.0, le=100.0)] | None = None
    run: Annotated[float, Field(gt=0.0, le=1000.0)] | None = None
    levels: Name | None = None
    car_capacity: Annotated[int, Field(ge=1, le=200)] | None = None
    usable_in: Literal["never", "wheelchair", "always"] | None = None
    role: Literal["evac_assembly", "reunification", "staging"] | None = None

    _stair = model_validator(mode="after")(
        _needs("stair", "riser", "tread", "steps", "width", "up", "from_level", "to_level")
    )
    _ramp = model_validator(mode="after")(_needs("ramp", "rise", "run", "width"))
    _lift = model_validator(mode="after")(_needs("lift", "levels", "car_capacity"))
    _assembly = model_validator(mode="after")(_needs("assembly", "role"))


class PortalFile(FeatureFile):
    """The properties of a line in portals.plan.geojson."""

    kind: PortalKind
    from_: Annotated[Name, Field(alias="from")]
    to: Name
    width: Width
    leaves: Annotated[int, Field(ge=1, le=2)] | None = None
    lock: Literal["inside", "outside", "both", "remote", "none", "unknown"] | None = None
    lock_key: Literal["none", "thumbturn", "key", "card"] | None = None
    lock_state: Literal["locked", "unlocked"] | None = None
    auto_lock: YesNo | None = None
    remote_group: Name | None = None
    swing: Literal["in", "out", "both", "slide"] | None = None
    hinge: Literal["left", "right"] | None = None
    closer: YesNo | None = None
    panic_bar: YesNo | None = None
    alarmed: YesNo | None = None
    barricade: Name | None = None
    one_way: Literal["no", "out", "in"] | None = None
    forced_entry_s: Annotated[float, Field(ge=0.0, le=1e6)] | None = None
    glazing: Literal["none", "panel", "half", "full", "sidelight", "panel+sidelight"] | None = None
    glazing_w: Metres | None = None
    glazing_off: Annotated[float, Field(ge=-100.0, le=100.0)] | None = None
    sill: Metres | None = None
    head: Metres | None = None
    wall_t: Metres | None = None
    cover: Literal["none", "blind", "film", "paper", "unknown"] | None = None
    cover_default: Literal["open", "closed"] | None = None
    cover_close_s: Annotated[float, Field(ge=0.0, le=1e6)] | None = None
    egress: YesNo | None = None
    exterior_no: Name | None = None
    is_exit: YesNoUnknown | None = None
    accessible: YesNoUnknown | None = None
    discharges_to: Name | None = None


PointKind = Literal[
    "camera", "card_reader", "intercom", "panic_button", "pa_speaker", "radio_repeater",
    "radio_dead_spot", "psap_landline", "fire_panel", "pull_station", "extinguisher", "aed",
    "first_aid", "knox_box", "utility_shutoff", "utility", "roof_access", "muster",
    "command_post", "responder_entry", "label",
]  # fmt: skip


class PointFile(FeatureFile):
    """The properties of a point in points.plan.geojson."""

    kind: PointKind
    name: Name | None = None
    bearing: Degrees | None = None
    fov_deg: Annotated[float, Field(gt=0.0, le=360.0)] | None = None
    range: Annotated[float, Field(gt=0.0, le=1000.0)] | None = None
    controls: Name | None = None


FEATURE_FILES: Final[Mapping[str, tuple[str, type[FeatureFile], str]]] = {
    "spaces": ("spaces.plan.geojson", SpaceFile, "Polygon"),
    "portals": ("portals.plan.geojson", PortalFile, "LineString"),
    "points": ("points.plan.geojson", PointFile, "Point"),
}
"""File name, properties and geometry of each kind of feature."""

IN_METRES: Final = frozenset(
    {
        "height", "riser", "tread", "width", "handrail_gap", "rise", "run", "glazing_w",
        "glazing_off", "sill", "head", "wall_t", "range", "elevation",
    }
)  # fmt: skip
"""Keys whose value is in metres; inside the program they end in ``_m``."""


def inside_name(key: str) -> str:
    """Return the name that a key of a file has inside the program.

    Examples
    --------
    >>> inside_name("width"), inside_name("from"), inside_name("up"), inside_name("lock")
    ('width_m', 'from_space', 'up_deg', 'lock')
    """
    if key in IN_METRES:
        return f"{key}_m"
    renamed = {
        "from": "from_space",
        "to": "to_space",
        "in": "in_space",
        "up": "up_deg",
        "bearing": "bearing_deg",
    }
    return renamed.get(key, key)


def file_keys(model: type[FilePart]) -> list[str]:
    """Return the keys of a model as they stand in files, in order."""
    return [field.alias or name for name, field in model.model_fields.items()]
