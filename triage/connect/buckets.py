"""Records in any order -> those of one key together, with little in memory.

In: records under keys, as many as there are. Out: each key once, with its records in the order in
which they came. They wait in files of a temporary folder; of these, one is read at a time.
Not here: what the records say (stackexchange, zendesk).
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, BinaryIO

# Of what is read, so much makes one file; what is decoded of it takes a few times as much memory.
BYTES_EACH = 16_000_000
MOST_FILES = 200

Record = Sequence[Any]


class Buckets:
    """Files of records. Use it as a context; leaving it deletes them."""

    def __init__(self, expected_bytes: int) -> None:
        self._count = max(1, min(MOST_FILES, -(-expected_bytes // BYTES_EACH)))
        self._open = ExitStack()
        self._files: list[BinaryIO] = []
        self._folder = Path()

    def __enter__(self) -> "Buckets":
        self._folder = Path(self._open.enter_context(TemporaryDirectory(prefix="triage-import-")))
        self._files = [
            self._open.enter_context((self._folder / str(n)).open("wb")) for n in range(self._count)
        ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def put(self, key: str, record: Record) -> None:
        """Keep a record: what JSON can hold."""
        place = zlib.crc32(key.encode()) % self._count
        self._files[place].write(json.dumps((key, record)).encode() + b"\n")

    def groups(self) -> Iterator[tuple[str, list[Record]]]:
        """Give every key with its records; nothing can be put in any more."""
        for file in self._files:
            file.close()
        for place in range(self._count):
            path = self._folder / str(place)
            together: dict[str, list[Record]] = {}
            with path.open("rb") as file:
                for line in file:
                    key, record = json.loads(line)
                    together.setdefault(key, []).append(record)
            path.unlink()
            yield from together.items()
