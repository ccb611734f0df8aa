"""A person is erased: written down first, then removed, then looked for until nothing is left.

In: a keyed hash. Out: the row of the erasure with its receipt. Whatever happens half-way, doing it
again finishes it: the log outlives the process, and removing twice removes no more than once.
Not here: what is the person's (removing), a restored store (replaying), who may ask (api, cli).
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from triage import store
from triage.audit.acting import Acting
from triage.case_marks import SEEN
from triage.crypto.signing import Signer
from triage.forgotten import Forgotten
from triage.privacy.log import Entry, ErasureLog
from triage.privacy.receipts import KEEP_STAFF_ANSWERS, PROOF, REMOVED, merged
from triage.privacy.removing import Removed, remove_person
from triage.privacy.searching import (
    IndexSearch,
    found_in_files,
    marks_of,
    safe_lines,
)
from triage.records import Actor, Forum
from triage.snapshots import Shelf

# Called when the person is out of the store: brings an index up to it and returns its search.
Searching = Callable[[], IndexSearch | None]


@dataclass(frozen=True, slots=True)
class Order:
    """Who is to be erased, as a keyed hash.

    `texts` are words that the proof looks for besides those that are removed; they are not kept.
    """

    person: str
    keep_staff_answers: bool = False
    texts: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases persons of one forum."""

    database: store.Database
    forum: Forum
    log: ErasureLog
    signer: Signer
    models_dir: Path
    index_dir: Path | None = None

    def erase(
        self, order: Order, actor: Actor, searching: Searching | None = None
    ) -> store.ErasureRow:
        """Remove everything of a person and return what that was.

        What an earlier order for them left unfinished is finished as well. The row is not done
        while another process still reads what was there before, or a file of a model holds it; the
        next start of any process looks again.
        """
        entry = self._entry(order)
        self.log.append(entry)
        acting = Acting(self.forum.id, actor)
        with self.database.write() as c:
            store.begin_erasure(c, self.forum.id, begun(entry, replayed=False))
            acting.note(c, "person.erase", entry.id, after=_options(entry))
        earlier = self._unfinished(entry)
        row = self.finish(entry, order.texts, searching)
        for former in earlier:
            self.finish(former)
        with self.database.write() as c:
            removed = dict((row.receipt or {}).get(REMOVED) or {})
            acting.note(c, "person.erased", entry.id, after={REMOVED: removed})
        return row

    def finish(
        self, entry: Entry, texts: Iterable[str] = (), searching: Searching | None = None
    ) -> store.ErasureRow:
        """Remove what is left of a person whose erasure has begun, and look whether that is all."""
        removed, former = self._remove(entry), self._former(entry)
        ours = {file.name for file in self.database.files()}
        cleared = self.database.clear_remains(rebuild=not ours.isdisjoint(former))
        words = marks_of([*removed.words, *safe_lines(texts)])
        search = searching() if searching is not None else None
        proof = self._prove(words, removed, search, may_rebuild=cleared)
        # Without the words nobody can look again: it stands in a file for as long as that is there.
        still = {name for name in former - ours if self._path(name).exists()}
        proof["files"] = sorted({*proof["files"], *still, *self._drop_snapshots(entry)})
        with self.database.write() as c:
            row = store.get_erasure(c, self.forum.id, entry.id)
            receipt = dict((row.receipt if row else None) or {})
            clean = cleared and not proof["files"] and not proof["index"]
            receipt[PROOF] = _later(receipt.get(PROOF), clean) if not words else None
            receipt[PROOF] = receipt[PROOF] or proof
            done = datetime.now(UTC) if clean else None
            store.note_erasure(c, self.forum.id, entry.id, receipt, done)
            found = store.get_erasure(c, self.forum.id, entry.id)
        assert found is not None
        return found

    def _entry(self, order: Order) -> Entry:
        now = datetime.now(UTC)
        name = secrets.token_hex(8)
        return Entry(name, self.forum.name, order.person, now, order.keep_staff_answers)

    def _unfinished(self, entry: Entry) -> list[Entry]:
        """Return the other orders for the same person that are not done."""
        with self.database.read() as c:
            rows = store.list_erasures(c, self.forum.id)
        same = [row for row in rows if row.person == entry.person and row.id != entry.id]
        return [entry_of(self.forum, row) for row in same if row.done_at is None]

    def _former(self, entry: Entry) -> set[str]:
        """Return in which files something was found when it was looked for before."""
        with self.database.read() as c:
            row = store.get_erasure(c, self.forum.id, entry.id)
        proof = ((row.receipt if row else None) or {}).get(PROOF) or {}
        return set(proof.get("files") or ())

    def _remove(self, entry: Entry) -> Removed:
        with self.database.write() as c:
            # Whatever they wrote, also since: it is theirs to have removed.
            how = Forgotten(datetime.max.replace(tzinfo=UTC), entry.keep_staff_answers)
            secret = self.signer.secret(SEEN)
            removed = remove_person(c, self.forum.id, entry.person, how, secret)
            row = store.get_erasure(c, self.forum.id, entry.id)
            receipt = merged(row.receipt if row else None, removed.rows, removed.case_marks)
            store.note_erasure(c, self.forum.id, entry.id, receipt)
        return removed

    def _prove(
        self,
        words: Sequence[str],
        removed: Removed,
        search: IndexSearch | None,
        *,
        may_rebuild: bool,
    ) -> dict[str, Any]:
        """Look for the words in every table, file and in the index.

        `elsewhere` says where others have written the same, which is theirs.
        """
        elsewhere = self._find(words)
        left = self._left(words, elsewhere)
        if left and may_rebuild:
            elsewhere |= self._find([m for m in words if m not in elsewhere], everywhere=True)
            left = self._left(words, elsewhere)
        if left and may_rebuild:
            # A freed page can keep a shred of what stood in it: the file is written anew.
            self.database.clear_remains(rebuild=True)
            left = self._left(words, elsewhere)
        found = set() if search is None else {t for mark in words for t in search(mark)}
        places = sorted({place for known in elsewhere.values() for place in known})
        return {
            "searched_for": len(words),
            "elsewhere": [{"table": p.table, "column": p.column, "rows": p.rows} for p in places],
            "files": left,
            "index": sorted(found & removed.threads),
            "index_searched": search is not None,
            "cleared_later": False,
        }

    def _find(
        self, words: Sequence[str], *, everywhere: bool = False
    ) -> dict[str, list[store.Place]]:
        with self.database.read() as c:
            # The files hold every forum; the same words in another one are another's.
            others = [f.id for f in store.list_forums(c) if f.id != self.forum.id]
            found = store.find_words(c, self.forum.id, words, everywhere=everywhere)
            for forum_id in others if everywhere else ():
                found |= store.find_words(c, forum_id, words, everywhere=True)
            return found

    def _left(self, words: Sequence[str], elsewhere: Collection[str]) -> list[str]:
        """Return the files in which what nobody else has written still stands."""
        found = found_in_files(self._files(), [m for m in words if m not in elsewhere])
        return [self._name(file) for file in found]

    def _drop_snapshots(self, entry: Entry) -> list[str]:
        """Remove what the index has on disk if they wrote in threads; name what cannot be."""
        if self.index_dir is None:
            return []
        with self.database.read() as c:
            revision = store.revision_of(c, self.forum.id)
            row = store.get_erasure(c, self.forum.id, entry.id)
        # Also what went before a crash: the receipt knows it.
        removed = ((row.receipt if row else None) or {}).get(REMOVED) or {}
        if not any(removed.get(table) for table in ("threads", "answers")):
            return []
        try:
            Shelf(self.index_dir, self.forum.name).drop(revision)
        except OSError:
            return [self.index_dir.name]
        return []

    def _name(self, file: Path) -> str:
        """Name a file so that it is told from that of another version."""
        folder = self.models_dir / self.forum.name
        return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name

    def _path(self, name: str) -> Path:
        return (
            self.log.path
            if name == self.log.path.name
            else self.models_dir / self.forum.name / name
        )

    def _files(self) -> list[Path]:
        """Return every file in which something of the forum may stand."""
        folder = self.models_dir / self.forum.name
        bundles = sorted(path for path in folder.rglob("*") if path.is_file())
        return [*self.database.files(), *bundles, *([self.log.path] * self.log.path.exists())]


def _later(former: dict[str, Any] | None, clean: bool) -> dict[str, Any] | None:
    """Return what was proved while there were words to look for, as it is once all is cleared."""
    if not former or not former["searched_for"]:
        return None
    waited = bool(former["files"] or former["index"])
    return {**former, "files": [], "index": [], "cleared_later": waited} if clean else former


def begun(entry: Entry, *, replayed: bool) -> store.ErasureRow:
    """Return the row of an erasure that nothing was done for yet."""
    return store.ErasureRow(
        entry.id, entry.person, entry.asked_at, replayed, receipt=_options(entry)
    )


def entry_of(forum: Forum, row: store.ErasureRow) -> Entry:
    """Return the order that a row is of, as the log tells it."""
    keep = bool((row.receipt or {}).get(KEEP_STAFF_ANSWERS))
    return Entry(row.id, forum.name, row.person, row.asked_at, keep)


def _options(entry: Entry) -> dict[str, Any]:
    return {KEEP_STAFF_ANSWERS: entry.keep_staff_answers}
