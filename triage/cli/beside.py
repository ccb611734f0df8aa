"""A file that a command writes -> there as a whole, or not at all.

In: where it is to be. Out: an open file beside that place, which takes it once all is written.
Not here: what is in it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from triage.errors import BadFile


@contextmanager
def written_beside(target: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of the target, unless something goes wrong before.

    Raises BadFile where nothing can be written.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with _opened(beside, target) as file:
            yield file
        _moved(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _opened(beside: Path, target: Path) -> BinaryIO:
    try:
        return beside.open("xb")
    except OSError as error:
        raise BadFile(target, f"it cannot be written ({error.strerror})") from error


def _moved(beside: Path, target: Path) -> None:
    try:
        beside.replace(target)
    except OSError as error:
        raise BadFile(target, f"it cannot be written ({error.strerror})") from error
