"""The asks that a policy would send another way, as far as a trial kept which they are.

In: rows of a trial. Out: what was asked, what decides then and now, who really had to answer.
Not here: which asks these are (policies.simulation), the figures of a trial (policy_trial).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage import store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.policy_words import decided_said
from triage.kept import kept_question
from triage.records import Destination
from triage.store.activity import AskLinks

_LONGEST = 140


@dataclass(frozen=True, slots=True)
class MovedAsk:
    """One ask that would go another way; `words` are None where they are kept no more."""

    ask_id: str
    words: str | None
    lang: str | None
    current: str
    draft: str
    truth: str
    wrong: bool
    explanation: str | None
    question: str | None


def moved_asks(
    here: Here, moved: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[MovedAsk, ...]]]:
    """Give the asks that would go another way: to experts, then to the community."""
    if not moved:
        return
    with here.database().read() as c:
        ids = [one["ask_id"] for one in moved]
        links = store.links_of_asks(c, here.forum.id, ids)
        told = {
            ask_id: None
            if to.triage_id is None
            else store.get_triage(c, here.forum.id, to.triage_id)
            for ask_id, to in links.items()
        }
    for to in (Destination.EXPERT, Destination.COMMUNITY):
        found = tuple(
            _moved_ask(here, one, told[one["ask_id"]], links[one["ask_id"]])
            for one in moved
            if one["to"] == to
        )
        if found:
            yield here.part(f"moved_to_{to}"), found


def _moved_ask(
    here: Here,
    one: Mapping[str, Any],
    row: store.TriageRow | None,
    links: AskLinks,
) -> MovedAsk:
    question = None if row is None else kept_question(row)
    words = "" if question is None else (question.title or question.body)
    truth = one["truth"]
    return MovedAsk(
        ask_id=one["ask_id"],
        words=None if not words else _shortened(words),
        lang=None if question is None else question.lang,
        current=decided_said(here, one["current"]),
        draft=decided_said(here, one["draft"]),
        truth=here.say("lead.unknown") if truth is None else here.say(f"value.{truth}"),
        wrong=truth is not None and truth != one["to"],
        explanation=_at(links.triage_id, "/v1/triage/{}/explanation".format),
        question=_at(links.question_id, lambda found: href("questions", found)),
    )


def _at(found: str | None, address: Callable[[str], str]) -> str | None:
    return None if found is None else address(found)


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
