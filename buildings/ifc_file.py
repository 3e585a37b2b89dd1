"""Whether a file can be IFC at all, told before anything tries to read it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from buildings.import_report import ImportFault, counted

MAX_IFC_BYTES: Final = 512 * 2**20
MAX_IFC_RECORDS: Final = 8_000_000
_HEAD: Final = b"ISO-10303-21;"
_TAIL: Final = b"END-ISO-10303-21;"
_TEXT: Final = re.compile(rb"'[^']*'|/\*.*?\*/", re.DOTALL)
_DEFINED: Final = re.compile(rb"#(\d{1,18})\s*=")
_NAMED: Final = re.compile(rb"#(\d{1,18})")


def checked_bytes(path: Path) -> bytes:
    """Return the bytes of a file that begins and ends like IFC."""
    if path.is_dir():
        raise ImportFault(f"{path}: is a folder, expected an .ifc file")
    if path.suffix.lower() != ".ifc":
        found = f"a {path.suffix} file" if path.suffix else "a name without ending"
        raise ImportFault(f"{path}: {found}, expected an .ifc file (IFC2x3 or IFC4, STEP text)")
    try:
        if path.stat().st_size > MAX_IFC_BYTES:
            raise ImportFault(f"{path}: larger than 512 MiB, expected the IFC of one building")
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportFault(f"{path}: no such file, expected an .ifc file") from None
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror})") from None
    if not content.strip():
        raise ImportFault(f"{path}: is empty, expected an .ifc file")
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_HEAD):
        raise ImportFault(f"{path}: does not begin with ISO-10303-21, so it is not IFC text")
    if _TAIL not in content[-4096:]:
        raise ImportFault(
            f"{path}: ends after {len(content):,} bytes without END-ISO-10303-21; it was cut off. "
            "Export or copy it again"
        )
    records = content.count(b";")
    if records > MAX_IFC_RECORDS:
        raise ImportFault(
            f"{path}: {records:,} records, expected the IFC of one building with at most "
            f"{MAX_IFC_RECORDS:,}"
        )
    missing = _missing_entities(content)
    if missing:
        raise ImportFault(
            f"{path}: is damaged, it refers to {counted(len(missing), 'record')} that it does not "
            f"hold (first #{missing[0]}). Export or copy it again"
        )
    return content


def _missing_entities(content: bytes) -> list[int]:
    """Return the numbers of entities that are referred to but not in the file, ascending."""
    bare = _TEXT.sub(b"", content)
    there = {int(number) for number in _DEFINED.findall(bare)}
    named = {int(number) for number in _NAMED.findall(bare)}
    return sorted(named - there)
