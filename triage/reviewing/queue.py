"""The review queue of one forum -> what a lead sees of it and says, kept once, undone if wished.

In: an item's id, what is said of it, who says so. Out: the item as it stands then. Of two who
decide at once the second is told who was first; the same word twice is one.
Not here: what is drawn (drawing), what becomes of labels (teaching), who may (api).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from triage import store
from triage.answers.publishing import Publishing
from triage.audit.acting import Acting, plain_reason
from triage.errors import BadField, NoReview, ReviewFinal, ReviewTaken
from triage.measuring.steering import settle_burst
from triage.records import Destination, Kind, Target
from triage.reviewing.looking import Looking
from triage.reviewing.teaching import checked, teach, unteach
from triage.reviewing.values import Progress, Subject, Verdict
from triage.store import (
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewSubject,
    ReviewVerdict,
)

_LABELLED = (ReviewSubject.ASK, ReviewSubject.QUESTION, ReviewSubject.CASE)
_LONGEST_NOTE = 2_000


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
        """Return items in the order in which to look at them, beginning behind `after`."""
        with self._database.read() as c:
            last = None if after is None else store.get_review(c, self._forum_id, after)
            return store.list_reviews(c, self._forum_id, state, reason, after=last, limit=limit)

    def next_after(
        self, item_id: str | None, reason: ReviewReason | None = None
    ) -> ReviewRow | None:
        """Return the open item to look at behind another one, else the first; None: all is done."""
        behind = self.listed(reason=reason, after=item_id, limit=1)
        found = behind or self.listed(reason=reason, limit=1)
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

        Raises NoReview, ReviewTaken where somebody said otherwise, BadField; of a proposal what
        publishing raises.
        """
        row = self.item(item_id)
        if row.subject in _LABELLED:
            return self._label(row, verdict, acting, now)
        of_burst = row.subject is ReviewSubject.BURST
        said = _burst_said(verdict) if of_burst else _proposal_said(verdict)
        if row.state is ReviewState.DECIDED:
            return _same_or_taken(row, replace(row, verdict=said, decided_by=acting.actor.name))
        if not of_burst:
            self._publish(row, verdict, acting)
        with self._database.write() as c:
            if of_burst:
                counts = said is ReviewVerdict.COUNTED
                settle_burst(c, acting, row.subject_id, counts=counts, at=now)
            return self._signed(c, row, said, verdict.note, acting, now)

    def skip(self, item_id: str, acting: Acting, now: datetime) -> ReviewRow:
        """Leave an item to nobody. Raises NoReview, ReviewTaken where it is decided."""
        with self._database.write() as c:
            row = self._locked(c, item_id)
            if row.state is ReviewState.SKIPPED:
                return row
            if row.state is ReviewState.DECIDED:
                raise ReviewTaken(row.decided_by, row.decided_at)
            skipped = replace(
                row, state=ReviewState.SKIPPED, decided_by=acting.actor.name, decided_at=now
            )
            store.decide_review(c, self._forum_id, skipped, row.state)
            acting.note(c, "review.skip", row.id, **_noted(row, skipped))
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
            )
            store.decide_review(c, self._forum_id, undone, row.state)
            acting.note(c, "review.undo", row.id, **_noted(row, undone))
        return undone

    def _label(self, row: ReviewRow, verdict: Verdict, acting: Acting, now: datetime) -> ReviewRow:
        labels = checked(row, verdict.labels)
        with self._database.write() as c:
            row = self._locked(c, row.id)
            decided = replace(
                row,
                state=ReviewState.DECIDED,
                labels={target.value: label for target, label in labels.items()},
                verdict=ReviewVerdict.LABELLED,
                note=_note(verdict.note),
                decided_by=acting.actor.name,
                decided_at=now,
            )
            if row.state is ReviewState.DECIDED:
                return _same_or_taken(row, decided)
            decided = replace(decided, former=teach(c, self._forum_id, row, labels, now))
            # A settled doubt has closed its item already, in this very transaction.
            held = store.get_review(c, self._forum_id, row.id)
            store.decide_review(c, self._forum_id, decided, held.state if held else row.state)
            acting.note(c, "review.decide", row.id, **_noted(row, decided))
        return decided

    def _publish(self, row: ReviewRow, verdict: Verdict, acting: Acting) -> None:
        if self._publishing is None:
            raise BadField("approve", "needs the threads of the forum, which are not open here")
        if verdict.approve is not None:
            self._publishing.approve(row.subject_id, verdict.approve, acting)
        else:
            self._publishing.refuse(row.subject_id, verdict.note, acting)

    def _signed(
        self,
        c: store.Connection,
        row: ReviewRow,
        said: ReviewVerdict,
        note: str | None,
        acting: Acting,
        now: datetime,
    ) -> ReviewRow:
        """Keep who decided about what other rooms have decided and closed by now."""
        closed = self._locked(c, row.id)
        signed = replace(
            closed,
            state=ReviewState.DECIDED,
            verdict=said,
            note=_note(note),
            decided_by=acting.actor.name,
            decided_at=now,
        )
        store.decide_review(c, self._forum_id, signed, closed.state)
        acting.note(c, "review.decide", row.id, **_noted(row, signed))
        return signed

    def _locked(self, c: store.Connection, item_id: str) -> ReviewRow:
        row = store.get_review(c, self._forum_id, item_id, lock=True)
        if row is None:
            raise NoReview(item_id)
        return row


def _burst_said(verdict: Verdict) -> ReviewVerdict:
    if verdict.counts is None or verdict.labels or verdict.approve or verdict.refuse:
        raise BadField("counts", "is what is said of a burst: true or false, and nothing else")
    return ReviewVerdict.COUNTED if verdict.counts else ReviewVerdict.LEFT_OUT


def _proposal_said(verdict: Verdict) -> ReviewVerdict:
    both = verdict.refuse == (verdict.approve is not None)
    if both or verdict.labels or verdict.counts is not None:
        raise BadField("approve", "or `refuse` is what is said of a proposal, one of the two")
    return ReviewVerdict.REFUSED if verdict.refuse else ReviewVerdict.APPROVED


def _same_or_taken(row: ReviewRow, wanted: ReviewRow) -> ReviewRow:
    """Return a decided item to who says the same of it again. Raises ReviewTaken."""
    same = (row.labels, row.verdict) == (wanted.labels, wanted.verdict)
    if same and row.decided_by in (None, wanted.decided_by):
        return row
    raise ReviewTaken(row.decided_by, row.decided_at)


def _note(said: str | None) -> str | None:
    told = " ".join(said.split()) if said else ""
    return plain_reason(told[:_LONGEST_NOTE]) or None if told else None


def _noted(before: ReviewRow, after: ReviewRow) -> dict[str, Mapping[str, Any]]:
    """Return what is noted of a change: what it is about, and what was said."""
    told = {"subject": after.subject.value, "subject_id": after.subject_id}
    return {
        "before": {"state": before.state.value, **dict(before.labels)},
        "after": {
            "state": after.state.value,
            "why": after.reason.value,
            **told,
            **dict(after.labels),
            "verdict": after.verdict.value if after.verdict else None,
        },
    }
