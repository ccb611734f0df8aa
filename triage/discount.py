"""A forum's boilerplate, learnt from its texts and put to use.

In: a forum of the store. Out: its segments in the store, and every thread's units cut without
them. Vectors of the new texts are made before the switch, so that servers, which follow with
their next request, only have to read them.
Not here: what boilerplate is (text), the index (knowledge).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from triage import store
from triage.embedding import Progress, encode_units_ahead
from triage.encode import Encoder
from triage.knowledge import boilerplate_of
from triage.records import Thread, Unit
from triage.streams import chunks
from triage.text import Boilerplate, Document, Segment, digest, learn_boilerplate, units_of

# Others wait while one writes, so that the rows go in small steps.
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Relearned:
    """What a run found, and whether other segments are discounted than before."""

    segments: tuple[Segment, ...]
    changed: bool
    seconds: float


def relearn(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    progress: Progress,
    note: store.Note | None = None,
) -> Relearned:
    """Learn what the forum's texts share, and discount it from now on.

    `encoder` is the one that serves the forum; `note` is called as it switches. A run that was
    killed left everything as it was or as it is to be, and some rows too many, which the next run
    takes away.
    """
    began = datetime.now(UTC)
    segments = learn_boilerplate(lambda: _documents(database, forum_id))
    progress(f"{len(segments)} segments are shared")
    found = Boilerplate.of((s.kind, s.key) for s in segments)
    with database.read() as c:
        changed = found != boilerplate_of(c, forum_id)
    if changed:
        _prepare(database, forum_id, encoder, found, progress)
    _switch(database, forum_id, segments, found, note)
    for ids in _batches(database, forum_id):
        _agree(database, forum_id, ids, None)
    seconds = (datetime.now(UTC) - began).total_seconds()
    return Relearned(segments, changed, round(seconds, 1))


def _documents(database: store.Database, forum_id: int) -> Iterator[Document]:
    """Give every text of the forum that people wrote: questions, answers and cases."""
    with database.read() as c:
        for thread in store.iter_threads(c, forum_id):
            where, who = thread.product, thread.person
            yield Document("question", thread.body, thread.title, where, who)
            for answer in thread.answers:
                yield Document("answer", answer.body, thread.title, where, answer.person)
        for case, _ in store.iter_cases(c, forum_id):
            yield Document("case", case.body, case.title, case.product, case.person)


def _prepare(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    coming: Boilerplate,
    progress: Progress,
) -> None:
    """Name the coming texts beside the present ones, then encode them.

    In this order, so that a thread that is deleted meanwhile takes both with it.
    """
    done = 0

    def told(encoded: int) -> None:
        nonlocal done
        done += encoded
        progress(f"encoded {done} texts")

    for ids in _batches(database, forum_id):
        revision, units = _agree(database, forum_id, ids, coming)
        if encoder is not None:
            encode_units_ahead(database, forum_id, encoder, units, told, revision)


def _switch(
    database: store.Database,
    forum_id: int,
    segments: Sequence[Segment],
    found: Boilerplate,
    note: store.Note | None,
) -> None:
    """Keep the segments; every index that was built with others is built anew."""
    now = datetime.now(UTC)
    rows = [
        store.BoilerplateRow(s.kind, s.key, s.source, s.product, s.documents, s.share, now)
        for s in segments
    ]
    with database.write() as c:
        if note is not None:
            note(c)
        if boilerplate_of(c, forum_id) != found:
            store.next_revision(c, forum_id)
        store.replace_boilerplate(c, forum_id, rows)


def _batches(database: store.Database, forum_id: int) -> Iterator[list[str]]:
    with database.read() as c:
        ids = sorted(store.thread_state(c, forum_id))
    yield from chunks(ids, _BATCH)


def _agree(
    database: store.Database, forum_id: int, ids: Sequence[str], coming: Boilerplate | None
) -> tuple[int, list[Unit]]:
    """Have the rows of these threads name the texts of now, and those that are coming.

    Returns the forum's revision and the units.
    """
    with database.read() as c:
        revision, units = store.revision_of(c, forum_id), _units(c, forum_id, ids, coming)
        if store.unit_digests(c, forum_id, ids) == _digests(units):
            return revision, [u for us in units.values() for u in us]
    with database.write() as c:
        revision, units = store.revision_of(c, forum_id), _units(c, forum_id, ids, coming)
        before = store.unit_digests(c, forum_id, ids)
        for name, its_units in units.items():
            rows = [(u.kind, u.answer_id, digest(u.text)) for u in its_units]
            store.put_units(c, forum_id, name, rows)
        store.drop_orphan_vectors(c, forum_id, None, before - _digests(units))
    return revision, [u for us in units.values() for u in us]


def _units(
    c: store.Connection, forum_id: int, ids: Sequence[str], coming: Boilerplate | None
) -> dict[str, list[Unit]]:
    """Cut threads with what is discounted now and with what is coming; each unit once."""
    cuts = [boilerplate_of(c, forum_id)] + ([coming] if coming is not None else [])

    def cut(thread: Thread) -> list[Unit]:
        return list(dict.fromkeys(unit for b in cuts for unit in units_of(thread, b)))

    return {name: cut(t) for name, t in store.get_threads(c, forum_id, ids).items()}


def _digests(units: dict[str, list[Unit]]) -> set[str]:
    return {digest(u.text) for us in units.values() for u in us}
