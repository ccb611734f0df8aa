"""One question -> one decision. Pure.

In: a question, its matches and labels, a policy, a gate, the circumstances. Out: the decision.
Not here: who answers (routing), reading labels (labels).
"""

from collections.abc import Mapping, Sequence

from triage.decide.gate import Gate
from triage.decide.labels import expert_probability, sure
from triage.decide.routing import (
    Asked,
    percent_of,
    route,
    secret_types,
    turns,
)
from triage.policy import Circumstances, Policy
from triage.records import (
    Decision,
    Destination,
    Labels,
    Match,
    Question,
    Reason,
    SameQuestion,
    Target,
    Thread,
    Tone,
    Visibility,
)

_UNKNOWN = Circumstances()


def decide(
    question: Question,
    matches: Sequence[Match],
    threads: Mapping[str, Thread],
    labels: Labels,
    policy: Policy,
    gate: Gate,
    around: Circumstances = _UNKNOWN,
) -> Decision:
    """Decide about one question; `matches` are best first, `threads` holds each of them.

    Shown is what may settle the question and passes the gate for its language.
    """
    passed = [m for m in matches if gate.passes(m.probability, question.lang)]
    shown = tuple(m for m in passed if settles(threads[m.thread_id]))[: policy.most_shown]
    same = tuple(
        SameQuestion(m.thread_id)
        for m in matches
        if m.probability >= policy.same_question_from and _waits(threads[m.thread_id])
    )[: policy.most_shown]
    asked = Asked(question, labels, policy, around)
    taken = route(asked)
    visibility = _visibility(question, taken.destination, policy)
    reasons = [taken.reason, *_besides(policy, around, taken.destination, visibility)]
    if not shown:
        reasons.append(Reason("nothing_known" if not matches else "nothing_sure"))
    expert = expert_probability(labels)
    return Decision(
        shown,
        same,
        taken.destination,
        expert if taken.destination is Destination.EXPERT or expert is None else 1 - expert,
        visibility,
        public_allowed=_may_be_public(question, policy),
        reasons=tuple(reasons),
        for_leads=_for_leads(labels, policy),
        policy_version=around.policy_version,
        decided_by=taken.named,
        would_change=turns(asked, taken),
        cut=taken.cut,
    )


def settles(thread: Thread) -> bool:
    """Say whether a thread may be offered as a solution at all, however probable."""
    return bool(thread.answers) and thread.solved and thread.superseded_by is None


def _waits(thread: Thread) -> bool:
    return not thread.solved


def _may_be_public(question: Question, policy: Policy) -> bool:
    confidential = question.confidential >= policy.confidential_from
    closed = bool(question.groups & policy.closed_groups)
    return not (confidential or closed or secret_types(question, policy))


def _besides(
    policy: Policy, around: Circumstances, destination: Destination, visibility: Visibility
) -> list[Reason]:
    """Return what the asker should know beside who answers: who reads, and when experts are in."""
    if visibility is Visibility.GROUP:
        return [Reason("closed_group")]
    hours, now = policy.hours, around.now
    if destination is Destination.EXPERT and hours and now and not hours.is_open(now):
        opens = hours.opens(now)
        if opens is not None:
            return [Reason("experts_away", {"opens": f"{opens:%Y-%m-%d %H:%M}"})]
    return []


def _for_leads(labels: Labels, policy: Policy) -> tuple[Reason, ...]:
    """Return what a lead is told of the customer, whatever decided where the question goes."""
    tone = sure(labels, Target.TONE, policy.precision)
    percent = {"percent": percent_of(labels[Target.TONE].probability or 0.0)} if tone else {}
    if tone == Tone.AT_RISK:
        return (Reason("at_risk", percent),)
    if tone == Tone.ANGRY:
        return (Reason("angry", percent),)
    return ()


def _visibility(question: Question, destination: Destination, policy: Policy) -> Visibility:
    if destination is Destination.EXPERT:
        return Visibility.PRIVATE
    if question.groups & policy.closed_groups:
        return Visibility.GROUP
    return Visibility.PUBLIC
