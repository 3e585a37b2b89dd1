"""A published test: what it checks, what its authors expect, and how this project runs it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

SETS: Final = ("RiMEA", "IMO", "NIST", "ISO", "EvacuatioNZ", "SFPE")
"""The published sets in the order of the page; the name of a test begins with that of its set."""

Source: TypeAlias = Literal["published", "rebuilt", "recalled"]
"""Where the expectation was read: in the publication or in a report of its authors; in a public
implementation of the test by others; or it is recalled, and unconfirmed."""

Result: TypeAlias = Literal["pass", "expected failure", "fail", "not applicable"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a test is held to, in words, and whether it came out."""

    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a test.

    Attributes
    ----------
    got : str
        The measured values in words, rounded for the page.
    claims : tuple of Claim
        Everything that is asserted; a test without a claim asserts nothing and is refused.
    """

    got: str
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise ValueError("a published test must be held to something")

    @property
    def unmet(self) -> tuple[str, ...]:
        """The claims that do not hold."""
        return tuple(claim.words for claim in self.claims if not claim.holds)


Measure: TypeAlias = Callable[[Path], Outcome]
"""Runs a test in a folder of its own and says what came out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One published test.

    Attributes
    ----------
    name : str
        Set and number, as published: "RiMEA 9".
    title, checks : str
        What it is called, and which property of the model it looks at.
    expected : str
        What the publication expects, in words.
    source : Source
        How far that expectation was read.
    also : tuple of str
        Tests of other sets that ask for exactly the same thing.
    measure : callable or None
        None where the test is not applicable.
    reduced : str
        What is left out where the test is met in a reduced form only; empty where it is literal.
    expected_failure : str
        Why the model does not pass; the test fails if it ever does.
    not_applicable : str
        Why the model cannot be asked.
    """

    name: str
    title: str
    checks: str
    expected: str
    source: Source
    also: tuple[str, ...] = ()
    measure: Measure | None = None
    reduced: str = ""
    expected_failure: str = ""
    not_applicable: str = ""

    def __post_init__(self) -> None:
        for name in self.names:
            if name.split()[0] not in SETS or len(name.split()) < 2:
                raise ValueError(f"{name!r} should be one of {', '.join(SETS)} and a number")
        if (self.measure is None) != bool(self.not_applicable):
            raise ValueError(f"{self.name}: give either measure or the reason not_applicable")
        if self.not_applicable and (self.expected_failure or self.reduced):
            raise ValueError(f"{self.name}: what is not applicable neither fails nor is reduced")

    @property
    def names(self) -> tuple[str, ...]:
        """Every published name of this test, its own first."""
        return (self.name, *self.also)


def published_test(
    name: str,
    title: str,
    *,
    checks: str,
    expected: str,
    source: Source,
    also: tuple[str, ...] = (),
    reduced: str = "",
    expected_failure: str = "",
) -> Callable[[Measure], Case]:
    """Make a published test of the function below this line, which runs it."""

    def make(measure: Measure) -> Case:
        return Case(
            name=name,
            title=title,
            checks=checks,
            expected=expected,
            source=source,
            also=also,
            measure=measure,
            reduced=reduced,
            expected_failure=expected_failure,
        )

    return make


@cache
def outcome_of(case: Case) -> Outcome | None:
    """Run a test once in a process, whoever asks; None where it is not applicable."""
    if case.measure is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        return case.measure(Path(folder))


def result_of(case: Case) -> Result:
    """Return how a test ended."""
    outcome = outcome_of(case)
    if outcome is None:
        return "not applicable"
    if not outcome.unmet:
        return "fail" if case.expected_failure else "pass"
    return "expected failure" if case.expected_failure else "fail"
