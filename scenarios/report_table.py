"""A plain table for the terminal: a title, words on the left, numbers on the right."""

from __future__ import annotations

from rich.table import Table


def report_table(title: str, *heads: str, words: tuple[str, ...] = ()) -> Table:
    """Return an empty table.

    Parameters
    ----------
    title : str
    heads : str
        Column heads; the first column holds words.
    words : tuple of str
        Heads of further columns that hold words.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.min_width = len(title)  # or the title would be broken
    table.add_column(heads[0])
    for head in heads[1:]:
        table.add_column(head, justify="left" if head in words else "right")
    return table
