"""Hand calculations against the numbers that their publications work out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import flow_law, hydraulic, hydraulic_imo
from sim.hydraulic import BOUNDARIES, LEVEL, STAIRS, Stream
from sim.hydraulic_imo import Inflow, Way


class TestWorkedNumbersOfTheHandbook:
    """Numbers W1 to W5 and W8 of the hydraulic model, to a tenth of a per cent."""

    @pytest.mark.parametrize(
        ("density", "speed"),
        [(0.3, 1.1989), (1.0, 1.0276), (2.0, 0.6552), (3.0, 0.2828), (3.76, 0.0), (5.0, 0.0)],
    )
    def test_W1_speed_at_a_density(self, density: float, speed: float):
        assert float(hydraulic.speed(density)) == pytest.approx(speed, rel=1e-3, abs=3e-4)

    @pytest.mark.parametrize(
        ("density", "flow"), [(1.0, 1.0276), (1.88, 1.3158), (2.0, 1.3104), (3.0, 0.8484)]
    )
    def test_W1_specific_flow_at_a_density(self, density: float, flow: float):
        assert float(hydraulic.specific_flow(density)) == pytest.approx(flow, rel=1e-3)

    def test_W1_the_flow_is_largest_at_half_the_jam_density(self):
        density = np.linspace(0.0, 4.0, 4001)
        flow = hydraulic.specific_flow(density)
        assert density[np.argmax(flow)] == pytest.approx(1 / (2 * 0.266), abs=1e-3)
        assert flow.max() == pytest.approx(1.4 / 1.064, rel=1e-6)
        assert hydraulic.peak_specific_flow() == pytest.approx(1.4 / 1.064, rel=1e-12)

    def test_W2_a_door_of_910_mm_passes_25_pupils(self):
        assert hydraulic.effective_width(0.91) == pytest.approx(0.61)
        flow = hydraulic.door_flow(0.91)
        assert flow == pytest.approx(0.793, rel=1e-3)
        assert hydraulic.passage_time(25, flow) == pytest.approx(31.5, rel=1e-3)
        at_once = hydraulic.passage_time(25, flow, first_at_once=True)
        assert at_once == pytest.approx(30.3, rel=2e-3)

    def test_W3_a_stair_of_1120_mm_passes_150_people(self):
        width = hydraulic.effective_width(1.12, "stair")
        flow = hydraulic.calculated_flow(STAIRS["7/11"].max_specific_flow, width)
        assert flow == pytest.approx(0.828, rel=1e-3)
        assert hydraulic.passage_time(150, flow) == pytest.approx(181.1, rel=1e-3)

    def test_W4_two_corridors_that_meet_a_stair_queue(self):
        merge = hydraulic.transition([Stream(0.5, 2.0), Stream(0.5, 2.0)], 1.1, STAIRS["7/11"])
        assert merge.demand == pytest.approx(1.818, rel=1e-3)
        assert merge.specific_flow == 1.01
        assert merge.queue_growth_per_s == pytest.approx(0.889, rel=1e-3)
        assert merge.flow_per_s + merge.queue_growth_per_s == pytest.approx(2.0)

    def test_W5_beyond_a_transition_people_move_freely(self):
        beyond = hydraulic.transition([Stream(0.8, 1.0)], 1.0, STAIRS["7/11"])
        assert beyond.density_per_m2 == pytest.approx(1.0145, rel=1e-3)  # not 2.745
        assert beyond.speed_mps == pytest.approx(0.7885, rel=1e-3)
        assert beyond.queue_growth_per_s == 0.0

    def test_W8_a_storey_of_12_feet_on_steps_of_180_by_280_mm(self):
        assert hydraulic.stair_length(3.6576, 0.180, 0.280) == pytest.approx(6.76, rel=1e-3)


class TestOfTheHandbook:
    def test_a_passage_beyond_its_peak_queues_and_moves_at_the_peak(self):
        for passage in STAIRS.values():  # two printed largest flows are above the curve's peak
            crowded = hydraulic.transition([Stream(1.3, 4.0)], 1.0, passage)
            assert crowded.specific_flow == passage.max_specific_flow
            assert crowded.density_per_m2 == pytest.approx(1 / (2 * 0.266), rel=0.08)
            assert crowded.queue_growth_per_s == pytest.approx(5.2 - passage.max_specific_flow)

    @given(st.floats(0.0, 1.87), st.sampled_from([LEVEL, *STAIRS.values()]))
    def test_the_density_of_a_flow_is_the_one_that_gives_it(self, density: float, passage: Any):
        flow = float(hydraulic.specific_flow(density, k_mps=passage.k_mps))
        found = hydraulic.density_of(flow, k_mps=passage.k_mps)
        assert found == pytest.approx(density, abs=1e-5)

    def test_tabulated_stairs_follow_the_closed_form(self):
        inches = {"7.5/10": (7.5, 10), "7/11": (7, 11), "6.5/12": (6.5, 12), "6.5/13": (6.5, 13)}
        for name, (riser, tread) in inches.items():
            close = hydraulic.stair(riser * 0.0254, tread * 0.0254)
            assert close.k_mps == pytest.approx(STAIRS[name].k_mps, rel=0.015)
            assert close.max_specific_flow == pytest.approx(
                STAIRS[name].max_specific_flow, rel=0.015
            )

    def test_leaves_that_must_be_pushed_cap_a_wide_door(self):
        assert hydraulic.door_flow(1.8, leaves_to_push=2) == pytest.approx(100 / 60)
        assert hydraulic.door_flow(0.8, leaves_to_push=2) == hydraulic.door_flow(0.8)

    def test_the_smaller_of_wall_and_handrail_width_counts(self):
        assert hydraulic.effective_width(1.2, "stair", between_handrails_m=1.1) == pytest.approx(
            0.9
        )
        assert hydraulic.effective_width(1.2, "stair", between_handrails_m=1.0) == pytest.approx(
            0.82
        )

    def test_the_engine_carries_the_same_numbers(self):
        """The preset ``sfpe`` and the hand calculation must not drift apart."""
        law = flow_law("sfpe")
        assert law.door_specific_flow == LEVEL.max_specific_flow
        assert law.door_boundary_m == BOUNDARIES["door"].width_m
        assert law.stair_boundary_m == BOUNDARIES["stair"].width_m
        assert law.corridor_boundary_m == BOUNDARIES["corridor"].width_m
        steps = hydraulic.stair(0.17, 0.28)
        assert law.stair_flow(0.17, 0.28) == pytest.approx(steps.max_specific_flow)
        assert law.stair_factor(0.17, 0.28) == pytest.approx(steps.k_mps / LEVEL.k_mps)
        density = np.array([0.2, 0.54, 1.0, 2.0, 3.0])
        free = float(hydraulic.speed(0.0))
        np.testing.assert_allclose(free * law.pace(density), hydraulic.speed(density), rtol=2e-3)

    @pytest.mark.parametrize(
        ("ask", "words"),
        [
            (lambda: hydraulic.speed([0.5, -0.1]), r"density_per_m2: expected .* got -0\.1"),
            (lambda: hydraulic.specific_flow(math.nan), "density_per_m2: .* got nan"),
            (lambda: hydraulic.speed(1.0, k_mps=0.0), "k_mps: expected finite and > 0, got 0"),
            (lambda: hydraulic.density_of(1.4), r"flow: expected 0 to 1\.316 .* got 1\.4"),
            (lambda: hydraulic.density_of(-0.1), "flow: expected 0 to"),
            (lambda: hydraulic.effective_width(0.3), r"no effective width is left of 0\.3 m"),
            (lambda: hydraulic.effective_width(1.0, "dor"), "bounded_by: expected door, .* 'dor'"),
            (lambda: hydraulic.effective_width(math.nan), "no effective width"),
            (lambda: hydraulic.calculated_flow(1.3, 0.0), "effective_width_m: expected .* > 0"),
            (lambda: hydraulic.door_flow(1.0, leaves_to_push=-1), "leaves_to_push: expected >= 0"),
            (lambda: hydraulic.passage_time(-1, 1.0), "people: expected .* >= 0, got -1"),
            (lambda: hydraulic.passage_time(5, 0.0), "flow_per_s: expected .* > 0"),
            (lambda: hydraulic.stair(178, 279), "riser and tread: expected metres below 1"),
            (lambda: hydraulic.stair(0.0, 0.28), "riser_m: expected .* > 0"),
            (lambda: hydraulic.stair_length(-1.0, 0.17, 0.28), "rise_m: expected .* >= 0"),
            (lambda: hydraulic.transition([], 1.0), "streams: expected at least one"),
            (lambda: hydraulic.transition([Stream(-1, 1)], 1.0), "specific_flow: expected .* >= 0"),
            (lambda: hydraulic.transition([Stream(1, 1)], 0.0), "effective_width_m: expected"),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, ask: Any, words: str):
        with pytest.raises(ValueError, match=words):
            ask()


class TestPublishedValuesOfTheIMO:
    """MSC.1/Circ.1238, appendix 2, section 4.1: initial conditions of its corridors, case 1."""

    @pytest.mark.parametrize(
        ("density", "specific_flow", "speed"),
        [
            (0.94, 0.85, 1.03),  # 1.04 in two of the printed rows
            (0.67, 0.73, 1.14),
            (0.61, 0.70, 1.16),
            (0.74, 0.76, 1.11),
            (0.49, 0.64, 1.2),
            (0.48, 0.62, 1.2),
            (0.15, 0.19, 1.2),
            (1.7, 1.21, 0.75),
        ],
    )
    def test_initial_conditions(self, density: float, specific_flow: float, speed: float):
        flow = float(hydraulic_imo.initial_specific_flow(density))
        assert flow == pytest.approx(specific_flow, abs=0.00701)  # densities are rounded too
        assert float(hydraulic_imo.initial_speed(density)) == pytest.approx(speed, abs=0.00501)

    @pytest.mark.parametrize(
        ("specific_flow", "calculated"),
        [(0.85, 0.77), (0.73, 0.65), (0.70, 0.63), (0.76, 0.69), (0.64, 0.58), (1.21, 1.09)],
    )
    def test_calculated_flow_of_corridors_of_900_mm(self, specific_flow: float, calculated: float):
        (corridor,) = hydraulic_imo.transition([Inflow(specific_flow, 0.9)], [Way("corridor", 0.9)])
        assert corridor.flow_per_s == pytest.approx(calculated, abs=0.0075)  # printed rounded
        assert not corridor.queues

    def test_assembly_times(self):
        """Appendix 2, section 6: walking times ``L / S`` at the printed speeds."""
        for length_m, speed_mps, time_s in [
            (9.5, 0.95, 10.0), (7.5, 0.95, 7.9), (9.5, 0.75, 12.7), (7.5, 0.75, 10.0)
        ]:  # fmt: skip
            assert length_m / speed_mps == pytest.approx(time_s, abs=0.051)

    def test_chain_of_the_high_speed_craft(self):
        """MSC/Circ.1166, example, section 5: two doors, two corridors and a stair."""
        elements: list[tuple[Any, float, float, int, float, float, float]] = [
            ("door", 0.0, 1.4, 165, 1.82, 91, 0),
            ("corridor", 14.0, 4.2, 165, 5.46, 30, 21),
            ("stairs down", 4.7, 3.5, 165, 3.85, 43, 9),
            ("corridor", 14.0, 3.0, 200, 3.90, 51, 21),
            ("door", 0.0, 1.4, 100, 1.82, 55, 0),
        ]
        for facility, length_m, width_m, people, flow, flow_s, walk_s in elements:
            most = hydraulic_imo.largest_flow(facility, width_m)
            assert most == pytest.approx(flow, abs=1e-9)
            assert people / most == pytest.approx(flow_s, abs=0.5)
            if length_m:
                top = hydraulic_imo.max_specific_flow(facility)
                speed = hydraulic_imo.speed_after_transition(top, facility)
                assert length_m / speed == pytest.approx(walk_s, abs=0.5)

    def test_printed_sums_that_do_not_add_up_are_no_oracle(self):
        """Appendix 2, section 7.1, case 1: the ideal time of a route is the sum of its four parts.

        Only three of the eight printed sums are that of their row, within rounding; the governing
        one, deck 5, says 190.2 s where its parts make 192.0 s, and T = 437.5 s follows from it. So
        the table is no oracle for this code; the rows that do add up are held to.
        """
        printed = {
            "deck 11": (48.2, 104.4, 22.7, 10.0, 185.3),
            "deck 10": (43.5, 104.4, 17.0, 10.0, 174.8),
            "deck 9": (48.4, 104.4, 8.5, 10.0, 171.3),
            "deck 8": (0.0, 104.4, 0.0, 10.0, 114.4),
            "deck 7": (37.1, 108.0, 10.6, 10.0, 163.9),
            "deck 6, stair A": (42.4, 108.0, 21.2, 10.0, 179.6),
            "deck 6, stair B": (34.0, 108.0, 21.2, 10.0, 170.2),
            "deck 5": (42.2, 108.0, 31.8, 10.0, 190.2),
        }
        ours = {
            row: hydraulic_imo.ideal_travel_time(
                deck_s=deck, flow_s=flow, stair_s=stair, assembly_s=assembly
            )
            for row, (deck, flow, stair, assembly, _) in printed.items()
        }
        sound = {row for row, parts in printed.items() if abs(ours[row] - parts[-1]) < 0.05}
        assert sound == {"deck 11", "deck 9", "deck 8"}
        assert ours["deck 5"] == pytest.approx(192.0)
        assert hydraulic_imo.travel_time([ours["deck 11"]]) == pytest.approx(426.2, abs=0.05)
        assert hydraulic_imo.travel_time([ours["deck 9"]]) == pytest.approx(394.0, abs=0.05)
        assert hydraulic_imo.travel_time([190.2]) == pytest.approx(437.5, abs=0.05)


class TestOfTheIMO:
    def test_tables_hold_beyond_their_ends(self):
        assert hydraulic_imo.initial_specific_flow([3.5, 6.0]).tolist() == [0.32, 0.32]
        assert hydraulic_imo.initial_speed([3.5, 6.0]).tolist() == [0.10, 0.10]

    def test_ways_share_by_clear_width_and_queue_beyond_their_largest_flow(self):
        door, stair = hydraulic_imo.transition(
            [Inflow(1.3, 2.0)], [Way("door", 1.0), Way("stairs up", 1.5)]
        )
        assert door.specific_flow == pytest.approx(2.6 / 2.5)
        assert not door.queues
        assert stair.specific_flow == 0.88
        assert stair.flow_per_s == pytest.approx(1.32)
        assert stair.queues

    @pytest.mark.parametrize(
        ("ask", "words"),
        [
            (lambda: hydraulic_imo.initial_speed(-0.1), "density_per_m2: expected"),
            (
                lambda: hydraulic_imo.speed_after_transition(1.0, "door"),  # type: ignore[arg-type]
                "facility: expected stairs down, stairs up, corridor, got 'door'",
            ),
            (
                lambda: hydraulic_imo.speed_after_transition(0.9, "stairs up"),
                r"specific_flow: expected 0 to 0\.88 in stairs up, got 0\.9",
            ),
            (
                lambda: hydraulic_imo.largest_flow("ramp", 1.0),  # type: ignore[arg-type]
                "facility: expected .*, got 'ramp'",
            ),
            (lambda: hydraulic_imo.largest_flow("door", 0.0), "clear_width_m: expected"),
            (lambda: hydraulic_imo.transition([], [Way("door", 1.0)]), "at least one inflow"),
            (lambda: hydraulic_imo.transition([Inflow(1.0, 1.0)], []), "at least one inflow"),
            (
                lambda: hydraulic_imo.transition([Inflow(-1.0, 1.0)], [Way("door", 1.0)]),
                "specific_flow: expected",
            ),
            (
                lambda: hydraulic_imo.transition([Inflow(1.0, 1.0)], [Way("door", 0.0)]),
                "clear_width_m: expected",
            ),
            (
                lambda: hydraulic_imo.ideal_travel_time(flow_s=-1.0, deck_s=0.0),
                "flow_s: expected finite and >= 0",
            ),
            (lambda: hydraulic_imo.travel_time([]), "at least one route"),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, ask: Any, words: str):
        with pytest.raises(ValueError, match=words):
            ask()
