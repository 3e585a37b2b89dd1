"""From degrees of latitude and longitude to metres on the plan of one building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SEMI_MAJOR_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
FARTHEST_M: Final = 10_000.0
"""A building or campus lies within this of its origin; the error there is below 5 mm."""
_ORIGIN_STEP_DEG: Final = 0.001
_EASTERN_HALF_DEG: Final = 180.0


@dataclass(frozen=True, slots=True)
class LocalMetres:
    """The plane that touches the WGS 84 ellipsoid at an origin: x east, y north, in metres.

    Points are carried to the plane at right angles to it (an orthographic projection), which
    shortens a distance :math:`d` from the origin by :math:`d^3 / 6R^2`: 0.004 mm at 1 km, 4 mm at
    10 km. Heights are taken as 0.

    Notes
    -----
    WGS 84: semi-major axis 6,378,137 m, flattening 1/298.257223563 [1]_.

    References
    ----------
    .. [1] NGA.STND.0036, Department of Defense World Geodetic System 1984, version 1.0.0,
       table 3.1.

    Examples
    --------
    >>> place = LocalMetres(49.418, 8.677)
    >>> place.to_metres(np.array([[8.677, 49.418], [8.677, 49.419]])).round(3).tolist()
    [[0.0, 0.0], [0.0, 111.218]]
    """

    latitude_deg: float
    longitude_deg: float

    def to_metres(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points given as (longitude, latitude), shape (n, 2), as (x, y) in metres."""
        origin = _earth_centred(np.array([[self.longitude_deg, self.latitude_deg]]))
        away = _earth_centred(np.asarray(degrees, dtype=np.float64)) - origin
        lat, lon = np.radians(self.latitude_deg), np.radians(self.longitude_deg)
        east = np.array([-np.sin(lon), np.cos(lon), 0.0])
        north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
        return np.column_stack((away @ east, away @ north))


def local_metres(degrees: NDArray[np.float64]) -> LocalMetres:
    """Return the plane for some points: its origin is their middle, on a grid of 0.001 degrees.

    The grid keeps the origin where it is when a later version of the file has a room more.

    Parameters
    ----------
    degrees : ndarray, shape (n, 2)
        Longitude and latitude.

    Raises
    ------
    ValueError
        If there is no point, one is no place on Earth, or they lie too far apart for one building.

    Examples
    --------
    >>> local_metres(np.array([[8.6766, 49.4184], [8.6771, 49.4189]]))
    LocalMetres(latitude_deg=49.419, longitude_deg=8.677)
    """
    if not len(degrees):
        raise ValueError("no points")
    for lon, lat in degrees:
        if not (abs(lon) <= _EASTERN_HALF_DEG and abs(lat) <= 90.0):
            raise ValueError(
                f"({lon:g}, {lat:g}) is no longitude and latitude, "
                "expected -180 to 180 and -90 to 90 degrees"
            )
    low, high = degrees.min(axis=0), degrees.max(axis=0)
    lon, lat = np.round((low + high) / 2 / _ORIGIN_STEP_DEG) * _ORIGIN_STEP_DEG
    place = LocalMetres(round(float(lat), 3), round(float(lon), 3))
    span = float(np.ptp(degrees, axis=0).max())
    metres = place.to_metres(degrees)
    reach = float(np.hypot(metres[:, 0], metres[:, 1]).max())
    if span > 1.0 or reach > FARTHEST_M:
        raise ValueError(
            f"points lie up to {max(reach, span * 111_000.0) / 1000:,.0f} km from their middle, "
            f"expected one building or campus within {FARTHEST_M / 1000:.0f} km"
        )
    return place


def _earth_centred(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points on the ellipsoid as earth-centred x, y, z in metres."""
    lon, lat = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    squared = _FLATTENING * (2 - _FLATTENING)
    normal = _SEMI_MAJOR_M / np.sqrt(1 - squared * np.sin(lat) ** 2)
    return np.column_stack(
        (
            normal * np.cos(lat) * np.cos(lon),
            normal * np.cos(lat) * np.sin(lon),
            normal * (1 - squared) * np.sin(lat),
        )
    )
