"""What a building is: plans, checks, walking graphs and the arrays that the engine reads."""

from buildings.borders import InputError, did_you_mean, private_folder, read_text, write_private
from buildings.compile import compile_plan
from buildings.compiled import CompiledPlan
from buildings.nav_graph import NavGraph
from buildings.plan import OUTSIDE, Level, Plan, PlanError, PlanPoint, Portal, Space

__all__ = [
    "OUTSIDE",
    "CompiledPlan",
    "InputError",
    "Level",
    "NavGraph",
    "Plan",
    "PlanError",
    "PlanPoint",
    "Portal",
    "Space",
    "compile_plan",
    "did_you_mean",
    "private_folder",
    "read_text",
    "write_private",
]
