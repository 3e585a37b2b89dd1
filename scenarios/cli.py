"""The command ``hallways``: a table of verbs, each imported only when it is asked for."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

VERBS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("debrief.demo:main", "run the whole loop on a built-in school and open its report"),
    "plan": ("buildings.cli:main", "check, import, show or format a plan of a building"),
    "run": ("scenarios.run_cli:main", "run a scenario many times and write a run folder"),
    "scenarios": ("scenarios.list_cli:main", "list the scenarios that come with hallways"),
    "readiness": (
        "scenarios.readiness_cli:main",
        "rank what to mend in a building by its effect on a lockdown",
    ),
    "reunify": ("scenarios.reunify_cli:main", "run a reunification plan, to staff its desks"),
    "show": ("viz.cli:main", "draw a run: the plan with its queues, and how the building empties"),
    "debrief": ("debrief.cli:main", "compare a drill log with a run and write the report"),
}
"""Each verb, where it lives, and what it does."""

OK, NO, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        Arguments after the program name; those of the process by default.

    Returns
    -------
    int
        0 done; 1 the question was answered with "no"; 2 bad input, with one message on stderr;
        130 interrupted.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return OK if arguments else BAD_INPUT
    if arguments[0] in ("-V", "--version", "version"):
        print(f"hallways {_version()}")
        return OK
    verb, rest = arguments[0], arguments[1:]
    if verb not in VERBS:
        close = difflib.get_close_matches(verb, VERBS, n=1)
        hint = (
            f" (did you mean {close[0]!r}?)" if close else f", expected one of {', '.join(VERBS)}"
        )
        print(f"hallways: unknown verb {verb!r}{hint}", file=sys.stderr)
        return BAD_INPUT
    try:
        return _verb(verb)(rest)
    except KeyboardInterrupt:
        print("hallways: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as in `hallways ... | head`
        sys.stderr.close()
        return OK
    except ValueError as error:
        if not _is_input_error(error):
            raise
        print(error, file=sys.stderr)
        return BAD_INPUT


def _verb(name: str) -> Callable[[list[str]], int]:
    module, _, function = VERBS[name][0].partition(":")
    verb: Callable[[list[str]], int] = getattr(import_module(module), function)
    return verb


def _is_input_error(error: ValueError) -> bool:
    from buildings import InputError  # by now the verb has imported it, or never raised it

    return isinstance(error, InputError)


def _help() -> str:
    width = max(len(verb) for verb in VERBS)
    lines = [f"  {verb:<{width}}  {what}" for verb, (_, what) in VERBS.items()]
    return "\n".join(
        (
            "usage: hallways VERB ...",
            "",
            "Simulate drills in schools and similar buildings, and learn from real ones.",
            "Planning estimates, not code-compliance or tactical documents.",
            "",
            *lines,
            "",
            "  hallways VERB --help   says more, with an example",
            "  hallways --version     says which version this is",
            "",
            "example: hallways run builtin:cedar-middle-evacuation --replicas 50",
        )
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hallways")
    except PackageNotFoundError:
        return "(not installed as a package)"


if __name__ == "__main__":
    sys.exit(main())
