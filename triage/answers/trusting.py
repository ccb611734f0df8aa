"""Threads -> the trust in each of their answers, of what people and staff have said of it.

In: threads as they are kept, the version of whoever asks. Out: a `Trust` for each answer.
An answer is outdated when staff say so, or when at least two people do and more of them than have
since been helped by it. What was said before the answer was last written, or before staff last
checked it, is about something else and counts no more.
Not here: what is made of it (rank.answer_trust), keeping what is said (store).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage import store
from triage.records import Answer, Holds, StaffWord, Thread, Trust
from triage.versions import in_range

AllTrust = Mapping[str, Mapping[str, Trust]]

# One person may err, or be after something else.
ENOUGH = 2
# A forum counts its own outdated votes without saying when; who was helped lately speaks for now.
_LATELY = timedelta(days=180)


class Trusting:
    """Reads the trust in the answers of one forum's threads."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id

    def __call__(self, threads: Collection[Thread], version: str | None) -> AllTrust:
        """Return the trust in each answer, by thread and answer."""
        if not threads:
            return {}
        with self._database.read() as c:
            return trust_in(c, self._forum_id, threads, version)


@dataclass(frozen=True, slots=True)
class _Said:
    """Everything that is known of one answer; a review of a former wording is left out."""

    thread: Thread
    answer: Answer
    votes: store.Votes
    review: store.Review | None
    helped: store.Helped

    @property
    def key(self) -> store.AnswerKey:
        return self.thread.id, self.answer.id

    @property
    def condemned(self) -> bool:
        """Whether staff say that it no longer holds."""
        return self.review is not None and self.review.word is StaffWord.OUTDATED

    @property
    def verified(self) -> bool:
        """Whether staff say that it holds, here or in the forum."""
        if self.review is not None:
            return self.review.word is StaffWord.VERIFIED
        return self.thread.verified_by is not None

    @property
    def verified_at(self) -> datetime | None:
        """When staff last said so, as far as that is known."""
        if not self.verified:
            return None
        ours = self.review.at if self.review is not None else None
        theirs = self.thread.verified_at if self.thread.verified_by is not None else None
        return max((at for at in (ours, theirs) if at is not None), default=None)

    @property
    def valid_versions(self) -> str | None:
        """For which versions it is right, staff's word before the forum's."""
        ours = self.review.valid_versions if self.review is not None else None
        return ours or self.thread.valid_versions

    def doubts(self) -> tuple[int, datetime | None]:
        """Return how many call it outdated as it is now, and since when if that is known."""
        since = max((at for at in (self.verified_at, self.answer.updated) if at), default=None)
        ours = [at for at in self.votes.outdated if since is None or at > since]
        theirs = max(self.thread.outdated_votes, self.answer.outdated_votes)
        if self.review is not None:
            theirs = max(0, theirs - self.review.outdated_before)
        elif self.verified:
            theirs = 0
        return len(ours) + theirs, ours[0] if ours else None


def trust_in(
    c: store.Connection, forum_id: int, threads: Collection[Thread], version: str | None
) -> AllTrust:
    """Return the trust in each answer of these threads, for somebody with this version."""
    ids = [thread.id for thread in threads]
    votes, reviews = store.votes_of(c, forum_id, ids), store.reviews_of(c, forum_id, ids)
    helped = store.helped_by(c, forum_id, ids)
    found: dict[str, dict[str, Trust]] = {}
    for thread in threads:
        for answer in thread.answers:
            key = thread.id, answer.id
            review = _of_this_wording(reviews.get(key), answer)
            said = _Said(
                thread,
                answer,
                votes.get(key) or store.Votes(),
                review,
                helped.get(thread.id) or store.Helped(),
            )
            outdated = said.condemned or _is_doubted(c, forum_id, said)
            found.setdefault(thread.id, {})[answer.id] = _trust(said, outdated, version)
    return found


def _of_this_wording(review: store.Review | None, answer: Answer) -> store.Review | None:
    if review is None or answer.updated is None or answer.updated <= review.at:
        return review
    return None


def _is_doubted(c: store.Connection, forum_id: int, said: _Said) -> bool:
    doubts, first = said.doubts()
    if doubts < ENOUGH:
        return False
    since = first or datetime.now(UTC) - _LATELY
    return doubts > store.agreed_since(c, forum_id, said.key, since)


def _trust(said: _Said, outdated: bool, version: str | None) -> Trust:
    valid, helped = said.valid_versions, said.helped
    other = bool(version and valid) and in_range(version or "", valid or "") is False
    now = Holds.OTHER_VERSION if other else Holds.CURRENT
    confirmed_at = max((at for at in (said.verified_at, helped.last_at) if at), default=None)
    return Trust(
        holds=Holds.OUTDATED if outdated else now,
        accepted=said.answer.accepted,
        staff=said.answer.staff,
        verified=said.verified and not outdated,
        verified_at=said.verified_at,
        helpful=said.votes.helpful,
        not_helpful=said.votes.not_helpful,
        outdated_votes=said.answer.outdated_votes + len(said.votes.outdated),
        confirmed=helped.confirmed,
        contradicted=helped.contradicted,
        last_confirmed=confirmed_at,
        valid_versions=valid,
    )
