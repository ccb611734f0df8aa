"""Searches side by side, changes alone: a lock that many may hold for reading or one for writing.

Who waits to write goes before who comes to read, so that a steady stream of searches cannot keep
a new thread from being found.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock for many readers or one writer; not reentrant."""

    def __init__(self) -> None:
        """Begin with nobody inside."""
        self._changed = threading.Condition(threading.Lock())
        self._reading = 0
        self._writing = False
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many wait to write."""
        return self._waiting

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Be inside beside other readers."""
        with self._changed:
            while self._writing or self._waiting:
                self._changed.wait()
            self._reading += 1
        try:
            yield
        finally:
            with self._changed:
                self._reading -= 1
                if not self._reading:
                    self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be inside alone."""
        with self._changed:
            self._waiting += 1
            try:
                while self._writing or self._reading:
                    self._changed.wait()
            finally:
                self._waiting -= 1
            self._writing = True
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
