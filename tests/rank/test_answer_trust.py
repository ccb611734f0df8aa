"""What is known of an answer moves a match no further than it should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.rank.answer_trust import weighed
from triage.records import Applicability, Holds, Match, Reason, Trust

COST = -1.5
FITS, UNKNOWN = Applicability.FITS, Applicability.UNKNOWN
OTHER_VERSION, OTHER_PRODUCT = Applicability.OTHER_VERSION, Applicability.OTHER_PRODUCT
OUTDATED = Applicability.OUTDATED

trusts = st.builds(
    Trust,
    holds=st.sampled_from(Holds),
    verified=st.booleans(),
    valid_versions=st.sampled_from([None, ">=8", "<8"]),
)
matches = st.builds(
    Match,
    thread_id=st.text("abc", min_size=1, max_size=3),
    probability=st.floats(0, 1),
    applicability=st.sampled_from([FITS, UNKNOWN, OTHER_VERSION, OTHER_PRODUCT]),
)


def told(match: Match, trust: Trust | None, version: str | None = "8.2") -> Match:
    (found,) = weighed([match], lambda _: trust, version, COST)
    return found


@pytest.mark.parametrize(
    ("known", "holds", "valid", "fit"),
    [
        (FITS, Holds.CURRENT, ">=8", FITS),
        (UNKNOWN, Holds.CURRENT, None, UNKNOWN),
        (FITS, Holds.OUTDATED, ">=8", OUTDATED),
        (UNKNOWN, Holds.OTHER_VERSION, "<8", OTHER_VERSION),
        # Staff say that it is right for this version after all.
        (OTHER_VERSION, Holds.CURRENT, ">=8", FITS),
        (OTHER_VERSION, Holds.OUTDATED, "<8", OUTDATED),
        (OTHER_PRODUCT, Holds.OUTDATED, None, OTHER_PRODUCT),
    ],
)
def test_an_answer_fits_only_while_it_holds(
    known: Applicability, holds: Holds, valid: str | None, fit: Applicability
) -> None:
    match = Match("t", 0.8, applicability=known)
    assert told(match, Trust(holds, valid_versions=valid)).applicability is fit


def test_what_was_charged_for_its_version_is_not_charged_again() -> None:
    match = Match("t", 0.4, applicability=OTHER_VERSION)
    assert told(match, Trust(Holds.OUTDATED)).probability == 0.4
    fresh = Match("t", 0.4, applicability=UNKNOWN)
    assert told(fresh, Trust(Holds.OUTDATED)).probability == pytest.approx(0.1295, abs=1e-4)


def test_nothing_known_changes_nothing() -> None:
    match = Match("t", 0.4, applicability=FITS, reasons=(Reason("staff_verified"),))
    assert told(match, None) == match


def test_that_staff_checked_it_is_told_only_while_it_holds() -> None:
    match = Match("t", 0.4, reasons=(Reason("staff_verified"), Reason("staff_answer")))
    codes = [r.code for r in told(match, Trust(Holds.OUTDATED)).reasons]
    assert codes == ["staff_answer", "outdated_answer"]
    codes = [r.code for r in told(Match("t", 0.4), Trust(Holds.CURRENT, verified=True)).reasons]
    assert codes == ["staff_verified"]


@given(st.lists(st.tuples(matches, trusts), max_size=5), st.sampled_from([None, "7", "8.2", "x"]))
def test_none_that_does_not_hold_is_said_to_fit_nor_gains(
    pairs: list[tuple[Match, Trust]], version: str | None
) -> None:
    by_id = {match.thread_id: (match, trust) for match, trust in pairs}
    given_ones = [match for match, _ in by_id.values()]
    found = weighed(given_ones, lambda m: by_id[m.thread_id][1], version, COST)
    assert {m.thread_id for m in found} == by_id.keys()
    assert [m.probability for m in found] == sorted((m.probability for m in found), reverse=True)
    for match in found:
        before, trust = by_id[match.thread_id]
        if trust.holds is not Holds.CURRENT:
            assert match.applicability is not FITS
            assert match.probability <= before.probability + 1e-12
