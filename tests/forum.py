"""A small real forum for tests: a store in a folder, the hashing encoder, a few threads."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.empty_store import put_store, whole
from triage import store
from triage.crypto.signing import bundle_signer
from triage.desk import Desk
from triage.embedding import Progress
from triage.encode import Encoder, HashingEncoder
from triage.encoders import EncoderName, Encoders
from triage.knowledge import Knowledge
from triage.learn.training import Trained, TrainOptions, train
from triage.originals import Originals
from triage.records import Answer, Case, Forum, Thread
from triage.text import digest, units_of

# That of the settings in tests/api, so that both open what the other has published.
INSTALLATION_KEY = "0123456789abcdef0123456789abcdef"
SIGNER = bundle_signer(INSTALLATION_KEY.encode())

THREADS = (
    Thread(
        "bank",
        "Bank feed stopped with KV-1042",
        "No transactions since Friday.",
        (Answer("bank-a1", "Renew the consent under Bank > Connections.", accepted=True),),
        solved=True,
        lang="en",
        product="ledger",
    ),
    Thread(
        "logo",
        "Logo is blurry on the printed invoice",
        "It looks fine on the screen.",
        (Answer("logo-a1", "Upload a PNG that is 600 pixels wide.", staff=True),),
        solved=True,
        lang="en",
        product="ledger",
    ),
    Thread("open", "Dark mode in the mobile app", "Is there a dark mode?", lang="en"),
    Thread(
        "secret",
        "Beta of the new bank module",
        "How do I switch it on?",
        (Answer("secret-a1", "Under Settings > Beta.", accepted=True),),
        solved=True,
        lang="en",
        groups=frozenset({"beta"}),
    ),
)


@dataclass(frozen=True)
class SmallForum:
    """What a test works with."""

    database: store.Database
    forum: Forum
    encoder: Encoder | None
    models_dir: Path

    def desk(self, originals: Originals | None = None) -> Desk:
        encoders = Encoders(EncoderName("hashing"), lambda name: self.encoder)
        where = self.database, self.forum, encoders, self.models_dir
        return Desk(*where, signer=SIGNER, originals=originals)

    def knowledge(self) -> Knowledge:
        return Knowledge(self.database, self.forum.id, self.encoder)

    def put_cases(self, cases: Iterable[Case]) -> None:
        """Keep cases as they are."""
        put_cases(self.database, self.forum.id, cases)

    def train(
        self, options: TrainOptions | None = None, progress: Progress = lambda line: None
    ) -> Trained:
        return train(
            self.database,
            self.forum.name,
            self.encoder,
            self.models_dir,
            signer=SIGNER,
            options=options or TrainOptions(),
            progress=progress,
        )


@contextmanager
def small_forum(
    folder: Path,
    threads: tuple[Thread, ...] = THREADS,
    encoder: Encoder | None = HashingEncoder(),  # noqa: B008 - stateless
) -> Iterator[SmallForum]:
    path = folder / "test.db"
    is_new = not path.exists()
    if is_new:
        put_store(path, _filled(threads, encoder))
    database = store.Database(store.sqlite_url(path))
    try:
        with database.write() as c:
            forum = store.ensure_forum(c, "demo")
        small = SmallForum(database, forum, encoder, folder / "models")
        if threads and not is_new:
            small.knowledge().put(threads)
        yield small
    finally:
        database.close()


@lru_cache(maxsize=8)
def _filled(threads: tuple[Thread, ...], encoder: Encoder | None) -> bytes:
    """Return a store with these threads: encoding them takes longer than most tests of them."""
    with TemporaryDirectory() as folder:
        path = put_store(Path(folder) / "filled.db")
        database = store.Database(store.sqlite_url(path))
        with database.write() as c:
            forum = store.ensure_forum(c, "demo")
        if threads:
            Knowledge(database, forum.id, encoder).put(threads)
        database.close()
        return whole(path)


def cases(n: int = 60) -> list[Case]:
    """Cases whose labels can be learned from their words."""
    kinds = (
        ("how_to", "community", "How do I change the footer of template", "templates", 4),
        ("bug", "expert", "Crash with a stack trace, data is lost in ledger", "ledger", 2),
        ("request", "community", "Please add a dark theme to the app, wish", "app", 4),
    )
    rows = []
    for i in range(n):
        kind, destination, words, topic, severity = kinds[i % len(kinds)]
        rows.append(
            Case(
                f"c{i}",
                f"{words} {i}",
                "Thank you in advance",
                lang="en",
                kind=kind,
                topic=topic,
                severity=severity,
                difficulty=0.9 if destination == "expert" else 0.1,
                destination=destination,
                group=f"g{i // 2}",
            )
        )
    return rows


def put_cases(database: store.Database, forum_id: int, cases: Iterable[Case]) -> None:
    with database.write() as c:
        store.put_cases(c, forum_id, [(case, digest(case.text)) for case in cases])


def many_threads(n: int, length: int = 300) -> list[Thread]:
    """Threads of some hundred words, so that encoding them takes a while."""
    words = [f"word{i}" for i in range(3000)]
    return [
        Thread(
            f"many{i:04}",
            f"Question number {i}",
            " ".join(words[(i * 37 + j * 11) % 3000] for j in range(length)),
            lang="en",
        )
        for i in range(n)
    ]


def put_unread(database: store.Database, forum_id: int, threads: list[Thread]) -> None:
    """Keep threads as they are: redacting and encoding many takes longer than a test should."""
    with database.write() as c:
        store.put_threads(c, forum_id, threads, store.next_revision(c, forum_id))
        for thread in threads:
            units = [(u.kind, u.answer_id, digest(u.text)) for u in units_of(thread)]
            store.put_units(c, forum_id, thread.id, units)
