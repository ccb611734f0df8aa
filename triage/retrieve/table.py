"""Which thread every unit is of, what it is, and who may read it: all but vectors and words.

In: threads to hold, to show, to hide. Out: places of threads, numbers of units, and who may read
which of them. Numbers and places are given once and never again; what is replaced stays behind
as gone until the index is built anew.
Not here: vectors (dense), words (lexical), what the evidence says (evidence).
"""

import json
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.records import UnitKind
from triage.retrieve.base import IndexedThread, may_read
from triage.retrieve.growing import Columns
from triage.retrieve.names import Names
from triage.retrieve.pieces import Numbers, Pieces, Shape
from triage.retrieve.sight import Sight, Sights

_UNITS = {"place": "<u4", "kind": "u1", "answer": "<u2", "audience": "<u4"}
_THREADS = {"first": "<u4", "units": "<u4", "audience": "<u4", "at": "<u8", "bytes": "<u4"}
# Ids, identifiers and what answers are worth: read for the few threads that are proposed.
_SAID = Shape("said", "u1", 0, 1 << 24)
_KINDS = tuple(UnitKind)
_KIND_NUMBER = {kind: n for n, kind in enumerate(_KINDS)}
_NO_ANSWER = 0xFFFF
_GONE, _EVERYONE = 0, 1
_MOST_ASKERS = 1024
_ID_BYTES = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a thread: its id, what its units are, what it names and is worth."""

    thread_id: str
    kinds: tuple[UnitKind, ...]
    answer_ids: tuple[str | None, ...]
    identifiers: frozenset[str]
    qualities: Mapping[str, float]


class Table:
    """The threads of an index; one may write while nobody reads, many may read."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin without threads; the texts of ids are kept in files of `folder` where given."""
        self._units = Columns(_UNITS)
        self._threads = Columns(_THREADS)
        self._said = Pieces(_SAID, folder)
        self._names = Names(self.thread_id)
        self._audiences: list[frozenset[str]] = [frozenset(), frozenset()]
        self._codes: dict[frozenset[str], int] = {frozenset(): _EVERYONE}
        self._shown = 0
        self._shown_units = 0
        self._gone: list[int] = []
        self._sights = Sights()
        self._hidden: dict[frozenset[str], frozenset[int]] = {}

    def __len__(self) -> int:
        return self._shown

    @property
    def units(self) -> int:
        """How many unit numbers were given so far."""
        return len(self._units)

    @property
    def gone_units(self) -> int:
        """How many units are of threads that were replaced or removed."""
        return len(self._units) - self._shown_units

    def find(self, thread_id: str) -> int | None:
        """Return the place of a thread that is shown, or None."""
        place = self._names.find(thread_id)
        if place is None or self._threads["audience"][place] == _GONE:
            return None
        return place

    def thread_id(self, place: int) -> str:
        """Return the id of the thread at a place."""
        at, length = int(self._threads["at"][place]), int(self._threads["bytes"][place])
        said = self._said_at(at, length)
        (length,) = _ID_BYTES.unpack_from(said)
        return said[_ID_BYTES.size : _ID_BYTES.size + length].decode()

    def thread_ids(self) -> Iterable[str]:
        """Return the ids of all threads that are shown."""
        return map(self.thread_id, np.flatnonzero(self._threads["audience"] != _GONE).tolist())

    def numbers_of(self, places: Sequence[int]) -> Numbers:
        """Return the numbers of all units of threads, one thread after the other."""
        firsts, counts = self._threads["first"][places], self._threads["units"][places]
        parts = [np.arange(f, f + n) for f, n in zip(firsts.tolist(), counts.tolist(), strict=True)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def places_of(self, numbers: Numbers) -> NDArray[np.int64]:
        """Return the place of each unit's thread."""
        return self._units["place"][numbers].astype(np.int64)

    def readable(self, place: int, groups: frozenset[str]) -> bool:
        """Whether a person of `groups` may read the thread at a place; never when it is gone."""
        code = int(self._threads["audience"][place])
        return code != _GONE and may_read(groups, self._audiences[code])

    def held(self, places: Sequence[int]) -> list[Held]:
        """Return what is known of the threads at these places."""
        numbers = self.numbers_of(places)
        kinds = self._units["kind"][numbers].tolist()
        answers = self._units["answer"][numbers].tolist()
        columns = (self._threads[name][places].tolist() for name in ("at", "bytes", "units"))
        helds, first = [], 0
        for at, length, count in zip(*columns, strict=True):
            its = slice(first, first + count)
            helds.append(_held(self._said_at(at, length), kinds[its], answers[its]))
            first = its.stop
        return helds

    def sight(self, groups: frozenset[str]) -> Sight:
        """Return which units a person of `groups` may read."""
        hidden = self._hidden.get(groups)
        if hidden is None:
            hidden = frozenset(
                code
                for code, audience in enumerate(self._audiences)
                if code == _GONE or not may_read(groups, audience)
            )
            if len(self._hidden) >= _MOST_ASKERS:
                self._hidden.clear()
            self._hidden[groups] = hidden
        return self._sights.get(hidden, self._units["audience"])

    def hold(self, threads: Sequence[IndexedThread]) -> list[int]:
        """Note threads, of which nothing is shown yet; return their places."""
        return [self._hold(thread) for thread in threads]

    def show(self, threads: Sequence[IndexedThread], places: Sequence[int]) -> None:
        """Show held threads in place of those of the same id."""
        self.hide([place for t in threads if (place := self.find(t.thread_id)) is not None])
        for thread, place in zip(threads, places, strict=True):
            code = self._code(thread.groups)
            self._threads["audience"][place] = code
            self._names.note(thread.thread_id, place)
        self._shown += len(places)
        self._turn(places, self._threads["audience"][list(places)])
        self._shown_units += len(self.numbers_of(places))

    def hide(self, places: Sequence[int]) -> None:
        """Hide threads for good."""
        if not places:
            return
        self._threads["audience"][list(places)] = _GONE
        self._gone.extend(places)
        self._shown -= len(places)
        self._turn(places, np.zeros(len(places), dtype="<u4"))
        self._shown_units -= len(self.numbers_of(places))

    def blank(self) -> Numbers:
        """Overwrite what threads said that went since it was done last; return their units."""
        places, self._gone = self._gone, []
        for place in places:
            at, length = int(self._threads["at"][place]), int(self._threads["bytes"][place])
            self._said.blank(np.arange(at, at + length))
        return self.numbers_of(places)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write everything into a folder; return what `open` must be told."""
        self._units.save(folder, "units")
        self._threads.save(folder, "threads")
        self._names.save(folder)
        self._said.save(folder)
        return {
            "units": len(self._units),
            "threads": len(self._threads),
            "said": len(self._said),
            "audiences": [sorted(a) for a in self._audiences],
        }

    @classmethod
    def open(cls, told: Mapping[str, Any], snapshot: Path, folder: Path) -> "Table":
        """Open what was saved, as a copy in `folder`. Raises ValueError when it does not fit."""
        table = cls()
        table._units = Columns.open(_UNITS, snapshot, "units", told["units"])
        table._threads = Columns.open(_THREADS, snapshot, "threads", told["threads"])
        table._said = Pieces.open(_SAID, told["said"], snapshot, folder)
        table._names = Names.open(table.thread_id, snapshot)
        table._audiences = [frozenset(a) for a in told["audiences"]]
        table._codes = {a: n for n, a in enumerate(table._audiences) if n != _GONE}
        table._shown = int(np.count_nonzero(table._threads["audience"]))
        table._shown_units = int(np.count_nonzero(table._units["audience"]))
        return table

    def close(self) -> None:
        """Let go of the files."""
        self._said.close()

    def _said_at(self, at: int, length: int) -> bytes:
        return self._said.between(at, at + length).tobytes()

    def _hold(self, thread: IndexedThread) -> int:
        answers = list(dict.fromkeys(u.answer_id for u in thread.units if u.answer_id is not None))
        if len(answers) >= _NO_ANSWER:
            raise ValueError(f"Thread {thread.thread_id!r} has {len(answers)} answers.")
        index: dict[str | None, int] = {answer: n for n, answer in enumerate(answers)}
        said = _said(thread, answers)
        first = len(self._units)
        place = self._threads.append(
            first=first,
            units=len(thread.units),
            audience=_GONE,
            at=self._said.append(np.frombuffer(said, dtype="u1")),
            bytes=len(said),
        )
        if thread.units:
            self._units.append(
                place=place,
                kind=np.array([_KIND_NUMBER[u.kind] for u in thread.units]),
                answer=np.array([index.get(u.answer_id, _NO_ANSWER) for u in thread.units]),
                audience=_GONE,
            )
        return place

    def _code(self, audience: frozenset[str]) -> int:
        code = self._codes.get(audience)
        if code is None:
            code = len(self._audiences)
            self._audiences.append(audience)
            self._hidden.clear()
            self._codes[audience] = code
        return code

    def _turn(self, places: Sequence[int], codes: NDArray[Any]) -> None:
        numbers = self.numbers_of(places)
        audience = self._units["audience"]
        audience[numbers] = np.repeat(codes, self._threads["units"][list(places)])
        self._sights.turn(numbers, audience)


def _held(said: bytes, kinds: Sequence[int], answers: Sequence[int]) -> Held:
    (length,) = _ID_BYTES.unpack_from(said)
    end = _ID_BYTES.size + length
    identifiers, names, worth = json.loads(said[end:]) if len(said) > end else ((), (), {})
    return Held(
        said[_ID_BYTES.size : end].decode(),
        tuple([_KINDS[k] for k in kinds]),
        tuple([None if a == _NO_ANSWER else names[a] for a in answers]),
        frozenset(identifiers),
        worth,
    )


def _said(thread: IndexedThread, answers: Sequence[str]) -> bytes:
    name = thread.thread_id.encode()
    rest: Collection[Any] = (sorted(thread.identifiers), answers, dict(thread.qualities))
    told = json.dumps(rest, ensure_ascii=False, separators=(",", ":")) if any(rest) else ""
    return _ID_BYTES.pack(len(name)) + name + told.encode()
