"""A small real forum in which Anna asks, answers and is answered, and everything is kept."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forum import INSTALLATION_KEY, SIGNER, THREADS, SmallForum, cases, small_forum
from triage import store
from triage.crypto.persons import person_hasher
from triage.crypto.signing import erasure_signer
from triage.desk import Desk
from triage.originals import Originals, originals
from triage.privacy import Eraser, ErasureLog, Order, all_groups, index_search
from triage.records import (
    Actor,
    ActorKind,
    Answer,
    Case,
    Draft,
    Event,
    EventType,
    Role,
    Thread,
)
from triage.reports import fold
from triage.store import dialects

KEY = INSTALLATION_KEY.encode()
hashed = person_hasher(KEY, "demo")
ANNA, BO = hashed("anna"), hashed("bo")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ME = Actor(ActorKind.COMMAND, "me")

# Of each of Anna's texts a word that nobody else has written.
WORDS = {
    "thread": "zanzibarquux",
    "answer": "flamingodrucker",
    "case": "quokkabuch",
    "case answer": "dromedargruss",
    "draft": "wombatliste",
    "before login": "kiwiformular",
    "event": "pelikanlob",
    "original": "anna.quux@example.com",
    "signature": "Nashornweg",
    "product": "Tukanwaage",
    "account": "Gepardenwerk",
}
ANNAS_THREADS = (
    Thread(
        "mine",
        "Labels of the warehouse are blank",
        f"The {WORDS['thread']} of our ledger prints nothing on Tuesdays.",
        (
            Answer("m1", "Did you restart the print service?", person=BO, accepted=True),
            Answer("m2", "Yes, that was it, many thanks.", person=ANNA),
        ),
        person=ANNA,
        solved=True,
        lang="en",
    ),
    Thread(
        "theirs",
        "How do I print labels in blue?",
        "All labels of the shop are black today.",
        (
            Answer("x1", f"Use the {WORDS['answer']} in the drawer.", person=ANNA, accepted=True),
            Answer("x2", "No idea, we print ours in red.", person=BO),
        ),
        person=BO,
        solved=True,
        lang="en",
        verified_by=ANNA,
    ),
)


@dataclass(frozen=True)
class Full:
    """The forum, its open desk, and what erases persons of it."""

    small: SmallForum
    desk: Desk
    originals: Originals
    eraser: Eraser
    folder: Path

    def erase(self, person: str = ANNA, **how: object) -> store.ErasureRow:
        order = Order(person, **how)  # type: ignore[arg-type]
        return self.eraser.erase(order, ME, self.searching)

    def searching(self):  # type: ignore[no-untyped-def] # noqa: ANN201
        self.desk.knowledge.sync()
        groups = all_groups(self.small.database, self.small.forum.id)
        return index_search(self.desk.parts(), groups)

    def files_with(self, word: str) -> list[str]:
        """The files of the installation in which a word stands."""
        files = [f for f in sorted(self.folder.rglob("*")) if f.is_file()]
        return [f.name for f in files if word.encode() in f.read_bytes()]

    def rows(self) -> dict[str, int]:
        with self.small.database.read() as c:
            found = store.rows_of_person(c, self.small.forum.id, ANNA)
        return {name: len(rows) for name, rows in found.items()}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filling the forum takes most of a test's time, so that is done once and copied."""
    folder = tmp_path_factory.mktemp("filled")
    with small_forum(folder, (*THREADS, *ANNAS_THREADS)) as small:
        desk = small.desk(originals=originals(KEY, "demo", 30))
        fill(small, desk)
        desk.close()
    return folder


@pytest.fixture
def full(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Full]:
    # How long it waits for whoever reads: that it gives up is asked here, not when.
    monkeypatch.setattr(dialects, "REMAINS_SECONDS", 0.25)
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    with small_forum(tmp_path, ()) as small:
        log = ErasureLog(tmp_path / "erasures.jsonl", erasure_signer(KEY))
        kept = originals(KEY, "demo", 30)
        eraser = Eraser(small.database, small.forum, log, SIGNER, small.models_dir)
        desk = small.desk(originals=kept)
        yield Full(small, desk, kept, eraser, tmp_path)
        desk.close()


def fill(small: SmallForum, desk: Desk) -> None:
    """Have Anna ask, before and after she logs in, tell of it, and have a case."""
    annas = Case(
        "anna-1",
        "The ledger forgets",
        f"Our {WORDS['case']} is empty since noon.\n\nRegards\nAnna, {WORDS['signature']} 7",
        person=ANNA,
        lang="en",
        answer=f"Hello Anna, {WORDS['case answer']}",
    )
    small.put_cases([*cases(20), annas])
    with small.database.write() as c:
        _, key = store.create_key(
            c, small.forum.id, name="k", role=Role.FRONTEND, publishable=False, test=False, at=NOW
        )
        store.set_account_of(c, small.forum.id, ANNA, WORDS["account"])
    ask = desk.ask
    ask(Draft(f"Where is the {WORDS['before login']}?", "I look for it.", session="v1"), key)
    with small.database.write() as c:
        # Posted, so that what she asks next is another ask.
        (row,) = store.iter_triages(c, small.forum.id)
        posted = Event("e0", EventType.POSTED, row.triage_id, row.ask_id, NOW, question_id="q")
        store.put_events(c, small.forum.id, key.id, False, [posted], datetime.now(UTC))
    said = f"The {WORDS['draft']} is gone, write to {WORDS['original']} please."
    reply = ask(
        Draft("Lists are gone", said, person=ANNA, session="v1", product=WORDS["product"]), key
    )
    told = Event(
        "e1",
        EventType.SURVEY_REPLY,
        reply.triage_id,
        reply.ask_id,
        NOW,
        person=ANNA,
        value=f"{WORDS['event']} for all of you",
    )
    with small.database.write() as c:
        store.put_events(c, small.forum.id, key.id, False, [told], datetime.now(UTC))
        body = f'{{"triage_id": "{reply.triage_id}"}}'
        store.claim_request(c, small.forum.id, "key:1", "r", "k", "d", NOW)
        store.finish_request(c, small.forum.id, "key:1", "r", "k", 200, body)
    # Somebody else is shown her answer.
    said_by_bo = "All labels of the shop are black today, is there a drawer?"
    shown = ask(Draft("How do I print labels in blue?", said_by_bo, person=BO, session="v2"), key)
    assert any(WORDS["answer"] in s.snippet for s in shown.suggestions)
    # Asks of the day of hers, which stays as it is of Bo as well.
    fold(small.database, small.forum.id)
