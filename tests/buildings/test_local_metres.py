"""The local plane in metres, held against published lengths and against its stated error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from buildings.local_metres import FARTHEST_M, LocalMetres, local_metres

# Length of a degree of latitude and of longitude in metres on WGS 84 (series of the geodesic
# literature, good to 0.1 m).
LATITUDES = (0.0, 30.0, 49.419, 60.0, -45.0)


def degree_m(lat: float) -> tuple[float, float]:
    r = math.radians(lat)
    north = 111132.954 - 559.822 * math.cos(2 * r) + 1.175 * math.cos(4 * r)
    east = 111412.84 * math.cos(r) - 93.5 * math.cos(3 * r) + 0.118 * math.cos(5 * r)
    return north, east


@pytest.mark.parametrize("lat", LATITUDES)
def test_a_hundredth_of_a_degree_has_its_published_length(lat: float) -> None:
    north, east = degree_m(lat)
    place = LocalMetres(lat, 10.0)
    ends = place.to_metres(np.array([[10.0, lat + 0.005], [10.0, lat - 0.005]]))
    assert ends[0, 1] - ends[1, 1] == pytest.approx(north / 100, abs=0.01)
    ((x, _),) = place.to_metres(np.array([[10.005, lat]]))
    assert x == pytest.approx(east / 200, abs=0.01)


def test_the_error_grows_with_the_cube_of_the_distance() -> None:
    # Along the equator the earth is a circle: an arc d is carried to R sin(d / R).
    radius = 6_378_137.0
    for metres in (1_000.0, 10_000.0):
        lon = math.degrees(metres / radius)
        ((x, _),) = LocalMetres(0.0, 0.0).to_metres(np.array([[lon, 0.0]]))
        assert metres - x == pytest.approx(metres**3 / (6 * radius**2), rel=0.01)
        assert metres - x < (5e-6 if metres == 1_000 else 5e-3)


def test_far_points_and_no_places_are_refused() -> None:
    with pytest.raises(ValueError, match="no points"):
        local_metres(np.zeros((0, 2)))
    with pytest.raises(ValueError, match=r"\(200, 0\) is no longitude and latitude"):
        local_metres(np.array([[200.0, 0.0]]))
    with pytest.raises(ValueError, match="is no longitude and latitude"):
        local_metres(np.array([[math.nan, 0.0]]))
    near = 0.9 * FARTHEST_M / 111_320.0
    assert local_metres(np.array([[-near, 0.0], [near, 0.0]])) == LocalMetres(0.0, 0.0)
    with pytest.raises(ValueError, match="within 10 km"):
        local_metres(np.array([[-2 * near, 0.0], [2 * near, 0.0]]))
