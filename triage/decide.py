"""Matches and labels -> what is shown, who answers, who may read, and why. Pure.

In: values. Out: one decision with its reasons. The policy and the gate are values like the others.
Not here: words for people (phrases), probabilities (rank, classify), from which probability on
something is shown (gate), any clock or disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.gate import Gate
from triage.records import (
    Decision,
    Destination,
    Label,
    Labels,
    Match,
    Question,
    Reason,
    SameQuestion,
    Target,
    Thread,
    Visibility,
)

# What a first redaction always takes out but what alone does not make a question private: a
# person who leaves a phone number in a how-to question is not telling a secret.
CONTACT_TYPES = frozenset({"email", "phone"})


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one forum.

    At most `most_shown` threads are offered; `same_question_from` is the probability from which
    one that waits for an answer is named as the same question; `expert_from` the probability of
    needing an expert from which one gets the question; `severe` the worst severities, which always
    go to experts; `closed_groups` those whose members may not post publicly.
    """

    most_shown: int = 3
    same_question_from: float = 0.5
    expert_from: float = 0.5
    default_destination: Destination = Destination.COMMUNITY
    severe: frozenset[int] = frozenset({1})
    closed_groups: frozenset[str] = frozenset()


def decide(
    question: Question,
    matches: Sequence[Match],
    threads: Mapping[str, Thread],
    labels: Labels,
    policy: Policy,
    gate: Gate,
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
    expert = _expert_probability(labels.get(Target.DESTINATION, Label()))
    destination, why = _destination(question, labels, expert, policy)
    reasons = [why]
    visibility = _visibility(question, destination, policy)
    if visibility is Visibility.GROUP:
        reasons.append(Reason("closed_group"))
    if not shown:
        reasons.append(Reason("nothing_known" if not matches else "nothing_sure"))
    return Decision(
        shown,
        same,
        destination,
        expert if destination is Destination.EXPERT or expert is None else 1 - expert,
        visibility,
        public_allowed=not _secrets(question) and visibility is not Visibility.GROUP,
        reasons=tuple(reasons),
    )


def settles(thread: Thread) -> bool:
    """Say whether a thread may be offered as a solution at all, however probable."""
    return bool(thread.answers) and thread.solved and thread.superseded_by is None


def _waits(thread: Thread) -> bool:
    return not thread.solved


def _secrets(question: Question) -> list[str]:
    return sorted({f.type for f in question.sensitive} - CONTACT_TYPES)


def _destination(
    question: Question, labels: Labels, expert: float | None, policy: Policy
) -> tuple[Destination, Reason]:
    """Return who answers and why; the first rule that applies decides."""
    secret = _secrets(question)
    if secret:
        return Destination.EXPERT, Reason("sensitive", {"types": ", ".join(secret)})
    if question.customer_severity in policy.severe:
        return Destination.EXPERT, Reason("customer_severity")
    severity = labels.get(Target.SEVERITY, Label())
    if not severity.abstained and severity.value in {str(s) for s in policy.severe}:
        return Destination.EXPERT, Reason("severity", {"severity": str(severity.value)})
    if expert is None:
        return policy.default_destination, Reason("unrouted")
    if expert >= policy.expert_from:
        return Destination.EXPERT, Reason("needs_expert", {"percent": _percent(expert)})
    return Destination.COMMUNITY, Reason("community_can", {"percent": _percent(1 - expert)})


def _expert_probability(label: Label) -> float | None:
    """Read P(expert) from the destination head; None when there is no head.

    An abstaining head still says which side is likelier: below the wanted precision the cut of
    the policy decides, and the reply shows that the label abstained.
    """
    if label.probability is None:
        return None
    if label.value == Destination.EXPERT:
        return label.probability
    return 1 - label.probability


def _visibility(question: Question, destination: Destination, policy: Policy) -> Visibility:
    if destination is Destination.EXPERT:
        return Visibility.PRIVATE
    if question.groups & policy.closed_groups:
        return Visibility.GROUP
    return Visibility.PUBLIC


def _percent(probability: float) -> int:
    # Nobody is told that something is certain or impossible.
    return min(99, max(1, round(100 * probability)))
