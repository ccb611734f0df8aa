"""/lead/review: one item that wants a person's word, beside the list of what else does.

In: a lead or an administrator, and which reason or state the address asks for. Out: the page, the
next item at once after a decision, and the way to take the last one back.
Not here: one item (review_item), what helps to decide it (review_evidence), the queue (reviewing).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from triage.api.pages.lead.here import Here, done, href, lead_page, trouble
from triage.api.pages.lead.review_evidence import Evidence, evidence_of
from triage.api.pages.lead.review_item import item_shown, named
from triage.api.pages.lead.review_sent import yours
from triage.api.pages.lead.review_special import special_of
from triage.api.problems import PROBLEMS, Problem
from triage.errors import BadField, NoReview, TriageError
from triage.reviewing import LONGEST_NOTE, Reviewing
from triage.store import ReviewReason, ReviewRow, ReviewState, ReviewSubject

TAB = "review"
KEPT = frozenset({"reason", "state", "last"})
_LISTED = 50
_STATES = (ReviewState.OPEN, ReviewState.DECIDED, ReviewState.SKIPPED)
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. `wordless`: it should have a title, but the words are gone."""

    href: str
    reason: str
    title: str | None
    wordless: bool
    lang: str | None
    said: str
    current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of what is listed."""

    said: str
    href: str
    count: str
    on: bool


@dataclass(frozen=True)
class Queue:
    """The queue as one address asks for it: all of it, or that of one reason or state."""

    here: Here
    reviewing: Reviewing
    reason: ReviewReason | None
    state: ReviewState

    @property
    def query(self) -> dict[str, str]:
        """What of the address stays from item to item."""
        state = self.state.value
        return self.onward if self.state is ReviewState.OPEN else {**self.onward, "state": state}

    @property
    def onward(self) -> dict[str, str]:
        """What of the address stays where one goes on to what is open."""
        return {} if self.reason is None else {"reason": self.reason.value}

    def link(self, *rest: str, **more: str) -> str:
        """Return the address of the queue or of a page below it, for the same reason and state."""
        return href(TAB, *rest, **{**self.query, **more})


def queue_of(here: Here, reviewing: Reviewing) -> Queue:
    """Return what an address asks for; a reason or a state that there is not is none."""
    given = here.request.query_params
    reason, state = given.get("reason"), given.get("state")
    return Queue(
        here,
        reviewing,
        ReviewReason(reason) if reason in set(ReviewReason) else None,
        ReviewState(state) if state in _STATES else ReviewState.OPEN,
    )


def review_page(
    queue: Queue,
    review_id: str | None,
    *,
    alarm: str = "",
    status: int = 200,
    typed: Mapping[str, str] = _NOTHING,
) -> Response:
    """Answer with an item and the list beside it; without an id it is the first one of the list.

    `typed` is what a form that could not be saved held. Raises NoReview.
    """
    here, reviewing = queue.here, queue.reviewing
    rows = reviewing.listed(queue.state, queue.reason, None, _LISTED + 1)
    row = reviewing.item(review_id) if review_id is not None else next(iter(rows), None)
    progress = reviewing.progress(here.now.date())
    values: dict[str, Any] = {
        "queue": queue,
        "chips": _chips(queue),
        "listed": _listed(queue, rows[:_LISTED], row),
        "more": max(0, len(rows) - _LISTED),
        "done": progress.done,
        "of": progress.of,
        "last": _last(queue),
        "next_href": href(TAB, **queue.onward),
        "can_undo": can_undo,
        "empty": _emptiness(queue, progress.of),
        # Who goes from item to item is not led through the frame each time.
        "focus": review_id is not None,
        "item": None,
        "gone": None,
        "special": None,
        "typed": typed,
        "yours": yours(here, typed),
        "longest_note": LONGEST_NOTE,
        **({} if row is None else _values_of(queue, row, typed)),
    }
    request, user = here.request, here.user
    return lead_page(
        request,
        user,
        TAB,
        "lead/review",
        status=status,
        alarm=alarm,
        keeps=KEPT,
        here=here,
        # The address of a form is none to read again in another language.
        path=href(TAB, row.id) if status >= 400 and row is not None else None,
        **values,
    )


def refused(
    queue: Queue, review_id: str, error: TriageError | Problem, typed: Mapping[str, str]
) -> Response:
    """Answer with the item and what kept it from being decided; raise what is not of the item."""
    status = PROBLEMS[error.code].status
    if status >= 500 or isinstance(error, NoReview):
        raise error
    too_long = isinstance(error, BadField) and error.field == "note"
    alarm = queue.here.part("wrong_note") if too_long else trouble(queue.here, error)
    return review_page(queue, review_id, alarm=alarm, status=status, typed=typed)


def onward(queue: Queue, row: ReviewRow) -> Response:
    """Go on to the next item; the page says what was just done, and how it is taken back."""
    after = queue.reviewing.next_after(row.id, queue.reason)
    path = href(TAB) if after is None else href(TAB, after.id)
    return done(queue.here.request, TAB, row.state.value, path, **queue.onward, last=row.id)


def can_undo(row: ReviewRow) -> bool:
    """Say whether a decision can be taken back: what became of bursts and proposals is final."""
    final = row.subject in (ReviewSubject.BURST, ReviewSubject.PROPOSAL)
    decided = row.state in (ReviewState.DECIDED, ReviewState.SKIPPED)
    return decided and not (final and row.state is ReviewState.DECIDED)


def _emptiness(queue: Queue, of: int) -> str:
    """Return why there is nothing to show."""
    if queue.state is not ReviewState.OPEN:
        return "state"
    if queue.reason is not None:
        return "reason"
    return "done" if of else "never"


def _by(here: Here, row: ReviewRow) -> str:
    """Return what became of an item, who says so and when."""
    said = "" if row.labels else _decided(here, row)
    state = said or here.part(f"state_{row.state}")
    who = f", {row.decided_by}" if row.decided_by else ""
    at = f", {row.decided_at:%Y-%m-%d %H:%M} UTC" if row.decided_at else ""
    return f"{state}{who}{at}"


def _values_of(queue: Queue, row: ReviewRow, typed: Mapping[str, str]) -> dict[str, Any]:
    here, subject = queue.here, queue.reviewing.subject(row)
    if subject is None:
        return {"gone": row, "gone_reason": here.part(f"reason_{row.reason}")}
    return {
        "item": item_shown(here, row, subject, queue.reviewing.choices(), typed),
        "special": special_of(here, row, subject, typed),
        "by": _by(here, row),
        "evidence": evidence_of(here, row, subject) if row.targets else Evidence(),
    }


def _chips(queue: Queue) -> list[Chip]:
    """Return the reasons that have open items, and the other states."""
    here, counts = queue.here, queue.reviewing.counts()
    whole = queue.state is ReviewState.OPEN
    open_ones = sum(counts.values())
    found = [_chip(here, "all", href(TAB), open_ones, on=whole and queue.reason is None)]
    for reason in ReviewReason:
        if counts.get(reason) or queue.reason is reason:
            on = whole and queue.reason is reason
            link = href(TAB, reason=reason.value)
            found.append(_chip(here, f"reason_{reason}", link, counts.get(reason, 0), on=on))
    for state in _STATES[1:]:
        on = queue.state is state
        found.append(_chip(here, f"state_{state}", href(TAB, state=state.value), None, on=on))
    return found


def _chip(here: Here, word: str, link: str, count: int | None, *, on: bool) -> Chip:
    return Chip(here.part(word), link, "" if count is None else here.numbers.count(count), on)


def _listed(queue: Queue, rows: list[ReviewRow], current: ReviewRow | None) -> list[Listed]:
    titles = queue.reviewing.titles(rows)
    return [
        Listed(
            href=queue.link(row.id),
            reason=queue.here.part(f"reason_{row.reason}"),
            title=titles.get(row.id),
            wordless=row.id not in titles and row.subject is not ReviewSubject.BURST,
            lang=row.lang,
            said=_decided(queue.here, row),
            current=current is not None and row.id == current.id,
        )
        for row in rows
    ]


def _last(queue: Queue) -> tuple[ReviewRow, str] | None:
    """Return the item that was decided just now and what was said of it; None where none was."""
    last = queue.here.request.query_params.get("last")
    if not last:
        return None
    try:
        row = queue.reviewing.item(last)
    except NoReview:
        return None
    return None if row.state is ReviewState.OPEN else (row, _decided(queue.here, row))


def _decided(here: Here, row: ReviewRow) -> str:
    """Return what was said of an item, in short."""
    if row.labels:
        return ", ".join(named(here, target, value) for target, value in row.labels.items())
    return here.part(f"verdict_{row.verdict}") if row.verdict else ""
