"""Where files come in and go out: one clear error for a person, and nothing lost on the way."""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Final

MAX_TEXT_BYTES: Final = 64 * 2**20
"""Text files larger than this are refused rather than read: no plan or log is that long."""


class InputError(ValueError):
    """Something in a file or on the command line that a person must change.

    The command line prints it as it stands and ends with exit code 2. A good message names the
    file, the place in it, what was found and what was expected.
    """


def read_text(path: Path, *, kind: str) -> str:
    """Return the text of a UTF-8 file, with or without a byte-order mark.

    Parameters
    ----------
    path : Path
        The file to read.
    kind : str
        What the file is, for the message: "scenario", "drill log".

    Raises
    ------
    InputError
        If the file is missing, a folder, unreadable, larger than 64 MiB or not UTF-8.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder, expected a {kind} file")
        size = path.stat().st_size
        if size > MAX_TEXT_BYTES:
            raise InputError(
                f"{path}: {size / 2**20:.0f} MiB, expected a {kind} of at most "
                f"{MAX_TEXT_BYTES // 2**20} MiB"
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file, expected a {kind}") from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is not UTF-8 text, expected a {kind} file"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}), expected a {kind}") from None


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only (0600 in a 0700 folder).

    A temporary file beside the target is written, flushed to disk and renamed, so a failure never
    leaves half a file or loses what was there. Folders that exist keep their mode.

    Raises
    ------
    InputError
        If the folder or file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        private_folder(path.parent)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None


def private_folder(path: Path) -> Path:
    """Make a folder (and its parents) with mode 0700 unless it exists, and return it."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    return path


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the closest known word, or an empty string.

    Of words that are equally close, the one that begins alike the longest is meant.

    Examples
    --------
    >>> did_you_mean("alarm", ["alarm_s", "seed"])
    " (did you mean 'alarm_s'?)"
    >>> did_you_mean("P-101-B", ["P-101-A", "P-150-B"])
    " (did you mean 'P-101-A'?)"
    >>> did_you_mean("zzz", ["alarm_s", "seed"])
    ''
    """
    close = difflib.get_close_matches(word, sorted(known), n=5, cutoff=0.6)
    if not close:
        return ""

    def likeness(other: str) -> tuple[float, int]:
        ratio = difflib.SequenceMatcher(a=other, b=word).ratio()
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False))
        return round(ratio, 6), sum(1 for _ in alike)

    return f" (did you mean {max(close, key=likeness)!r}?)"
