"""Threads that were put -> rows of the store: each with its units, and a vector of every unit.

In: redacted threads, in batches. Out: rows, one transaction a batch, and no vector of a text that
nobody has any more.
Not here: the index, which follows the store (building, holding).
"""

from collections.abc import Mapping, Sequence

from triage import store
from triage.embedding import embed_units
from triage.encode import Encoder
from triage.forgotten import threads_left
from triage.knowledge.building import boilerplate_of
from triage.records import Thread, Unit
from triage.text import Boilerplate, digest, units_of


class Writer:
    """Keeps the threads of one forum."""

    def __init__(self, database: store.Database, forum_id: int, encoder: Encoder | None) -> None:
        self._database = database
        self._forum_id = forum_id
        self._encoder = encoder

    def put(self, threads: Sequence[Thread], note: store.Note | None) -> store.PutCounts:
        """Keep a batch in one transaction, in which `note` is called."""
        stale: set[str] = set()
        while True:
            with self._database.read() as c:
                boilerplate = boilerplate_of(c, self._forum_id)
                forgotten = store.erased_persons(c, self._forum_id)
            threads = threads_left(threads, forgotten)
            units = {t.id: units_of(t, boilerplate) for t in threads}
            # Encoded before the transaction, so that no other writer waits for the encoder.
            if self._encoder is not None:
                every = [u for us in units.values() for u in us]
                embed_units(self._database, self._forum_id, self._encoder, every)
            with self._database.write() as c:
                now = boilerplate_of(c, self._forum_id), store.erased_persons(c, self._forum_id)
                if now == (boilerplate, forgotten):
                    if note is not None:
                        note(c)
                    return self._keep(c, threads, units, boilerplate, stale)
            # It was learnt anew meanwhile, or somebody was erased: the former is nobody's text now.
            stale |= {digest(u.text) for us in units.values() for u in us}

    def digests(
        self, c: store.Connection, thread_ids: Sequence[str], boilerplate: Boilerplate
    ) -> set[str]:
        """Return of which texts of these threads there may be vectors.

        Between new boilerplate and the rewriting of all unit rows, servers already encode texts
        that no row names yet.
        """
        named = store.unit_digests(c, self._forum_id, thread_ids)
        kept = store.get_threads(c, self._forum_id, thread_ids).values()
        return named | {digest(u.text) for t in kept for u in units_of(t, boilerplate)}

    def _keep(
        self,
        c: store.Connection,
        threads: Sequence[Thread],
        units: Mapping[str, Sequence[Unit]],
        boilerplate: Boilerplate,
        stale: set[str],
    ) -> store.PutCounts:
        before = self.digests(c, [t.id for t in threads], boilerplate)
        revision = store.next_revision(c, self._forum_id)
        counts = store.put_threads(c, self._forum_id, threads, revision)
        for name, its_units in units.items():
            rows = [(u.kind, u.answer_id, digest(u.text)) for u in its_units]
            store.put_units(c, self._forum_id, name, rows)
        store.drop_orphan_vectors(c, self._forum_id, None, before | stale)
        return counts
