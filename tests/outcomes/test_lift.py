from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outcomes.told import Row, asked, event, report
from triage.outcomes.experiment import Wanted, experiment
from triage.outcomes.lift import Lift, Problems, lift_of, posts_per_person, stratified_lift
from triage.outcomes.told import HOLDOUT, TREATMENT

DAY = 86_400.0


def problems(
    arm: list[int], posted: list[bool], who: list[int] | None = None, followed: float = 60
) -> Problems:
    n = len(arm)
    return Problems(
        np.arange(n),
        np.array(arm),
        np.arange(n) if who is None else np.array(who),
        np.zeros(n),
        np.where(posted, 0.01, np.inf),
        np.full(n, followed),
    )


def found(problems: Problems, window: float = 28) -> Lift:
    lift = lift_of(problems, window)
    assert lift is not None
    return lift


def world(seed: int, persons: int, posting: float, lift: float, each: int = 1) -> Problems:
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(persons), each)
    arm = (random.random(persons) < 0.8).astype(int)[who]
    posted = random.random(len(who)) < posting - lift * arm
    return problems(arm.tolist(), posted.tolist(), who.tolist())


def test_with_all_windows_over_lift_is_the_difference_of_two_shares() -> None:
    lift = found(problems([HOLDOUT] * 4 + [TREATMENT] * 5, [True] * 3 + [False] * 4 + [True] * 2))
    assert lift.value == pytest.approx(3 / 4 - 2 / 5)
    assert lift.low < lift.value < lift.high


def test_lift_is_above_zero_when_the_treatment_posts_less() -> None:
    rows = [
        row
        for number in range(200)
        for row in (
            asked(0, f"h{number}", f"h{number}", arm="holdout"),
            event("posted", 1, f"h{number}"),
            asked(0, f"t{number}", f"t{number}"),
        )
    ]
    assert report(rows)["lift"] == 1.0
    assert report(rows)["incremental"] == 200


def test_far_from_the_ends_the_interval_is_the_usual_one() -> None:
    many = world(1, 20_000, 0.5, 0.1)
    lift = found(many)
    shares = [lift.holdout, lift.treatment]
    usual = 1.96 * sum(s.value * (1 - s.value) / s.asks for s in shares) ** 0.5
    assert lift.low == pytest.approx(lift.value - usual, abs=5e-4)
    assert lift.high == pytest.approx(lift.value + usual, abs=5e-4)


def test_the_error_is_that_of_a_regression_with_clusters() -> None:
    many = world(2, 400, 0.5, 0.1, each=3)
    lift = found(many)
    treated = many.arm.astype(float)
    posted = np.isfinite(many.after).astype(float)
    design = np.column_stack([np.ones(len(posted)), treated])
    inverse = np.linalg.inv(design.T @ design)
    left = posted - design @ (inverse @ design.T @ posted)
    scores = np.zeros((400, 2))
    np.add.at(scores, many.who, design * left[:, None])
    sandwich = inverse @ scores.T @ scores @ inverse
    assert lift.standard_error == pytest.approx(float(sandwich[1, 1]) ** 0.5, rel=0.01)


def test_asks_of_one_person_are_no_independent_evidence() -> None:
    random = np.random.default_rng(3)
    habit = random.random(300) < 0.5
    who = np.repeat(np.arange(300), 4)
    arm = (np.arange(300) % 2)[who].tolist()
    together = found(problems(arm, habit[who].tolist(), who.tolist()))
    apart = found(problems(arm, habit[who].tolist()))
    assert together.value == apart.value
    assert together.high - together.low > 1.9 * (apart.high - apart.low)


def test_a_person_in_both_arms_is_his_own_comparison() -> None:
    random = np.random.default_rng(4)
    habit = random.random(300) < 0.5
    who = np.repeat(np.arange(300), 2)
    lift = found(problems([HOLDOUT, TREATMENT] * 300, habit[who].tolist(), who.tolist()))
    assert lift.value == 0
    assert lift.standard_error == pytest.approx(0, abs=1e-9)


def test_nobody_posting_is_no_certainty() -> None:
    lift = found(problems([HOLDOUT] * 30 + [TREATMENT] * 30, [False] * 60))
    assert lift.value == 0
    assert lift.low < -0.05
    assert lift.high > 0.05


