"""Door widths of a file that look typed in rather than measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from buildings.import_report import MessageLog


def remark_default_width(widths_m: Sequence[float], log: MessageLog, *, digits: int = 3) -> None:
    """Note a single width that more than half of the doors have, to so many digits of a metre.

    Examples
    --------
    >>> log = MessageLog()
    >>> remark_default_width([1.0, 1.0, 1.0, 0.9], log)
    >>> log.in_order()[0].line()
    'note WIDTH: 3 of 4 door widths are exactly 1.000 m: look like a default'
    """
    counts = Counter(round(width, digits) for width in widths_m)
    width, many = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0.0, 0))
    if many > len(widths_m) / 2 and len(widths_m) > 3:
        log.note(
            "WIDTH",
            f"{many} of {len(widths_m)} door widths are exactly {width:.{digits}f} m: "
            "look like a default",
        )
