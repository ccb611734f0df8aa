"""What a policy wants of labels is what a head is held to when it is trained next."""

from triage.learn.heads.automation import Precision, precision_by
from triage.policy import Policy
from triage.records import Target


def test_what_a_policy_says_of_a_head_outranks_what_is_usual() -> None:
    usual = Precision(0.8, {Target.KIND: 0.9, Target.TONE: 0.7})
    policy = Policy(precision={Target.TONE: 0.95, Target.SEVERITY: 0.85})
    wanted = precision_by(policy, usual)
    assert [wanted.wanted(one) for one in (Target.KIND, Target.TONE, Target.SEVERITY)] == [
        *(0.9, 0.95, 0.85)
    ]
    assert wanted.wanted(Target.TOPIC) == 0.8


def test_nothing_is_asked_of_a_head_that_nobody_could_show() -> None:
    policy = Policy(precision={Target.KIND: 1.0, Target.TOPIC: 0.0, Target.SCOPE: 0.9})
    wanted = precision_by(policy, Precision())
    assert (wanted.wanted(Target.KIND), wanted.wanted(Target.TOPIC)) == (0.99, 0.01)
    assert Target.SCOPE not in wanted.of_target
