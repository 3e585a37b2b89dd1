"""The progress bar of commands that run replicas, on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


def replica_bar(*, quiet: bool = False) -> Progress:
    """Return a bar that counts replicas; it shows nothing off a terminal, or if it is to be quiet.

    It is a context manager; ``add_task`` and ``update`` are those of rich.
    """
    from rich.console import Console  # a command that is only asked for its help needs none of it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("replicas"),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
    )
