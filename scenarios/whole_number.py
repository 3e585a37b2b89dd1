"""Whole numbers on the command line, refused by what they should be."""

from __future__ import annotations

import argparse


class at_least:  # noqa: N801  # reads as a word where it is used
    """A whole number with a lower bound, for argparse."""

    def __init__(self, least: int) -> None:
        self.least = least

    def __call__(self, text: str) -> int:
        """Return the number that a word on the command line says."""
        try:
            value = int(text)
        except ValueError:
            value = self.least - 1
        if value < self.least:
            raise argparse.ArgumentTypeError(
                f"should be a whole number of at least {self.least} (got {text!r})"
            )
        return value
