"""A log of events -> columns that can be kept, joined, and read again without reading events.

In: an `EventLog`; columns kept before. Out: `Columns`.
Not here: the asks as they stood at a moment (standing), bytes (packing), keeping them (store).

Ten million events are some two million asks. What measures ask of them is little: what the `asked`
rows say, when something was posted or said, and that something was seen. So of the kinds that only
tell of seeing, the first of each kind stands for all of an ask; everything else stays. Rows are
sorted, asks by their first call and followings by their type, so that joining days is copying.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.outcomes.log import EventLog
from triage.outcomes.placings import PER_PLACING, placing_arrays
from triage.outcomes.told import ASKED, CODE_OF, TYPES, UNSEEN
from triage.records import EventType

Array = NDArray[Any]

# Per ask: `key` is a number made of its id, by which others refer to it; `share` the chance of the
# holdout when it was assigned, nan where nobody says it.
PER_ASK = {"id": "S", "key": "<i8", "share": "<f8"}
# Per `asked` row; `ask` is a place among the asks, `known` when the row arrived.
PER_ROW = {
    "ask": "<i4",
    "at": "<f8",
    "known": "<f8",
    "arm": "<i1",
    "person": "<i8",
    "session": "<i8",
    "offered": "|b1",
    "return_of": "<i8",
    "lang": "<i2",
    "topic": "<i2",
    "product": "<i4",
    "account": "<i4",
    "destination": "|i1",
    "newcomer": "<i1",
    "severity": "<i1",
    "sensitive": "|b1",
    "barred": "<i1",
    "simulated": "|b1",
}
PER_FOLLOWING = {"f_ask": "<i4", "f_type": "<i1", "f_at": "<f8", "f_known": "<f8"}
# Per following that is a reply to a survey, in their order.
PER_REPLY = {"answer": "<i1", "probability": "<f8"}
# Per event whose ask was never asked.
PER_ORPHAN = {"o_key": "<i8", "o_known": "<f8"}
FIELDS: Mapping[str, str] = {
    **{**PER_ASK, **PER_ROW, **PER_FOLLOWING},
    **{**PER_REPLY, **PER_ORPHAN, **PER_PLACING},
}
NAMED = ("lang", "topic", "product", "account", "destination")
SURVEY = CODE_OF[EventType.SURVEY_REPLY]
_ONCE = (
    *(CODE_OF[EventType.SHOWN], UNSEEN, CODE_OF[EventType.OPENED]),
    *(CODE_OF[EventType.RATED], CODE_OF[EventType.DISMISSED]),
)
_KINDS = np.arange(len(TYPES) + 3)


@dataclass(frozen=True, slots=True)
class Columns:
    """Asks and what followed them, as arrays by the names of FIELDS.

    `names` are the words behind the numbers of NAMED; -1 is none.
    """

    arrays: Mapping[str, Array]
    names: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.arrays["key"])


def number_of(name: str) -> int:
    """Return the number that stands for an id, a person or a session; 0 for none."""
    if not name:
        return 0
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def columns_of(log: EventLog, shares: Mapping[str, float] | None = None) -> Columns:
    """Return the columns of a log in which every event is there once.

    `shares` tells by ask with which chance it was put into the holdout.
    """
    share = shares or {}
    rows = sorted((int(log.ask[p]), r.arm < 0, r, p) for p, r in log.asked.items())
    # Asks in the order of their first rows; of one moment, of their ids.
    first = {ask: row for ask, _, row, _ in reversed(rows)}
    order = sorted(first, key=lambda ask: (first[ask].at, log.ask_ids[ask]))
    place_of = np.full(len(log.ask_ids), -1, dtype=np.int64)
    place_of[order] = np.arange(len(order))
    rows.sort(key=lambda row: place_of[row[0]])
    names = {n: tuple(sorted({getattr(r, n) for _, _, r, _ in rows} - {""})) for n in NAMED}
    code = {n: {"": -1, **{word: c for c, word in enumerate(words)}} for n, words in names.items()}
    known = np.where(np.isnan(log.received), log.at, log.received)
    ids = [log.ask_ids[ask] for ask in order]
    arrays: dict[str, Array] = {
        "id": np.array([name.encode() for name in ids], dtype="S" if ids else "S1"),
        "key": _filled("key", map(number_of, ids)),
        "share": _filled("share", (share.get(name, np.nan) for name in ids)),
        "ask": _filled("ask", (place_of[ask] for ask, *_ in rows)),
        "known": known[[place for *_, place in rows]] if rows else _filled("known", ()),
    }
    for name in ("person", "session", "return_of"):
        arrays[name] = _filled(name, (number_of(getattr(row, name)) for _, _, row, _ in rows))
    for name in NAMED:
        arrays[name] = _filled(name, (code[name][getattr(row, name)] for _, _, row, _ in rows))
    for name in PER_ROW.keys() - arrays.keys():
        arrays[name] = _filled(name, (getattr(row, name) for _, _, row, _ in rows))
    arrays |= {**_followed(log, known, place_of), **_placed(log, place_of)}
    return Columns(arrays, names)


def joined(parts: Sequence[Columns], *, ids: bool = True, places: bool = True) -> Columns:
    """Return many columns as one, in their order; without `ids` nobody can ask for those.

    Without `places` they do not tell where threads stood, which most measures never ask.
    """
    names = {n: tuple(sorted(set(chain(*(p.names[n] for p in parts))))) for n in NAMED}
    base = np.cumsum([0, *(len(part) for part in parts)])
    bounds = [np.searchsorted(part.arrays["f_type"], _KINDS) for part in parts]

    def by_type(arrays: Sequence[Array]) -> list[Array]:
        """Cut what is sorted by type in each part so that it is so in all of them together."""
        cuts = zip(arrays, bounds, strict=True)
        cut = [[array[a:b] for a, b in pairwise(at)] for array, at in cuts]
        return [piece for pieces in zip(*cut, strict=True) for piece in pieces]

    arrays: dict[str, Array] = {}
    for name in FIELDS:
        if (name == "id" and not ids) or (name in PER_PLACING and not places):
            continue
        found = [part.arrays[name] for part in parts]
        if name in ("ask", "f_ask", "p_ask"):
            found = [array + at for array, at in zip(found, base.astype("<i4")[:-1], strict=True)]
        if name in NAMED:
            renaming = _Renaming(names[name])
            pairs = zip(found, parts, strict=True)
            found = [renaming.of(codes, part.names[name]) for codes, part in pairs]
        if name in PER_FOLLOWING:
            found = by_type(found)
        arrays[name] = np.concatenate(found) if found else np.empty(0, FIELDS[name])
    return Columns(arrays, names)


def without_places(columns: Columns) -> Columns:
    """Return the columns as if no thread had stood anywhere."""
    nowhere = {name: np.empty(0, dtype=kind) for name, kind in PER_PLACING.items()}
    return Columns({**columns.arrays, **nowhere}, columns.names)


def without(columns: Columns, keys: Iterable[int]) -> Columns:
    """Return the columns without some asks and all that is of them."""
    arrays = columns.arrays
    gone = np.fromiter(keys, dtype=np.int64)
    stays = ~np.isin(arrays["key"], gone)
    place = np.cumsum(stays) - 1
    followings = stays[arrays["f_ask"]]
    groups: tuple[tuple[Mapping[str, str], Array], ...] = (
        (PER_ASK, stays),
        (PER_ROW, stays[arrays["ask"]]),
        (PER_FOLLOWING, followings),
        (PER_REPLY, followings[arrays["f_type"] == SURVEY]),
        (PER_ORPHAN, ~np.isin(arrays["o_key"], gone)),
        (PER_PLACING, stays[arrays["p_ask"]]),
    )
    kept = {name: arrays[name][marked] for names, marked in groups for name in names}
    kept |= {name: place[kept[name]].astype("<i4") for name in ("ask", "f_ask", "p_ask")}
    return in_use(Columns(kept, columns.names))


def in_use(columns: Columns) -> Columns:
    """Return the columns with those words alone that a row has: an ask that went leaves none."""
    arrays, names = dict(columns.arrays), dict(columns.names)
    for name in NAMED:
        arrays[name], names[name] = used_words(arrays[name], names[name])
    return Columns(arrays, names)


def used_words(codes: Array, words: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    """Return codes of those words alone that have one, and these words, in their order."""
    # The first counts what has none.
    used = np.bincount(codes.astype(np.int64, copy=False) + 1, minlength=len(words) + 1)[1:] > 0
    if used.all():
        return codes, words
    # The last entry is what -1 finds.
    table = np.append(np.cumsum(used) - 1, -1).astype(codes.dtype)
    return table[codes], tuple(word for word, stays in zip(words, used, strict=True) if stays)


def _filled(name: str, values: Iterable[Any]) -> Array:
    return np.fromiter(values, dtype=np.dtype(FIELDS[name]))


class _Renaming:
    """Codes of some words -> codes of all words. Most days have the words of the day before."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._place = {word: code for code, word in enumerate(words)}
        self._tables: dict[tuple[str, ...], Array] = {}

    def of(self, codes: Array, words: tuple[str, ...]) -> Array:
        """Return these codes of some words as codes of all."""
        if words == self._words:
            return codes
        if words not in self._tables:
            # The last entry is what -1 finds.
            places = [*map(self._place.__getitem__, words), -1]
            self._tables[words] = np.array(places, dtype=codes.dtype)
        return self._tables[words][codes]


