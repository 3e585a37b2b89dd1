"""What the parts of ``summary.json`` are made of: numbers that may not be reached, intervals."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Number = float | None
Interval = Annotated[
    list[Number],
    Field(
        min_length=2,
        max_length=2,
        description="Central 90 % of the replicas by order statistics; null: not reached.",
    ),
]


class SummaryPart(BaseModel):
    """A mapping of the summary."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Timing(SummaryPart):
    """When something was done, over the replicas; null: not in half of them, or in the bound."""

    median: Number
    interval: Interval
