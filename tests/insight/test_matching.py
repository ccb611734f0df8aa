import numpy as np
import pytest

from tests.insight.made import direction, item, sameness
from triage.insight import About, Fit, Issue, matches

DRAFT = item("draft", "cannot sign in", "sv").vector


def issue(name: str, meaning: str = "cannot sign in", **others: object) -> Issue:
    vectors = np.stack([item(name, meaning).vector])
    return Issue(name, vectors, "en", **others)  # type: ignore[arg-type]


def test_an_issue_in_another_language_is_matched() -> None:
    found = matches([issue("a"), issue("b", "printing")], DRAFT, About("sv"), sameness())
    assert [one.issue_id for one in found] == ["a"]
    assert found[0].probability > 0.5
    assert found[0].fit is Fit.AFFECTED


@pytest.mark.parametrize(
    ("product", "version", "fit"),
    [
        ("ledger", "8.0.2", Fit.AFFECTED),
        ("ledger", "8.1", None),
        ("portal", "8.0.2", None),
        (None, "8.0.2", Fit.PERHAPS),
        ("ledger", None, Fit.PERHAPS),
        ("ledger", "the new one", Fit.PERHAPS),
    ],
)
def test_product_and_version_decide_who_is_affected(
    product: str | None, version: str | None, fit: Fit | None
) -> None:
    known = issue("a", products=frozenset({"ledger"}), versions=">=8.0,<8.1")
    found = matches([known], DRAFT, About("sv", product, version), sameness())
    assert [one.fit for one in found] == ([] if fit is None else [fit])


def test_an_issue_is_as_near_as_the_nearest_question_that_named_it() -> None:
    rows = np.stack([item("t", "printing").vector, item("q", "cannot sign in", "fi").vector])
    known = Issue("a", rows, "en", langs=("en", "fi"))
    assert matches([known], DRAFT, About("sv"), sameness())
    assert not matches([Issue("b", rows[:0], "en")], DRAFT, About("sv"), sameness())


def test_the_surest_comes_first() -> None:
    vague = Issue("vague", np.stack([item("v", "x").vector + DRAFT * 4]), "sv")
    found = matches([vague, issue("a")], DRAFT, About("sv"), sameness(), least=0.0)
    assert [one.probability for one in found] == sorted(
        (m.probability for m in found), reverse=True
    )


def test_the_same_error_code_counts_beside_the_meaning() -> None:
    # Near, but not near enough to be likely by itself.
    near = direction("cannot sign in") + 2.0 * direction("x")
    named = Issue("named", np.stack([near]), "", codes=frozenset({"e-417"}))
    coded = About("sv", codes=frozenset({"e-417", "e-9000"}))
    (without,) = matches([named], DRAFT, About("sv"), sameness(), least=0.0)
    (found,) = matches([named], DRAFT, coded, sameness(), least=0.0)
    other = matches([named], DRAFT, About("sv", codes=frozenset({"e-418"})), sameness(), least=0.0)
    assert found.probability > 0.5 > without.probability == other[0].probability


def test_a_code_does_not_outweigh_another_meaning_or_another_product() -> None:
    coded = About("sv", "portal", codes=frozenset({"e-417"}))
    far = issue("far", "printing", codes=frozenset({"e-417"}))
    elsewhere = issue("there", products=frozenset({"ledger"}), codes=frozenset({"e-417"}))
    assert matches([far, elsewhere], DRAFT, coded, sameness()) == ()
