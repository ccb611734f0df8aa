"""Another encoder for a forum: all texts encoded anew, a bundle for the new vectors, the switch.

In: a forum of the store, the name of an encoder, a held job. Out: the forum with new encoder and
new bundle, both from one transaction on. The old ones serve until then and lose nothing: vectors
of several encoders live side by side. What was encoded stays, so that a run that was killed or
cancelled is continued by running it again, and the way back is short.
Not here: who runs it (cli), how servers follow (desk), fitting (training).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from triage import store
from triage.audit.acting import Acting
from triage.crypto.signing import Signer
from triage.decide.gate import RISK
from triage.embedding import (
    Progress,
    encode_ahead,
    encode_units_ahead,
    identity,
    role_of,
    space_of,
)
from triage.encode import Encoder, TextRole
from triage.encoders import EncoderName, OpenEncoder
from triage.errors import NotEnoughData
from triage.jobs import Held
from triage.knowledge import boilerplate_of
from triage.learn.training import TrainOptions, train
from triage.records import Actor, ActorKind, Forum, Thread, UnitKind
from triage.registry import Registry, go_live, mirror
from triage.streams import chunks
from triage.text import units_of

_BATCH = 200
_BY = Actor(ActorKind.PROCESS, "encode")


@dataclass(frozen=True, slots=True)
class ReencodeOptions:
    """How the work is done: by how many processes at most, and how often it is told of.

    Of what the new bundle lets be shown at most the share `risk` may be wrong.
    """

    workers: int = 2
    risk: float = RISK
    told_every_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Reencoded:
    """What a run did: how many of the forum's texts were encoded, and the version that is live."""

    encoder_id: str
    texts: int
    encoded: int
    version: str | None


class _Meter:
    """Counts texts, and says how many there are still to come."""

    def __init__(self, job: Held, progress: Progress, every_seconds: float) -> None:
        self.encoded = 0
        self._job = job
        self._progress = progress
        self._every = every_seconds
        self._done = self.total = 0
        self._began = self._said = time.monotonic()

    def begin(self, done: int, total: int) -> None:
        """Count from here: `done` were there before."""
        self._done, self.total = done, total
        self._progress(f"{done} of {total} texts are there")
        self._job.report(done, total)

    def add(self, texts: int) -> None:
        """Count texts that were encoded, and say so now and then."""
        self.encoded += texts
        self._done += texts
        # Threads may come while we work.
        self.total = max(self.total, self._done)
        now = time.monotonic()
        if self.encoded and now - self._said >= self._every:
            self._said = now
            rate = self.encoded / (now - self._began)
            left = (self.total - self._done) / rate
            self._progress(
                f"{self._done} of {self.total} texts, {rate:.0f} texts/s, {_duration(left)} left"
            )
        self._job.report(self._done, self.total)


def reencode(
    database: store.Database,
    forum_name: str,
    to: EncoderName,
    open_encoder: OpenEncoder,
    models_dir: Path,
    job: Held,
    progress: Progress,
    options: ReencodeOptions = ReencodeOptions(),
    *,
    signer: Signer,
) -> Reencoded:
    """Encode a forum with another encoder and switch to it; its new bundle is signed by `signer`.

    Raises NoForum, EncoderMissing, EncoderAltered, and what ends the job.
    """
    encoder = open_encoder(to)
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
    if forum.encoder_id == identity(encoder):
        return _rename(database, forum, to, job, progress)
    meter = _Meter(job, progress, options.told_every_seconds)
    revision = 0
    if encoder is not None:
        meter.begin(*_counted(database, forum.id, encoder))
        revision = _follow(database, forum.id, encoder, revision, meter)
        _encode_cases(database, forum.id, encoder, meter)

    def told(line: str) -> None:
        job.check()
        progress(line)

    version = _train(database, forum, encoder, models_dir, options, signer, told)
    while not _switched(database, forum.id, to, encoder, revision, version, job):
        revision = _follow(database, forum.id, encoder, revision, meter)
    mirror(Registry(database, forum_name, models_dir, signer))
    progress(f"forum {forum_name} is served with {to}")
    return Reencoded(identity(encoder), meter.total, meter.encoded, version)


