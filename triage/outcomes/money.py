"""Posts prevented -> what that saved, with all that is not known of it.

In: how many posts were prevented, at least and at most; what is stated of costs. Out: sums of
money, each between two others.
Not here: how many posts were prevented (experiment), which money it is.

A cost is stated by people, not measured. Where they state a range, the interval of what was saved
goes from the least to the most that both can make together: it holds in 95 % of cases if the true
cost is within the range.
"""

from dataclasses import dataclass

Prevented = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Costs:
    """What one post costs, at least and at most where that is stated, and the service itself.

    `service` is what the service cost in the period of the report.
    """

    per_post: float
    low: float | None = None
    high: float | None = None
    service: float | None = None


def money(prevented: Prevented | None, costs: Costs | None) -> dict[str, float | None]:
    """Return what preventing posts saved, and what is left of it when the service is paid."""
    if prevented is None or costs is None:
        return dict.fromkeys(("saved", "saved_low", "saved_high", "net", "net_low", "net_high"))
    value, low, high = prevented
    least = costs.per_post if costs.low is None else costs.low
    most = costs.per_post if costs.high is None else costs.high
    corners = [number * cost for number in (low, high) for cost in (least, most)]
    saved = {
        "saved": value * costs.per_post,
        "saved_low": min(corners),
        "saved_high": max(corners),
    }
    paid = costs.service
    net = {
        name.replace("saved", "net"): None if paid is None else sum_ - paid
        for name, sum_ in saved.items()
    }
    return {**saved, **net}
