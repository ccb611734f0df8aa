"""The slices in which a new model must not be worse."""

from triage.classify import Facts
from triage.learn.statistics.slices import slices_of
from triage.records import Case


def found(cases: list[Case], new: list[bool] | None = None) -> dict[str, list[int]]:
    facts = [Facts(new_account=n) for n in (new or [False] * len(cases))]
    slices = slices_of(cases, facts, [c.kind for c in cases])
    return {name: places.tolist() for name, places in slices.items()}


def case(**fields: object) -> Case:
    return Case("c", "Question", "", **fields)  # type: ignore[arg-type]


def test_every_slice_of_the_issue_is_there() -> None:
    cases = [
        case(lang="sv", kind="bug", severity=1, product="Ledger"),
        case(lang="en", kind="how_to", severity=3, product="ledger "),
    ]
    assert found(cases, [True, False]) == {
        "all": [0, 1],
        "kind bug": [0],
        "kind how_to": [1],
        "language en": [1],
        "language sv": [0],
        "new accounts": [0],
        "product ledger": [0, 1],
        "severity 1-2": [0],
    }


def test_what_is_unknown_is_in_no_slice_but_all() -> None:
    assert found([case()], [False]) == {"all": [0]}


def test_rare_products_are_one_slice() -> None:
    cases = [case(product=f"p{i}") for i in range(30) for _ in range(2 if i < 10 else 1)]
    slices = found(cases)
    products = [name for name in slices if "product" in name]
    assert len(products) == 20
    assert len(slices["other products"]) == 11


def test_no_case_has_no_slice() -> None:
    assert found([]) == {}