def _followed(log: EventLog, known: Array, place_of: Array) -> dict[str, Array]:
    """Return what followed the asks, sorted by type, of seeing the first alone."""
    after = np.flatnonzero(log.type != ASKED)
    ask = place_of[log.ask[after]]
    orphans = log.ask[after[ask < 0]]
    held, ask = after[ask >= 0], ask[ask >= 0]
    kind = log.type[held].astype(np.int64)
    order = np.lexsort((log.at[held], known[held], ask, kind))
    held, ask, kind = held[order], ask[order], kind[order]
    again = np.zeros(len(held), dtype=bool)
    again[1:] = (ask[1:] == ask[:-1]) & (kind[1:] == kind[:-1])
    kept = ~(again & np.isin(kind, _ONCE))
    held, ask, kind = held[kept], ask[kept], kind[kept]
    replies = held[kind == SURVEY]
    return {
        "f_ask": ask.astype("<i4"),
        "f_type": kind.astype("<i1"),
        "f_at": log.at[held],
        "f_known": known[held],
        "answer": log.answer[replies].astype("<i1"),
        "probability": _filled("probability", (_probability(log, p) for p in replies.tolist())),
        "o_key": _filled("o_key", (number_of(log.ask_ids[a]) for a in orphans.tolist())),
        "o_known": known[after[place_of[log.ask[after]] < 0]],
    }


def _placed(log: EventLog, place_of: Array) -> dict[str, Array]:
    """Return where threads stood for the asks, and what was done about them there."""
    return placing_arrays(
        (int(place_of[log.ask[at]]), number_of(one.thread), int(log.type[at]), log.at[at], one)
        for at, one in log.placed.items()
    )


def _probability(log: EventLog, place: int) -> float:
    return log.probability.get(place, np.nan)
