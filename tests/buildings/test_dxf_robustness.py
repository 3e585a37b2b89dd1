"""Damaged drawings end in an error or a report: never in a traceback, never without end."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from support.tiny_dxf import school

from buildings.borders import InputError
from buildings.dxf_import import import_dxf

QUICK = settings(
    max_examples=25,
    deadline=20_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return school("m").write(tmp_path_factory.mktemp("dxf") / "whole.dxf").read_bytes()


def _entities(content: bytes) -> int:
    return content.index(b"ENTITIES")


def _survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(InputError), contextlib.redirect_stderr(io.StringIO()):
        assert import_dxf(path).report.found["spaces"] > 0


@seed(20261124)
@QUICK
@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_a_cut_drawing_is_refused(tmp_path: Path, whole: bytes, share: float) -> None:
    path = tmp_path / "cut.dxf"
    path.write_bytes(whole[: int(share * (len(whole) - 8))])
    with pytest.raises(InputError):
        import_dxf(path)


@seed(20261124)
@QUICK
@given(
    changes=st.lists(
        st.tuples(st.floats(0.0, 1.0), st.binary(min_size=1, max_size=4)), min_size=1, max_size=8
    )
)
def test_changed_bytes(tmp_path: Path, whole: bytes, changes: list[tuple[float, bytes]]) -> None:
    content = bytearray(whole)
    for share, letters in changes:
        at = int(share * (len(content) - 20))
        content[at : at + len(letters)] = letters
    _survives(tmp_path / "changed.dxf", bytes(content))


@seed(20261124)
@settings(QUICK, max_examples=40)
@given(
    changes=st.lists(
        st.tuples(
            st.floats(0.0, 1.0),
            st.sampled_from(
                ["nan", "inf", "-1e300", "1e-320", "0", "-5", "999999999", "", "x", "210", "42"]
            ),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_changed_group_codes_and_values(
    tmp_path: Path, whole: bytes, changes: list[tuple[float, str, bool]]
) -> None:
    start = _entities(whole)
    rows = whole[start:].split(b"\n")
    for share, word, code in changes:
        at = 2 * int(share * (len(rows) // 2 - 6)) + (0 if code else 1)
        rows[at] = word.encode()
    _survives(tmp_path / "codes.dxf", whole[:start] + b"\n".join(rows))


@seed(20261124)
@QUICK
@given(
    moves=st.lists(
        st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(1, 30)),
        min_size=1,
        max_size=4,
    )
)
def test_parts_repeated_and_left_out(
    tmp_path: Path, whole: bytes, moves: list[tuple[float, float, int]]
) -> None:
    rows = whole.split(b"\n")
    for source, target, many in moves:
        a, b = (2 * int(share * (len(rows) // 2 - 4)) for share in (source, target))
        rows[b:b] = rows[a : a + 2 * many]
        del rows[a : a + 2 * (many // 2)]
    _survives(tmp_path / "moved.dxf", b"\n".join(rows))


@seed(20261124)
@QUICK
@given(
    places=st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.0, 1e5)),
        min_size=1,
        max_size=6,
    )
)
def test_any_circles_and_arcs_anywhere(
    tmp_path: Path, places: list[tuple[float, float, float]]
) -> None:
    draw = school("m")
    for x, y, radius in places:
        draw.space.add_circle((x, y), radius, dxfattribs={"layer": "A-WALL"})
        draw.space.add_arc((x, y), radius, 0, 80, dxfattribs={"layer": "A-DOOR"})
    path = draw.write(tmp_path / "circles.dxf")
    with contextlib.suppress(InputError):
        assert import_dxf(path).report.found["spaces"] > 0
