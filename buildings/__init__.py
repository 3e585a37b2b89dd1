"""What a building is: plans, checks, walking graphs and the arrays that the engine reads."""

from buildings.apertures import SightRules
from buildings.borders import InputError, did_you_mean, private_folder, read_text, write_private
from buildings.checks import check_plan, require_sound
from buildings.compile import compile_plan
from buildings.compile_corners import compile_corners
from buildings.compiled import CompiledPlan
from buildings.compiled_corners import CompiledCorners
from buildings.facts import apply_facts, read_facts
from buildings.file_model import Count, FilePart, Name, Seconds, check_file
from buildings.finding import Finding
from buildings.hard_corner import HardCorner, hard_corner
from buildings.nav_graph import NavGraph
from buildings.person_area import PERSON_AREAS, People
from buildings.plan import OUTSIDE, Fact, Level, Plan, PlanError, PlanPoint, Portal, Space
from buildings.plan_file import builtin_plans, load_plan
from buildings.plan_writer import plan_sha256, write_plan
from buildings.yaml_file import KeyPath, YamlFile, parse_yaml, read_yaml, unknown_key

__all__ = [
    "OUTSIDE",
    "PERSON_AREAS",
    "CompiledCorners",
    "CompiledPlan",
    "Count",
    "Fact",
    "FilePart",
    "Finding",
    "HardCorner",
    "InputError",
    "KeyPath",
    "Level",
    "Name",
    "NavGraph",
    "People",
    "Plan",
    "PlanError",
    "PlanPoint",
    "Portal",
    "Seconds",
    "SightRules",
    "Space",
    "YamlFile",
    "apply_facts",
    "builtin_plans",
    "check_file",
    "check_plan",
    "compile_corners",
    "compile_plan",
    "did_you_mean",
    "hard_corner",
    "load_plan",
    "parse_yaml",
    "plan_sha256",
    "private_folder",
    "read_facts",
    "read_text",
    "read_yaml",
    "require_sound",
    "unknown_key",
    "write_plan",
    "write_private",
]
