"""What a reply holds depends on whom it reaches."""

from triage.api.schemas.triage import TriageReply
from triage.records import (
    Decision,
    Destination,
    Label,
    Mode,
    Question,
    Reason,
    Reply,
    Target,
    Tone,
    Visibility,
)

REPLY = Reply(
    triage_id="t",
    ask_id="a",
    question=Question("Bank feed", "It stopped", "en"),
    suggestions=(),
    decision=Decision(
        (),
        (),
        Destination.EXPERT,
        None,
        Visibility.PRIVATE,
        public_allowed=True,
        reasons=(Reason("expert_care"),),
        for_leads=(Reason("at_risk", {"percent": 83}),),
    ),
    labels={
        Target.TONE: Label(Tone.AT_RISK.value, 0.83, abstained=False),
        Target.KIND: Label("complaint", 0.9, abstained=False),
    },
    mode=Mode.HYBRID,
    model_version="v",
    index_version="1",
    index_age_seconds=0.0,
)


def test_a_browser_is_not_told_the_tone_but_all_else() -> None:
    told = TriageReply.of(REPLY, to_asker=True)
    assert told.labels.tone.value is None
    assert told.labels.kind.value == "complaint"
    assert "at_risk" not in told.model_dump_json()
    assert TriageReply.of(REPLY).labels.tone.value == "at_risk"


def test_what_is_for_leads_is_in_no_reply() -> None:
    assert [r.code for r in TriageReply.of(REPLY).reasons] == ["expert_care"]
