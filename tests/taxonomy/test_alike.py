"""Topics that may be one and the same under two names are found."""

from triage.taxonomy import alike


def pairs(*labels: str) -> list[tuple[str, str]]:
    return [(one.one, one.other) for one in alike(labels)]


def test_names_that_differ_by_a_letter_or_a_sign_are_told() -> None:
    assert pairs("e_invoice", "e-invoices", "payments") == [("e_invoice", "e-invoices")]
    assert pairs("invoicing", "invoiceing", "bank_feed") == [("invoicing", "invoiceing")]


def test_names_that_mean_different_things_are_left_alone() -> None:
    assert pairs("payments", "performance", "print_templates", "portal_access") == []
    # Of the shortest names nearly all letters would be alike.
    assert pairs("vat", "cat") == []


def test_very_many_names_take_no_time_beside_the_rest() -> None:
    assert pairs(*(f"topic {number:05} of many" for number in range(0, 200_000, 1_000)))