def drop_former(database: store.Database, forum_name: str, job: Held, progress: Progress) -> int:
    """Delete the vectors of every encoder but the serving one; return how many. Ends the job."""
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
        spaces = store.list_encoders(c, forum.id)
    dropped = 0
    for space in spaces:
        if space.rpartition("#")[0] == forum.encoder_id:
            continue
        while True:
            with database.write() as c:
                some = store.drop_vectors(c, forum.id, space)
            job.check()
            dropped += some
            if some == 0:
                break
    with database.write() as c:
        job.finish(c)
    progress(f"dropped {dropped} vectors of other encoders")
    return dropped


def _rename(
    database: store.Database, forum: Forum, to: EncoderName, job: Held, progress: Progress
) -> Reencoded:
    """Take over only the name: the forum has these vectors already."""
    with database.write() as c:
        job.finish(c)
        now = store.get_forum(c, forum.name)
        encoder_id = now.encoder_id or ""
        _note_switch(c, forum.id, to)
        store.switch_encoder(c, forum.id, to.name, to.prompts, encoder_id, now.live_version)
    progress(f"forum {forum.name} is served with {to} already")
    return Reencoded(encoder_id, 0, 0, now.live_version)


def _counted(database: store.Database, forum_id: int, encoder: Encoder) -> tuple[int, int]:
    """Return how many of the forum's texts have a vector, and how many there are."""
    with database.read() as c:
        asking = [kind for kind in UnitKind if role_of(kind) is TextRole.QUERY]
        totals = store.count_texts(c, forum_id, asking)
        spaces = [space_of(encoder, role) for role in (TextRole.PASSAGE, TextRole.QUERY)]
        there = [store.count_vectors(c, forum_id, space) for space in spaces]
    return sum(map(min, there, totals)), sum(totals)


def _follow(
    database: store.Database, forum_id: int, encoder: Encoder | None, after: int, meter: _Meter
) -> int:
    """Encode the threads that changed after a revision; return the revision that is reached."""
    with database.read() as c:
        revision = store.revision_of(c, forum_id)
        state = store.thread_state(c, forum_id) if encoder is not None else {}
    changed = sorted(i for i, changed_at in state.items() if changed_at > after)
    for ids in chunks(changed, _BATCH):
        # In short transactions: a long one would keep the database from tidying its log.
        with database.read() as c:
            read_at = store.revision_of(c, forum_id)
            threads: Mapping[str, Thread] = store.get_threads(c, forum_id, ids)
            boilerplate = boilerplate_of(c, forum_id)
        assert encoder is not None
        units = [unit for t in threads.values() for unit in units_of(t, boilerplate)]
        encode_units_ahead(database, forum_id, encoder, units, meter.add, read_at)
        meter.add(0)
    return revision


def _encode_cases(database: store.Database, forum_id: int, encoder: Encoder, meter: _Meter) -> None:
    with database.read() as c:
        revision = store.revision_of(c, forum_id)
        texts = [case.text for case, _ in store.iter_cases(c, forum_id)]
    encode_ahead(database, forum_id, encoder, texts, TextRole.QUERY, meter.add, revision)


def _train(
    database: store.Database,
    forum: Forum,
    encoder: Encoder | None,
    models_dir: Path,
    options: ReencodeOptions,
    signer: Signer,
    progress: Progress,
) -> str | None:
    try:
        trained = train(
            database,
            forum.name,
            encoder,
            models_dir,
            signer=signer,
            options=TrainOptions(risk=options.risk, live=False, workers=options.workers, by=_BY),
            progress=progress,
        )
    except NotEnoughData as error:
        progress(f"no model: {error}")
        return None
    return trained.written.version if trained.written else None


def _switched(
    database: store.Database,
    forum_id: int,
    to: EncoderName,
    encoder: Encoder | None,
    revision: int,
    version: str | None,
    job: Held,
) -> bool:
    """Switch encoder and model, unless something changed after what was encoded."""
    with database.write() as c:
        if encoder is not None and store.revision_of(c, forum_id, lock=True) != revision:
            return False
        job.finish(c)
        if version is not None:
            go_live(c, forum_id, version, by=_BY, reason=f"served with {to} from now on")
        _note_switch(c, forum_id, to)
        store.switch_encoder(c, forum_id, to.name, to.prompts, identity(encoder), version)
    return True


def _note_switch(c: store.Connection, forum_id: int, to: EncoderName) -> None:
    former = {"encoder_id": store.encoder_of(c, forum_id)}
    Acting(forum_id, _BY).note(c, "encoder.switch", "forum", before=former, after=to.options)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
