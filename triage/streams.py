"""A stream -> lists of at most so many, for whatever is done by the batch."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

# Databases limit how many values one statement may carry.
CHUNK = 500

T = TypeVar("T")


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut the values into lists, in their order; nothing is read ahead of the list asked for."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
