"""How the first bytes of a file tell a DXF drawing and a DWG; light, for the table of importers."""

from __future__ import annotations

from typing import Final

BINARY: Final = b"AutoCAD Binary DXF\r\n\x1a\x00"
"""The first bytes of a DXF that is not text."""


def begins_like_dxf(head: bytes) -> bool:
    r"""Return whether bytes begin like a DXF drawing, after comments.

    Examples
    --------
    >>> begins_like_dxf(b"999\nmade by hand\n  0\nSECTION\n"), begins_like_dxf(b"0\nhello")
    (True, False)
    """
    if head.startswith(BINARY):
        return True
    lines = head[:4096].lstrip(b"\xef\xbb\xbf\r\n \t").splitlines()
    at = 0
    while at + 1 < len(lines) and lines[at].strip() == b"999":
        at += 2
    return [line.strip() for line in lines[at : at + 2]] == [b"0", b"SECTION"]


def begins_like_dwg(head: bytes) -> bool:
    """Return whether bytes begin like a DWG, AutoCAD's own format.

    Examples
    --------
    >>> begins_like_dwg(b"AC1032..."), begins_like_dwg(b"ACME")
    (True, False)
    """
    return head[:2] == b"AC" and head[2:6].isdigit()
