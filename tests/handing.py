"""What tests of several rooms need of handing over: a message that was given up."""

from datetime import datetime, timedelta

from triage.channels import ping_message
from triage.records import DeliveryState
from triage.store import Connection, Outcome, Settling, claim_due, post_to, settle


def give_up(c: Connection, forum_id: int, channel_id: str, now: datetime) -> str:
    """Have a message given up on its way through a channel; return the message's id."""
    message = ping_message(now)
    post_to(c, forum_id, message, channel_id)
    claimed = claim_due(c, forum_id, channel_id, "test", now, now + timedelta(minutes=1), 99)
    outcomes = [
        Outcome(delivery_id=one.delivery_id, at=now, state=DeliveryState.DEAD, code="http_500")
        for one in claimed
    ]
    how = Settling(by="test", now=now, rest=lambda _: timedelta())
    settle(c, forum_id, channel_id, outcomes, how)
    return message.message_id
