"""A ticket as it stands in Zammad -> what becomes of its question, each step once.

In: a connection in a transaction that writes, the ticket with what was said in it. Out: the
question changed as staff changed the ticket: sent on, owned, answered, asked back, closed, opened.
Only the customer says that it is solved. What the lifecycle does not allow is left.
Not here: reading tickets (looking), moving between groups (rerouting).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triage import questions, store
from triage.connect.zammad.options import Phase, ZammadOptions
from triage.connect.zammad.tickets import Article, Ticket
from triage.filing.rerouting import Moved, reroute
from triage.filing.stepping import Stepping, Through
from triage.lifecycle import OPEN, State, Why
from triage.redaction import Redaction
from triage.text import clean, redact

_log = logging.getLogger(__name__)
# What staff ask in a ticket stands in words of their own, so that there is one code for it all.
ASKED = "ask_reply"
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Looked:
    """A ticket with what was said in it, as it was read."""

    ticket: Ticket
    articles: Sequence[Article]


def apply(
    c: store.Connection,
    through: Through,
    options: ZammadOptions,
    looked: Looked,
    redaction: Redaction,
    now: datetime,
) -> Moved | None:
    """Have a question follow its ticket; return what is to be said in it of a move.

    Nothing happens where the ticket is of no question, or is older than what was seen before.
    """
    ticket = looked.ticket
    filing = store.filing_of(c, through.forum_id, through.channel_id, ticket.id)
    if filing is None:
        return None
    told = questions.read(c, through.forum_id, filing.question_id, lock=True)
    # Read again behind the lock: somebody else may have looked in this moment.
    filing = store.get_filing(c, through.forum_id, filing.question_id, through.channel_id)
    if filing is None or (filing.changed_at and ticket.updated_at < filing.changed_at):
        return None
    step = Stepping(c, through, told, now)
    moved = None
    if filing.queue is not None and ticket.group != filing.queue:
        moved = reroute(step, options, ticket, filing.queue)
    if ticket.owner is not None and ticket.owner != filing.owner:
        _own(step, options, ticket)
    fresh = [one for one in looked.articles if int(one.id) > int(filing.said or 0)]
    for article in fresh:
        last = article is fresh[-1] or not any(one.of_staff for one in _after(fresh, article))
        _hear(step, options, ticket, article, redaction, asks=last)
    _stand(step, options, ticket, filing.state)
    seen = replace(
        filing,
        state=ticket.state,
        # One that could not be followed is tried once more until that is said on the ticket.
        queue=ticket.group if moved is None else filing.queue,
        owner=ticket.owner,
        said=looked.articles[-1].id if looked.articles else filing.said,
        changed_at=ticket.updated_at,
        seen_at=now,
    )
    store.keep_filing(c, through.forum_id, seen)
    return moved


def _own(step: Stepping, options: ZammadOptions, ticket: Ticket) -> None:
    """Have a question belong to whoever has taken its ticket, or was given it."""
    owner = step.name_of(options, ticket.owner)
    if owner is None:
        return
    by = step.name_of(options, ticket.updated_by) or owner
    question = step.question
    name = f"owner:{ticket.id}:{ticket.updated_at.isoformat()}"
    given = owner if owner != question.owner else None
    if question.state in (State.ESCALATED, State.RECEIVED, State.REOPENED):
        step.make(State.WITH_EXPERT, name, why=Why.TAKEN, by=by, owner=given)
    elif given is not None and question.state in OPEN:
        step.make(question.state, name, by=by, owner=given)


def _hear(
    step: Stepping,
    options: ZammadOptions,
    ticket: Ticket,
    article: Article,
    redaction: Redaction,
    *,
    asks: bool,
) -> None:
    """Take what was said to the customer, or by them; what is for staff alone stays there."""
    said = _safe(article.text, redaction)
    if not said or not (article.of_staff or article.of_customer):
        return
    name = f"article:{article.id}"
    by = step.name_of(options, article.by)
    state = step.question.state
    if article.of_customer:
        if state is State.WAITING_FOR_CUSTOMER:
            step.make(step.answering, name, why=Why.REPLIED, by=by, note=said)
        return
    if state in (State.CONFIRMED_SOLVED, State.CLOSED):
        # A last word to a customer who is content opens nothing again.
        return
    if asks and options.phase_of(ticket.state) is Phase.PENDING:
        _ask(step, name, by, said)
    else:
        answer = f"ticket:{ticket.id}:{article.id}"
        step.make(
            State.ANSWERED,
            name,
            why=Why.OTHER,
            by=by,
            answer_id=answer,
            answer_public=False,
            words=said,
        )


def _ask(step: Stepping, name: str, by: str | None, said: str) -> None:
    """Have the customer know that staff wait for them; asked once more they are told once more."""
    if step.question.state is State.WAITING_FOR_CUSTOMER:
        step.make(step.answering, f"{name}:again", why=Why.OTHER, by=by)
    elif step.question.state is State.ANSWERED:
        step.make(State.REOPENED, f"{name}:again", why=Why.OTHER, by=by)
    step.make(State.WAITING_FOR_CUSTOMER, name, by=by, asked=(ASKED,), words=said)


def _stand(step: Stepping, options: ZammadOptions, ticket: Ticket, former: str | None) -> None:
    """Have a question end, or begin again, as its ticket does."""
    if former is None or former == ticket.state:
        return
    name = f"state:{ticket.id}:{ticket.updated_at.isoformat()}"
    by = step.name_of(options, ticket.updated_by)
    before, now = options.phase_of(former), options.phase_of(ticket.state)
    over = (Phase.CLOSED, Phase.MERGED)
    if now in over and before not in over:
        # What is answered waits for the customer's word and nobody else's.
        if step.question.state in OPEN:
            why = Why.DUPLICATE if now is Phase.MERGED else Why.OTHER
            step.make(State.CLOSED, name, why=why, by=by)
    elif before in over and now not in over and step.question.state is State.CLOSED:
        step.make(State.REOPENED, name, why=Why.REPLIED, by=by)
    elif before in over and now is Phase.OPEN and step.question.state is State.ANSWERED:
        step.make(State.REOPENED, name, why=Why.REPLIED, by=by)


def _after(articles: Sequence[Article], one: Article) -> list[Article]:
    return [other for other in articles if int(other.id) > int(one.id)]


def _safe(text: str, redaction: Redaction) -> str:
    """Return words that may be kept; hosts and companies stay in what staff write."""
    told = text[:_LONGEST]
    return clean(redact(told, replace(redaction, business=False)).text).strip()
