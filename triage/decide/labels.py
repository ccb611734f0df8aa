"""What the labels of a question say, as far as a policy believes them. Pure."""

from collections.abc import Mapping

from triage.costs import SEVERE
from triage.records import Destination, Label, Labels, Target

_NO_LABEL = Label()


def sure(labels: Labels, target: Target, precision: Mapping[Target, float]) -> str | float | None:
    """Return a label's value, None where it abstains or is less precise than the policy wants."""
    label = labels.get(target, _NO_LABEL)
    wanted = precision.get(target)
    if label.abstained or (wanted is not None and (label.probability or 0.0) < wanted):
        return None
    return label.value


def read_label(labels: Labels, target: Target) -> str | None:
    """Return what a label says, whatever a policy wants of it; None where it abstains."""
    found = sure(labels, target, {})
    return None if found is None else str(found)


def worst_severity(labels: Labels, *told: int | None) -> int | None:
    """Return the worst of what is predicted and what people have told; 1 is the worst."""
    predicted = read_label(labels, Target.SEVERITY)
    known = [one for one in told if one is not None]
    if predicted is not None:
        known.append(int(float(predicted)))
    return min(known, default=None)


def expert_probability(labels: Labels) -> float | None:
    """Read P(expert) from the destination head; None when there is no head.

    An abstaining head still says which side is likelier: below the wanted precision the costs of
    the policy decide all the same, and the reply shows that the label abstained.
    """
    label = labels.get(Target.DESTINATION, _NO_LABEL)
    if label.probability is None:
        return None
    return label.probability if label.value == Destination.EXPERT else 1 - label.probability


def severe_probability(labels: Labels) -> float:
    """Read P(severity 1 or 2), as far as the label tells it; 0 when there is no head.

    An abstaining head counts here as well: what is unsure is weighed as unsure.
    """
    label = labels.get(Target.SEVERITY, _NO_LABEL)
    told = [(label.value, label.probability), *label.alternatives]
    severe = {str(worst) for worst in SEVERE}
    return min(1.0, sum(p for name, p in told if str(name) in severe and p is not None))
