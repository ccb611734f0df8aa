"""Matches and labels -> what is shown, who answers, who may read, and why. Pure.

In: values. Out: one decision with its reasons. The policy and the gate are values like the others.
Not here: words for people (phrases), probabilities (rank, classify), from which probability on
something is shown (gate), what a wrong way costs (costs), any clock or disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from triage.costs import SEVERE, Costs
from triage.gate import Gate
from triage.records import (
    Decision,
    Destination,
    Label,
    Labels,
    Match,
    Novelty,
    Question,
    Reason,
    SameQuestion,
    Target,
    Thread,
    Tone,
    Visibility,
)

# What a first redaction always takes out but what alone does not make a question private: a
# person who leaves a phone number in a how-to question is not telling a secret.
CONTACT_TYPES = frozenset({"email", "phone"})
_LIKELIER = 0.5


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one forum.

    At most `most_shown` threads are offered; `same_question_from` is the probability from which
    one that waits for an answer is named as the same question; `severe` are the worst severities,
    which always go to experts; `cared_for` the tones of which the same is true; `novel_to_expert`
    says so of what is surely new to the forum. Any other question goes where it is expected to
    cost less by `costs`. `closed_groups` are those whose members may not post publicly.

    An angry customer is not one of them by default: anger says how something was written, not who
    can answer it, and taking a question out of the community because of its tone would teach people
    to shout. The lead is told and may step in. Who speaks of leaving is another matter: what a
    wrong answer costs there is the customer.
    """

    most_shown: int = 3
    same_question_from: float = 0.5
    costs: Costs = field(default_factory=Costs)
    default_destination: Destination = Destination.COMMUNITY
    severe: frozenset[int] = frozenset({1})
    closed_groups: frozenset[str] = frozenset()
    cared_for: frozenset[Tone] = frozenset({Tone.AT_RISK})
    novel_to_expert: bool = True


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
        for_leads=_for_leads(labels),
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
    severity = _sure(labels, Target.SEVERITY)
    if severity in {str(s) for s in policy.severe}:
        return Destination.EXPERT, Reason("severity", {"severity": str(severity)})
    if _sure(labels, Target.TONE) in policy.cared_for:
        # The words of this reason are for whoever asks; why in truth is told to leads.
        return Destination.EXPERT, Reason("expert_care")
    if policy.novel_to_expert and _sure(labels, Target.SCOPE) == Novelty.NOVEL:
        # The other heads know nothing of it either, so their word about it is not asked.
        return Destination.EXPERT, Reason("novel")
    if expert is None:
        return policy.default_destination, Reason("unrouted")
    return _by_costs(expert, _severe_probability(labels.get(Target.SEVERITY, Label())), policy)


def _by_costs(expert: float, severe: float, policy: Policy) -> tuple[Destination, Reason]:
    """Return whoever is the cheaper bet; the words of the reason are no surer than the heads."""
    if policy.costs.favour_expert(expert, severe):
        code = "needs_expert" if expert >= _LIKELIER else "expert_in_case"
        return Destination.EXPERT, Reason(code, {"percent": _percent(expert)})
    code = "community_can" if expert < _LIKELIER else "community_first"
    return Destination.COMMUNITY, Reason(code, {"percent": _percent(1 - expert)})


def _sure(labels: Labels, target: Target) -> str | float | None:
    """Return a label's value, None where it abstains."""
    label = labels.get(target, Label())
    return None if label.abstained else label.value


def _for_leads(labels: Labels) -> tuple[Reason, ...]:
    """Return what a lead is told of the customer, whatever decided where the question goes."""
    tone = _sure(labels, Target.TONE)
    percent = {"percent": _percent(labels[Target.TONE].probability or 0.0)} if tone else {}
    if tone == Tone.AT_RISK:
        return (Reason("at_risk", percent),)
    if tone == Tone.ANGRY:
        return (Reason("angry", percent),)
    return ()


def _expert_probability(label: Label) -> float | None:
    """Read P(expert) from the destination head; None when there is no head.

    An abstaining head still says which side is likelier: below the wanted precision the costs of
    the policy decide all the same, and the reply shows that the label abstained.
    """
    if label.probability is None:
        return None
    if label.value == Destination.EXPERT:
        return label.probability
    return 1 - label.probability


def _severe_probability(label: Label) -> float:
    """Read P(severity 1 or 2), as far as the label tells it; 0 when there is no head.

    An abstaining head counts here as well: what is unsure is weighed as unsure.
    """
    told = [(label.value, label.probability), *label.alternatives]
    severe = {str(worst) for worst in SEVERE}
    return min(1.0, sum(p for name, p in told if str(name) in severe and p is not None))


def _visibility(question: Question, destination: Destination, policy: Policy) -> Visibility:
    if destination is Destination.EXPERT:
        return Visibility.PRIVATE
    if question.groups & policy.closed_groups:
        return Visibility.GROUP
    return Visibility.PUBLIC


def _percent(probability: float) -> int:
    # Nobody is told that something is certain or impossible.
    return min(99, max(1, round(100 * probability)))
