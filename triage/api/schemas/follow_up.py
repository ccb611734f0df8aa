"""The question that is asked once more, as it is fetched, replied to, and never wanted again.

In: JSON. Out: checked values, and replies with every field always there.
Not here: who is asked (measuring.follow_ups), the sentences (phrases).
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from triage.api.schemas.triage import Received, Told, UserName
from triage.measuring.follow_ups import Said
from triage.phrases import say
from triage.records import Reason
from triage.store import ANSWER, AskedOnce, FollowUpCounts

_ASKS = {ANSWER: Reason("follow_up_answer")}
_CHOICES = {
    Said.YES: Reason("follow_up_yes"),
    Said.NO: Reason("follow_up_no"),
    Said.SKIP: Reason("follow_up_skip"),
}
Language = Annotated[str, Field(min_length=2, max_length=12)]


class AskerBody(Received):
    """Who is there now; `user` counts only with a secret key."""

    user: UserName | None = None
    session: UserName | None = None
    lang: Language | None = Field(None, description="Of the sentences; else that of the ask.")


class FollowUpReplyBody(AskerBody):
    """What somebody replied."""

    value: Said = Field(description="`skip`: asked no more about this, counts as no answer.")


class OptOutBody(AskerBody):
    """That somebody does not want to be asked, or does again."""

    opted_out: bool = True


class Choice(Told):
    """One possible reply, and what its button says."""

    value: Said
    text: str


class FollowUp(Told):
    """One question, ready to be shown with all that belongs to it."""

    follow_up_id: str
    ask_id: str
    about: Literal["suggestions", "answer"]
    asked_at: datetime = Field(description="When the person asked what this is about.")
    title: str | None = Field(
        description="What they asked, redacted; null where it was sensitive: show no more then."
    )
    lang: str
    text: str
    purpose: str = Field(description="What the reply is used for. Show it beside the question.")
    choices: list[Choice]
    opt_out: str = Field(description="What the button says that ends all such questions.")
    expires_at: datetime

    @classmethod
    def of(cls, asked: AskedOnce, lang: str | None) -> "FollowUp":
        """Word a question in somebody's language."""
        spoken = language(lang, asked.lang)
        follow_up = asked.follow_up
        reason = _ASKS.get(follow_up.about, Reason("follow_up_suggestions"))
        return cls(
            follow_up_id=follow_up.follow_up_id,
            ask_id=follow_up.ask_id,
            about="answer" if follow_up.about == ANSWER else "suggestions",
            asked_at=asked.asked_at,
            title=asked.title,
            lang=spoken,
            text=say(reason, spoken),
            purpose=say(Reason("follow_up_purpose"), spoken),
            choices=[Choice(value=v, text=say(r, spoken)) for v, r in _CHOICES.items()],
            opt_out=say(Reason("follow_up_stop"), spoken),
            expires_at=follow_up.expires_at,
        )


class DueReply(Told):
    """The question that is due now: one at most, and mostly none."""

    follow_ups: list[FollowUp]


class FollowUpReply(Told):
    """What is kept of a reply; a duplicate changed nothing, and `value` is the first one."""

    follow_up_id: str
    value: Said
    state: Literal["accepted", "duplicate"]
    text: str


class OptOutReply(Told):
    """Whether somebody is left alone from now on."""

    opted_out: bool
    text: str


class FollowUpsReply(Told):
    """What became of all asks that came to the draw."""

    share: float = Field(description="TRIAGE_FOLLOW_UP_SHARE")
    rest_days: int = Field(description="How long whoever was drawn rests.")
    drawable: int
    drawn: int
    shown: int
    yes: int
    no: int
    skipped: int
    opted_out: int = Field(description="Persons and sessions that do not want to be asked.")

    @classmethod
    def of(cls, counts: FollowUpCounts, share: float, rest_days: int) -> "FollowUpsReply":
        """Say what was counted."""
        names = FollowUpCounts.__dataclass_fields__
        counted = {name: getattr(counts, name) for name in names}
        return cls(share=share, rest_days=rest_days, **counted)


def language(wanted: str | None, known: str | None) -> str:
    """Return the language to speak: the one that is wanted, else that of the ask."""
    return (wanted or known or "en").lower().split("-")[0]
