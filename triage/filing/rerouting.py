"""A ticket that was moved to another group -> its question goes the same way, and is learnt from.

In: a question that is locked, the ticket, what the channel says of groups. Out: the question with
the community, another topic, another team; the case that training learns it from; an act in the
log; or what is to be written on the ticket where it cannot follow.
Not here: learning (learn), which change is allowed (lifecycle).
"""

from dataclasses import dataclass

from triage import questions, store
from triage.connect.zammad.options import Group, ZammadOptions
from triage.connect.zammad.tickets import Ticket
from triage.filing.stepping import Stepping
from triage.lifecycle import OPEN, State, Why, name_owner
from triage.questions.settled import keep_correction
from triage.records import Destination


@dataclass(frozen=True, slots=True)
class Moved:
    """What staff are told on a ticket that its question could not follow; `code` is a phrase."""

    question_id: str
    ticket_id: str
    group: str
    code: str
    mark: str


def reroute(step: Stepping, options: ZammadOptions, ticket: Ticket, before: str) -> Moved | None:
    """Have a question follow its ticket to another group."""
    means = options.groups.get(ticket.group)
    if means is None:
        return None
    name = f"moved:{ticket.id}:{ticket.updated_at.isoformat()}"
    by = step.name_of(options, ticket.updated_by)
    topic_before, owner_before = step.told.row.topic, step.question.owner
    stood = step.question.destination
    if means.topic is not None:
        _about(step, means.topic)
    went = _send(step, means, name, by)
    learnt = keep_correction(
        step.c,
        step.through.forum_id,
        step.told,
        destination=_learnt(step, means, stood, went=went),
        topic=means.topic,
    )
    row = step.told.row
    step.through.note(
        step.c,
        "question.reroute",
        row.question_id,
        before={"group": before, "topic": topic_before, "owner": owner_before},
        after={
            "group": ticket.group,
            "topic": row.topic,
            "owner": row.owner,
            "destination": str(row.destination),
            "followed": went,
            "learnt": learnt,
        },
    )
    if went:
        return None
    code = "filing_not_moved" if row.shareable else "filing_not_shared"
    return Moved(row.question_id, ticket.id, ticket.group, code, name)


def _about(step: Stepping, topic: str) -> None:
    if step.told.row.topic == topic:
        return
    store.retopic_question(step.c, step.through.forum_id, step.question.question_id, topic)
    step.read_again()


def _send(step: Stepping, means: Group, name: str, by: str | None) -> bool:
    """Send a question where a group means that it goes; return whether it went."""
    if means.destination is Destination.COMMUNITY:
        return _to_community(step, name, by)
    if step.question.destination is Destination.COMMUNITY:
        back = step.question.state in OPEN and step.make(
            State.ESCALATED, f"{name}:back", why=Why.SENT_ON, by=by
        )
        if not back:
            return False
    owner = _owner(step, means)
    if owner is None or owner == step.question.owner:
        return True
    if step.question.state is State.ESCALATED:
        return step.make(State.WITH_EXPERT, name, why=Why.SENT_ON, by=by, owner=owner)
    # What is over has the owner that it had.
    return step.question.state not in OPEN or step.make(
        step.question.state, name, by=by, owner=owner
    )


def _to_community(step: Stepping, name: str, by: str | None) -> bool:
    if not step.question.shareable:
        return False
    if step.question.state in (State.ESCALATED, State.WAITING_FOR_CUSTOMER):
        # From there nothing leads to the community at once.
        step.make(step.answering, f"{name}:first", why=Why.SENT_ON, by=by)
    if step.question.state is State.WITH_COMMUNITY:
        return True
    return step.make(State.WITH_COMMUNITY, name, why=Why.SENT_ON, by=by)


def _owner(step: Stepping, means: Group) -> str | None:
    """Return who owns what lies in a group: whoever leads its team, or as the rules have it."""
    rules = questions.rules_of(step.c, step.through.forum_id)
    if means.team is not None:
        leads = rules.owners.teams.get(means.team)
        return leads if leads is not None and leads not in rules.owners.away else None
    row = step.told.row
    account = store.account_behind(step.c, step.through.forum_id, row.account, row.person)
    return name_owner(Destination.EXPERT, account, row.topic, rules.owners).owner


def _learnt(step: Stepping, means: Group, stood: Destination, *, went: bool) -> Destination | None:
    """Return who should have had it, as staff say.

    What may not be shared for what stands in it tells nothing of who could have answered it.
    Whoever moves it among experts says that they have it.
    """
    if means.destination is Destination.COMMUNITY:
        free = bool(step.told.row.decision.get("public_allowed"))
        return Destination.COMMUNITY if went or free else None
    back = stood is Destination.COMMUNITY or means.topic is not None
    if went and back and step.question.destination is Destination.EXPERT:
        return Destination.EXPERT
    return means.destination
