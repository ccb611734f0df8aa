"""The review queue of one forum -> what a lead sees of it and says, kept once, undone if wished.

In: an item's id, what is said of it, who says so. Out: the item as it stands then. Of two who
decide at once the second is told who was first; the same word twice is one.
Not here: what is drawn (drawing), what a verdict must be (verdicts), what becomes of
labels (teaching), who may (api).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from triage import store
from triage.answers.publishing import Publishing
from triage.audit.acting import Acting
from triage.errors import AlreadyDecided, BadField, NoReview, ReviewFinal, ReviewTaken
from triage.measuring.steering import settle_burst
from triage.records import Destination, Kind, Target
from triage.reviewing.looking import Looking
from triage.reviewing.teaching import teach, unteach
from triage.reviewing.values import Progress, Subject, Verdict
from triage.reviewing.verdicts import Said, note_of, noted, wanted_of
from triage.store import (
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewSubject,
    ReviewVerdict,
)

_LABELLED = (ReviewSubject.ASK, ReviewSubject.QUESTION, ReviewSubject.CASE)


class Reviewing:
    """The queue of one forum. Without `publishing` nobody can decide about proposals."""

    def __init__(
        self, database: store.Database, forum_id: int, publishing: Publishing | None = None
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._publishing = publishing

    def listed(
        self,
        state: ReviewState | None = ReviewState.OPEN,
        reason: ReviewReason | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> list[ReviewRow]:
        """Return items in the order in which to look at them, beginning behind `after`.

        Raises BadField where no page ended with that one, or it has left the list since.
        """
        with self._database.read() as c:
            last = None if after is None else store.get_review(c, self._forum_id, after)
            left = last is None or (state is ReviewState.DECIDED and last.decided_at is None)
            if after is not None and left:
                raise BadField("after", "is no `next_after` of a page before")
            return store.list_reviews(c, self._forum_id, state, reason, after=last, limit=limit)

    def next_after(
        self, item_id: str | None, reason: ReviewReason | None = None
    ) -> ReviewRow | None:
        """Return the open item to look at behind another one, else the first; None: all is done."""
        with self._database.read() as c:
            last = None if item_id is None else store.get_review(c, self._forum_id, item_id)
            wanted = (c, self._forum_id, ReviewState.OPEN, reason)
            found = store.list_reviews(*wanted, after=last, limit=1)
            found = found or store.list_reviews(*wanted, limit=1)
        return next((row for row in found if row.id != item_id), None)

    def counts(self) -> dict[ReviewReason, int]:
        """Return how many items wait, by reason."""
        with self._database.read() as c:
            return store.count_open_reviews(c, self._forum_id)

    def progress(self, day: date) -> Progress:
        """Return how many items were decided or skipped on a day (UTC), of how many."""
        since = datetime.combine(day, time(), UTC)
        with self._database.read() as c:
            until = since + timedelta(days=1)
            done = store.count_reviews_done(c, self._forum_id, since, until)
            waits = sum(store.count_open_reviews(c, self._forum_id).values())
        return Progress(done, done + waits)

    def item(self, item_id: str) -> ReviewRow:
        """Return one item. Raises NoReview."""
        with self._database.read() as c:
            row = store.get_review(c, self._forum_id, item_id)
        if row is None:
            raise NoReview(item_id)
        return row

    def open_to(self, item_id: str, acting: Acting) -> ReviewRow:
        """Return an item that somebody may decide about, or has.

        Raises NoReview, and ReviewTaken where another has: before it is looked at what is said.
        """
        row = self.item(item_id)
        if row.state is ReviewState.DECIDED and row.decided_by != acting.actor.name:
            raise ReviewTaken(row.decided_by, row.decided_at)
        return row

    def subject(self, row: ReviewRow) -> Subject | None:
        """Return what an item is about; None where it is gone, or its words are."""
        return Looking(self._database, self._forum_id, self._publishing).subject(row)

    def titles(self, rows: Sequence[ReviewRow]) -> dict[str, str]:
        """Return a short line of what each item is about, by item; of bursts none."""
        return Looking(self._database, self._forum_id, self._publishing).titles(rows)

    def choices(self) -> dict[Target, list[str]]:
        """Return the labels to choose from; topics are those of cases, the commonest first."""
        with self._database.read() as c:
            topics = store.topics_of_cases(c, self._forum_id)
        return {
            Target.KIND: [kind.value for kind in Kind],
            Target.TOPIC: topics,
            Target.SEVERITY: ["1", "2", "3", "4"],
            Target.DESTINATION: [one.value for one in Destination],
        }

    def decide(self, item_id: str, verdict: Verdict, acting: Acting, now: datetime) -> ReviewRow:
        """Keep what somebody says of an item.

        The same verdict with another note changes the note. Raises NoReview, ReviewTaken where
        somebody said otherwise, BadField; of a proposal what publishing raises.
        """
        row = self.item(item_id)
        if row.state is ReviewState.DECIDED and row.decided_by not in (None, acting.actor.name):
            raise ReviewTaken(row.decided_by, row.decided_at)
        said = Said(acting, now, verdict)
        try:
            wanted = wanted_of(row, said)
        except BadField:
            # Nobody has said that of it: whoever did was first.
            if row.state is ReviewState.DECIDED:
                raise ReviewTaken(row.decided_by, row.decided_at) from None
            raise
        if row.subject is ReviewSubject.PROPOSAL:
            return self._publish(wanted, said)
        with self._database.write() as c:
            if row.subject is ReviewSubject.BURST:
                return self._settle(c, wanted, said)
            return self._label(c, wanted, said)

    def skip(
        self, item_id: str, acting: Acting, now: datetime, note: str | None = None
    ) -> ReviewRow:
        """Leave an item to nobody.

        Raises NoReview, ReviewTaken where it is decided, BadField for too long a note.
        """
        told = note_of(note)
        with self._database.write() as c:
            row = self._locked(c, item_id)
            if row.state is ReviewState.SKIPPED:
                return row
            if row.state is ReviewState.DECIDED:
                raise ReviewTaken(row.decided_by, row.decided_at)
            by = acting.actor.name
            skipped = replace(
                row, state=ReviewState.SKIPPED, note=told, decided_by=by, decided_at=now
            )
            store.decide_review(c, self._forum_id, skipped, row.state)
            acting.note(c, "review.skip", row.id, **noted(row, skipped))
        return skipped

    def undo(self, item_id: str, acting: Acting, now: datetime) -> ReviewRow:
        """Have an item wait again, and its case as it was before.

        Raises NoReview, and ReviewFinal for what has had its effect: a burst, a proposal.
        """
        with self._database.write() as c:
            row = self._locked(c, item_id)
            if row.state in (ReviewState.OPEN, ReviewState.EXPIRED):
                return row
            if row.state is ReviewState.DECIDED:
                if row.subject not in _LABELLED:
                    raise ReviewFinal(item_id)
                unteach(c, self._forum_id, row)
            undone = replace(
                row,
                state=ReviewState.OPEN,
                labels={},
                verdict=None,
                note=None,
                decided_by=None,
                decided_at=None,
                former=None,
                seen=row.seen or _is_shown(row),
            )
            store.decide_review(c, self._forum_id, undone, row.state)
            acting.note(c, "review.undo", row.id, **noted(row, undone))
        return undone

    def _label(self, c: store.Connection, wanted: ReviewRow, said: Said) -> ReviewRow:
        row = self._locked(c, wanted.id)
        if row.state is ReviewState.DECIDED:
            return self._again(c, row, wanted, said)
        labels = {Target(name): label for name, label in wanted.labels.items()}
        former = teach(c, self._forum_id, row, labels, said.at)
        return self._signed(c, row, replace(wanted, former=former, seen=row.seen), said)

    def _settle(self, c: store.Connection, wanted: ReviewRow, said: Said) -> ReviewRow:
        # Held first, as where bursts are settled: else two could wait for each other.
        store.get_burst(c, self._forum_id, wanted.subject_id)
        row = self._locked(c, wanted.id)
        if row.state is ReviewState.DECIDED:
            return self._again(c, row, wanted, said)
        counts = wanted.verdict is ReviewVerdict.COUNTED
        settle_burst(c, said.acting, wanted.subject_id, counts=counts, at=said.at)
        return self._signed(c, row, wanted, said)

    def _publish(self, wanted: ReviewRow, said: Said) -> ReviewRow:
        """Decide about a proposal and sign the item in one transaction.

        Where somebody did before, the proposal says whether it was the same.
        """
        if self._publishing is None:
            raise BadField("approve", "needs the threads of the forum, which are not open here")

        def sign(c: store.Connection) -> None:
            # What was decided just now has closed the item, in this transaction, by nobody.
            row = self._locked(c, wanted.id)
            if row.decided_by is not None or row.verdict is not wanted.verdict:
                raise ReviewTaken(row.decided_by, row.decided_at)
            self._signed(c, row, wanted, said)

        verdict, acting = said.verdict, said.acting
        try:
            if verdict.approve is not None:
                self._publishing.approve(wanted.subject_id, verdict.approve, acting, sign)
            else:
                self._publishing.refuse(wanted.subject_id, verdict.note, acting, sign)
        except AlreadyDecided:
            row = self.item(wanted.id)
            if row.state is ReviewState.DECIDED:
                raise ReviewTaken(row.decided_by, row.decided_at) from None
            raise
        with self._database.write() as c:
            return self._again(c, self._locked(c, wanted.id), wanted, said)

    def _again(
        self, c: store.Connection, row: ReviewRow, wanted: ReviewRow, said: Said
    ) -> ReviewRow:
        """Return a decided item to who says the same of it, with their note. Raises ReviewTaken."""
        same = (row.labels, row.verdict) == (wanted.labels, wanted.verdict)
        if not same or row.decided_by not in (None, wanted.decided_by):
            raise ReviewTaken(row.decided_by, row.decided_at)
        if row.note == wanted.note:
            return row
        return self._signed(c, row, replace(row, note=wanted.note), said)

    def _signed(
        self, c: store.Connection, row: ReviewRow, signed: ReviewRow, said: Said
    ) -> ReviewRow:
        """Keep what is said of an item, and who says it.

        Other rooms may have closed it already, in this very transaction.
        """
        held = store.get_review(c, self._forum_id, row.id)
        store.decide_review(c, self._forum_id, signed, held.state if held else row.state)
        said.acting.note(c, "review.decide", row.id, **noted(row, signed))
        return signed

    def _locked(self, c: store.Connection, item_id: str) -> ReviewRow:
        row = store.get_review(c, self._forum_id, item_id, lock=True)
        if row is None:
            raise NoReview(item_id)
        return row


def _is_shown(row: ReviewRow) -> bool:
    """Say whether whoever looks at an item of the lot has been told what the machine said."""
    return row.reason is ReviewReason.RANDOM and not row.blind
