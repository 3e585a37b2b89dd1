"""Write a new plan folder whole or not at all, and only after it was read back."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from buildings.borders import InputError, private_folder
from buildings.plan import Plan, PlanError
from buildings.plan_file import load_plan
from buildings.plan_writer import write_plan


def require_new(folder: Path) -> None:
    """Refuse a folder that holds something.

    Raises
    ------
    InputError
        If it is a file, or a folder that is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty" if folder.is_dir() else "is a file"
        raise InputError(f"{folder}: {what}, nothing was written. Expected a new or empty folder")


def write_new_plan(
    plan: Plan, folder: Path, accept: Callable[[Plan], None] = lambda plan: None
) -> Plan:
    """Write a plan to a new or empty folder (files 0600, folder 0700) and read it back.

    The folder is made beside its place, read as any plan is read, given to ``accept``, which may
    raise an `InputError`, and renamed: what is not accepted is not left behind.

    Raises
    ------
    InputError
        If the folder holds something, cannot be written, or the plan does not load.
    """
    require_new(folder)
    made = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.part"
    try:
        private_folder(folder.parent)
        made.mkdir(mode=0o700)
        write_plan(plan, made)
        try:
            loaded = load_plan(made)
        except PlanError as error:
            words = str(error).replace(str(made), str(folder))
            raise InputError(f"nothing was written; {words}") from None
        accept(loaded)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return loaded
