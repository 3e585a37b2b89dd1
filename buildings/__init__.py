"""What a building is: plans, checks, walking graphs and the arrays that the engine reads."""

from buildings.borders import InputError, did_you_mean, private_folder, read_text, write_private
from buildings.compiled import CompiledPlan
from buildings.plan import OUTSIDE, Level, Plan, PlanError, PlanPoint, Portal, Space

__all__ = [
    "OUTSIDE",
    "CompiledPlan",
    "InputError",
    "Level",
    "Plan",
    "PlanError",
    "PlanPoint",
    "Portal",
    "Space",
    "did_you_mean",
    "private_folder",
    "read_text",
    "write_private",
]