def test_one_person_says_nothing_of_others() -> None:
    lift = found(problems([HOLDOUT] * 5 + [TREATMENT] * 5, [True] * 10, [0] * 5 + [1] * 5))
    assert (lift.low, lift.high) == (-1.0, 1.0)


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 1), st.booleans(), st.integers(0, 9)), min_size=2, max_size=40
    )
)
def test_an_interval_holds_its_value_and_stays_within_the_possible(
    rows: list[tuple[int, bool, int]],
) -> None:
    arms, posted, who = (list(column) for column in zip(*rows, strict=True))
    lift = lift_of(problems(arms, posted, who))
    if lift is not None:
        assert -1 - 1e-9 <= lift.low <= lift.value + 1e-9
        assert lift.value - 1e-9 <= lift.high <= 1 + 1e-9


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), posting=st.sampled_from([0.2, 0.5, 0.8]))
def test_more_persons_make_a_narrower_interval(seed: int, posting: float) -> None:
    few, many = found(world(seed, 200, posting, 0.1)), found(world(seed, 3200, posting, 0.1))
    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_an_open_window_is_neither_a_success_nor_lost() -> None:
    # Half of each arm was followed for one day only; posts come on the third.
    n = 4000
    arm = np.arange(n) % 2
    posts = np.random.default_rng(5).random(n) < np.where(arm == TREATMENT, 0.3, 0.5)
    followed = np.where(np.arange(n) % 4 < 2, 1.0, 60.0)
    after = np.where(posts, 3.0, np.inf)
    who = np.arange(n)
    lift = found(Problems(who, arm, who, np.zeros(n), after, followed))
    assert lift.holdout.value == pytest.approx(0.5, abs=0.04)
    assert lift.value == pytest.approx(0.2, abs=0.05)


def test_a_window_that_hardly_any_ask_has_behind_it_is_not_spoken_of() -> None:
    arms = [HOLDOUT, TREATMENT] * 50
    lift = found(problems(arms, [True, False] * 50, followed=5), window=28)
    assert lift.days == 5


def test_coming_back_to_post_later_is_no_post_saved() -> None:
    rows: list[Row] = []
    for number in range(50):
        held, treated = f"h{number}", f"t{number}"
        rows += [asked(0, held, held, arm="holdout"), event("posted", 0.1, held)]
        rows += [asked(0, treated, treated), event("solved", 0.1, treated)]
        rows += [asked(4, treated + "x", treated, return_of=treated)]
        rows += [event("posted", 4.1, treated + "x")]
    found = report(rows)
    assert found["lift"] == 0
    assert found["contradicted"] == 50
    # Without knowing that it is the same problem, persons tell as much.
    unlinked = report([{**row, "return_of": None} for row in rows])
    assert unlinked["lift"] == pytest.approx(0.5)
    assert unlinked["person_lift"] == 0


def test_asks_without_a_person_never_enter_the_headline() -> None:
    rows = [
        row
        for number in range(60)
        for row in (
            asked(0, f"h{number}", f"h{number}", arm="holdout"),
            asked(0, f"t{number}", f"t{number}"),
            asked(0, f"u{number}", None, session=f"s{number}", arm="holdout"),
            event("posted", 1, f"u{number}"),
            asked(0, f"v{number}", None, session=f"r{number}"),
        )
    ]
    found = report(rows)
    assert (found["lift"], found["persons"], found["headline"]) == (0, 120, True)
    assert (found["sessions"]["lift"], found["sessions"]["asks"]) == (1, 120)
    alone = report([row for row in rows if row["ask_id"][0] in "uv"])
    assert (alone["lift"], alone["unit"], alone["headline"]) == (1, "session", False)


def test_without_a_holdout_there_is_no_lift() -> None:
    found = report([asked(), event("posted", 1)], holdout=0)
    assert (found["lift"], found["lift_low"], found["srm_p"], found["posted"]) == (
        None,
        None,
        None,
        1,
    )


def test_persons_count_once_by_their_first_ask() -> None:
    arms = [HOLDOUT] * 3 + [TREATMENT] * 3
    posted = [True, True, False, False, False, True]
    lift = posts_per_person(problems(arms, posted, [0, 0, 1, 2, 2, 3]))
    assert lift is not None
    assert (lift.holdout.asks, lift.holdout.value, lift.treatment.value) == (2, 0.5, 0.5)


def test_strata_that_differ_make_the_lift_narrower() -> None:
    random = np.random.default_rng(6)
    stratum = random.integers(0, 2, 4000)
    arm = random.integers(0, 2, 4000)
    posted = random.random(4000) < np.where(stratum == 1, 0.9, 0.1) - 0.05 * arm
    every = problems(arm.tolist(), posted.tolist())
    whole, within = found(every), stratified_lift(every, stratum, 28)
    assert within is not None
    assert within.high - within.low < 0.75 * (whole.high - whole.low)
    assert within.low < 0.05 < within.high


def test_strata_of_one_person_are_no_independent_evidence() -> None:
    random = np.random.default_rng(7)
    habit = random.random(300) < 0.5
    who = np.repeat(np.arange(300), 2)
    arm = (np.arange(300) % 2)[who].tolist()
    every = problems(arm, habit[who].tolist(), who.tolist())
    whole, within = found(every), stratified_lift(every, np.arange(600) % 2, 28)
    assert within is not None
    assert within.standard_error == pytest.approx(whole.standard_error, rel=0.05)


