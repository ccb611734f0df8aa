"""The erasures, once more, in a file beside the store: what a restored store does not know of.

In: entries, and the key that signs them. Out: one signed line each, on the disk before anything is
erased. A line that a crash left unfinished says nothing: it was not acted on yet.
Not here: comparing it with the store (replaying).
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from triage.crypto.signing import Signer, Standing
from triage.errors import ErasuresAltered, StoreUnavailable

FILE = "erasures.jsonl"
_SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure. The person is a keyed hash; with the staff's answers kept, only their author
    goes out of those.
    """

    id: str
    forum: str
    person: str
    asked_at: datetime
    keep_staff_answers: bool = False


@dataclass(frozen=True, slots=True)
class ErasureLog:
    """The file; several processes may write to it."""

    path: Path
    signer: Signer

    def read(self) -> list[Entry]:
        """Return every entry, oldest first.

        Raises ErasuresAltered for a line of another hand, and StoreUnavailable.
        """
        with _said():
            return [self._checked(number, line) for number, line in self._lines()]

    def append(self, entry: Entry) -> None:
        """Write an entry down, on the disk when this returns. Raises StoreUnavailable."""
        with _said():
            with self._locked() as file:
                _drop_unfinished(file)
                _write(file, self._signed(entry))
            _sync_folder(self.path.parent)

    def sign_anew(self) -> int:
        """Sign every line with the key of now, whatever it was signed with; return how many.

        Whoever appends meanwhile waits, and appends to the file that is there then.
        """
        if not self.path.exists():
            return 0
        with _said(), self._locked():
            entries = [_entry(json.loads(line)) for _, line in self._lines()]
            fresh = self.path.with_suffix(".signing")
            with fresh.open("wb") as file:
                fresh.chmod(0o600)
                _write(file, b"".join(map(self._signed, entries)))
            fresh.replace(self.path)
            _sync_folder(self.path.parent)
        return len(entries)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        if not self.path.exists():
            return
        finished, _, _ = self.path.read_bytes().rpartition(b"\n")
        for number, line in enumerate(finished.split(b"\n"), start=1):
            if line.strip():
                yield number, line

    def _checked(self, number: int, line: bytes) -> Entry:
        try:
            row = json.loads(line)
            signature = json.dumps(row.pop(_SIGNATURE)).encode()
            if self.signer.standing(_canonical(row), signature) is not Standing.OURS:
                raise ErasuresAltered(number)
            return _entry(row)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ErasuresAltered(number) from error

    def _signed(self, entry: Entry) -> bytes:
        row = {**asdict(entry), "asked_at": entry.asked_at.isoformat()}
        signature = json.loads(self.signer.sign(_canonical(row)))
        return json.dumps({**row, _SIGNATURE: signature}).encode() + b"\n"

    def _locked(self) -> BinaryIO:
        """Open the file for this process alone; closing it lets the others in."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
            file = os.fdopen(descriptor, "r+b")
            fcntl.flock(file, fcntl.LOCK_EX)
            if self._is_still(descriptor):
                return file
            # Signed anew while this waited: what is written here now is read by nobody.
            file.close()

    def _is_still(self, descriptor: int) -> bool:
        """Say whether an open file is the one that stands under the log's name."""
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False


@contextmanager
def _said() -> Iterator[None]:
    """Say of a file that cannot be used that it is part of what must be there."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{error.strerror}: {error.filename}") from error


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        row["id"],
        row["forum"],
        row["person"],
        datetime.fromisoformat(row["asked_at"]),
        row["keep_staff_answers"],
    )


def _canonical(row: dict[str, Any]) -> bytes:
    return json.dumps(row, sort_keys=True, separators=(",", ":")).encode()


def _drop_unfinished(file: BinaryIO) -> None:
    content = file.read()
    file.truncate(len(content) - len(content.rpartition(b"\n")[2]))
    file.seek(0, os.SEEK_END)


def _write(file: BinaryIO, lines: bytes) -> None:
    file.write(lines)
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
