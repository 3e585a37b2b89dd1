"""How a file says how everybody is accounted for: errors of roll calls, times, who follows up."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from buildings import Count, FilePart
from scenarios.accountability import AccountabilitySaid
from scenarios.distribution_file import DistributionFile
from scenarios.numbers_said import numbers_said
from scenarios.sourced_numbers import Number

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class ErrorsFile(FilePart):
    """How often a roll call is wrong, as probabilities for each person."""

    missed: Probability | None = Field(
        default=None, description="Somebody who is there is put down as missing."
    )
    counted_wrongly: Probability | None = Field(
        default=None, description="Somebody who is not there is put down as present."
    )
    extra_unnoticed: Probability | None = Field(
        default=None, description="Somebody of another class is not reported as extra."
    )


class RollStepsFile(FilePart):
    """Time of each step of a roll call and its report."""

    roll_call_s: DistributionFile | None = None
    gather_s: DistributionFile | None = Field(
        default=None,
        description="How long a class waits for the others once its teacher is there.",
    )
    report_s: DistributionFile | None = Field(
        default=None, description="Until the report is at the command post."
    )
    record_s: DistributionFile | None = Field(default=None, description="Noting it there.")
    recheck_s: DistributionFile | None = Field(
        default=None, description="Asking the class again about one who is reported missing."
    )


class SearchFile(FilePart):
    """Time to find a missing person, by where they turn out to be."""

    with_another_class: DistributionFile | None = None
    inside: DistributionFile | None = None
    in_refuge: DistributionFile | None = None
    off_site: DistributionFile | None = None


class PostFile(FilePart):
    """Who works at the command post."""

    recorders: Count | None = Field(default=None, description="Who note reports.")
    searchers: Count | None = Field(default=None, description="Who look for missing people.")


class AccountabilityFile(FilePart):
    """Roll calls, command post and search; what is not said has a default."""

    errors: ErrorsFile = ErrorsFile()
    steps: RollStepsFile = RollStepsFile()
    search_s: SearchFile = SearchFile()
    post: PostFile = PostFile()

    def to_accountability(self) -> AccountabilitySaid:
        """Return the checked values."""
        numbers: dict[str, Number] = {}
        parts: dict[str, FilePart] = {
            "errors": self.errors,
            "step": self.steps,
            "search": self.search_s,
            "post": self.post,
        }
        for table, part in parts.items():
            numbers |= numbers_said(part, table)
        return AccountabilitySaid(numbers)