def test_a_stratum_of_one_arm_is_left_out() -> None:
    every = problems([HOLDOUT, TREATMENT, TREATMENT], [True, False, True])
    within = stratified_lift(every, np.array([0, 0, 1]))
    assert within is not None
    assert (within.value, within.treatment.asks) == (1, 1)
    assert stratified_lift(every, np.array([0, 1, 1])) is None


def of_two_languages(seed: int, each: int = 1000) -> Problems:
    """Return problems without any effect, of two languages with holdouts of their own."""
    random = np.random.default_rng(seed)
    swedish = np.arange(2 * each) % 2 == 0
    share = np.where(swedish, 0.5, 0.05)
    arm = np.where(random.random(2 * each) < share, HOLDOUT, TREATMENT).tolist()
    posted = (random.random(2 * each) < np.where(swedish, 0.8, 0.2)).tolist()
    return replace(problems(arm, posted), share=share)


def test_shares_that_differ_by_language_make_no_lift() -> None:
    every = [of_two_languages(seed) for seed in range(100)]
    lifts = [found(one) for one in every]
    assert float(np.mean([lift.value for lift in lifts])) == pytest.approx(0, abs=0.02)
    assert sum(lift.low <= 0 <= lift.high for lift in lifts) >= 90
    persons = posts_per_person(every[0])
    assert persons is not None
    assert persons.value == pytest.approx(lifts[0].value)
    # Compared as they are, the holdout is mostly of the language that posts more.
    assert found(replace(every[0], share=None)).low > 0.2


def test_a_chance_of_which_the_holdout_has_hardly_anybody_is_left_out() -> None:
    every = of_two_languages(1)
    rare = replace(every, share=np.where(every.share == 0.5, 0.5, 0.001))
    held = (rare.share == 0.001) & (rare.arm == HOLDOUT)
    lift = found(rare.where(~held | (np.cumsum(held) == 1)))
    assert lift.holdout.asks == int(np.sum((rare.share == 0.5) & (rare.arm == HOLDOUT)))


def test_one_share_for_all_changes_nothing() -> None:
    every = world(3, 400, 0.5, 0.1)
    assert found(replace(every, share=np.full(400, 0.2))) == found(every)
    assert found(replace(every, share=np.full(400, np.nan))) == found(every)


def test_a_file_may_say_with_which_share_each_ask_was_assigned() -> None:
    rows = []
    for number in range(200):
        arm = "holdout" if number % 2 == 0 else "treatment"
        rows.append(asked(0, f"a{number}", f"p{number}", arm=arm, share=0.5))
        rows.append(asked(0, f"b{number}", f"q{number}", share=0))
        if number % 4 < 2:
            rows.append(event("posted", 1, f"a{number}"))
    found = report(rows, holdout=0.25)
    assert (found["lift"], found["persons"], found["srm_p"]) == (0, 200, 1)
    assert report([{**row, "share": "half"} for row in rows], holdout=0.25)["persons"] == 400


def test_the_split_is_held_against_the_chance_that_each_person_had() -> None:
    """Whoever asks ten times has a smaller holdout: the mean over asks is nobody's chance."""
    who = np.r_[np.arange(1000), np.repeat(1000 + np.arange(1000), 10)]
    share = np.where(who < 1000, 0.2, 0.02)
    arm = np.where(np.random.default_rng(3).random(2000)[who] < share, HOLDOUT, TREATMENT)
    every = problems(arm.tolist(), [False] * len(who), who.tolist())
    told = experiment(replace(every, share=share), Wanted(float(np.mean(share))))
    assert told["srm_p"] > 0.01
    assert told["srm_p_always"] > 0.01
    assert not told["srm_alarm"]
    # Who is in the wrong arm is found as before.
    wrong = np.where(arm == HOLDOUT, TREATMENT, arm)
    moved = replace(every, share=share, arm=np.where(who % 2 == 0, wrong, arm))
    assert experiment(moved, Wanted(0.1))["srm_alarm"]


def test_where_the_holdout_tells_what_it_withheld_the_offered_are_compared() -> None:
    rows = []
    for number in range(50):
        for arm in ("holdout", "treatment"):
            # Half are offered something: of these the holdout posts, the treatment does not.
            ask, offered = f"{arm}{number}", number % 2 == 0
            rows.append(asked(0, ask, ask, arm=arm, offered=offered))
            if not (offered and arm == "treatment"):
                rows.append(event("posted", 1, ask))
    found = report(rows)
    assert (found["lift"], found["offered_lift"], found["offered"]) == (0.5, 1.0, 25)
    silent = [{**row, "offered": False} if row.get("arm") == "holdout" else row for row in rows]
    assert report(silent)["offered_lift"] is None
    assert report(silent)["lift"] == 0.5
