"""Channels to other systems, as they are written and told.

In: JSON; channels, opened where that is possible. Out: checked values; the same as JSON. What opens
another system is taken and never given; a secret that signs is given once, when it is made.
Not here: what may be written (channels), who may (matrix).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, RootModel, ValidationError

from triage.api.problems import field_problems
from triage.api.schemas.bases import Received, Told
from triage.channels import FORMS, OpenChannel, Written
from triage.errors import BadField
from triage.records import ChannelKind, DeliveryState, MessageType
from triage.store import ChannelRow

# What arrived is of no account for how a channel stands, and there is much of it.
UNSETTLED = (DeliveryState.PENDING, DeliveryState.DEAD)
_SECRET = "One that you have already; usually one is made."
_Address = Annotated[str, Field(max_length=2000)]
_Secret = Annotated[str | None, Field(max_length=200, description=_SECRET)]
_Credential = Annotated[str, Field(max_length=2000)]
_Options = Annotated[dict[str, Any], Field(max_length=50)]
_Wants = Annotated[
    list[MessageType] | None,
    Field(max_length=50, description="Types of messages; null: as is usual for its kind."),
]


class _Channel(Received):
    name: str = Field(min_length=1, max_length=100)
    address: _Address | None = Field(
        None, description="Left out of a change it stays as it is, with what stands behind `?`."
    )
    wants: _Wants = None


class WebhookBody(_Channel):
    """A program of yours that is told what happens, by the Standard Webhooks specification."""

    kind: Literal["webhook"]
    secret: _Secret = None


class DiscourseLogin(Received):
    """The key by which a Discourse site lets us in, and as whom."""

    api_key: _Credential
    api_user: _Credential


class DiscourseBody(_Channel):
    """A Discourse site: questions become topics there, and its topics are read."""

    kind: Literal["discourse"]
    credentials: DiscourseLogin | None = None
    secret: _Secret = None
    options: _Options = Field({}, description="`category_id`, `categories`, `reading`.")


class ZammadLogin(Received):
    """The token by which Zammad lets us in."""

    token: _Credential


class ZammadBody(_Channel):
    """A Zammad: questions become tickets there, and what staff do with them comes back."""

    kind: Literal["zammad"]
    credentials: ZammadLogin | None = None
    secret: _Secret = None
    options: _Options = Field({}, description="`group` and `customer` are needed; see its page.")


class EmailBody(_Channel):
    """A mailbox of the company: each question that waits for experts is mailed there."""

    kind: Literal["email"]
    options: _Options = Field({}, description="`lang`: the language of headings.")


_Body = WebhookBody | DiscourseBody | ZammadBody | EmailBody


class ChannelBody(RootModel[Annotated[_Body, Field(discriminator="kind")]]):
    """A channel as somebody writes it; what belongs to it depends on its `kind`."""

    def written(self) -> Written:
        """Return what is written."""
        told = self.root.model_dump(exclude={"wants"})
        wants = self.root.wants
        return Written(
            kind=ChannelKind(self.root.kind),
            name=self.root.name,
            address=self.root.address,
            credentials=told.get("credentials"),
            secret=told.get("secret"),
            options=told.get("options", {}),
            wants=None if wants is None else frozenset(wanted.value for wanted in wants),
        )


def read_written(text: str | bytes) -> Written:
    """Return what is written in a file. Raises BadField for the first thing that is wrong."""
    try:
        return ChannelBody.model_validate_json(text).written()
    except ValidationError as error:
        first = field_problems(error.errors(include_url=False, include_input=False))[0]
    # Nothing of the file is repeated: it holds what opens the other system.
    raise BadField(first.field, f"is wrong: {first.problem}")


class ChannelReply(Told):
    """A channel, without what opens it."""

    channel_id: str
    kind: ChannelKind
    name: str
    address: str = Field(description="What stands behind `?` is not shown.")
    options: dict[str, Any]
    wants: list[str]
    credentials: list[str] = Field(description="The names of those that are kept, sealed.")
    secret: str | None = Field(
        description="Only in the reply that made it: what is sent, or comes in, is signed with it."
    )
    secret_made_at: datetime | None
    former_secret_until: datetime | None = Field(
        description="Until then the secret before it is valid as well."
    )
    incoming: str | None = Field(description="Where the other system's webhooks are to go.")
    opens: bool = Field(
        description="False: it was sealed with another installation key. Make another."
    )
    enabled: bool
    disabled_at: datetime | None
    disabled_why: str | None = Field(
        description="`gone`: its address said so (410); `by_hand`: somebody here did."
    )
    failures: int = Field(description="How often in a row it could not be reached.")
    reached_at: datetime | None
    waiting: int = Field(description="Deliveries that are still to arrive.")
    dead: int = Field(description="Deliveries that were given up; those behind them wait.")
    created_at: datetime

    @classmethod
    def of(
        cls,
        row: ChannelRow,
        opened: OpenChannel | None,
        counts: Mapping[DeliveryState, int],
        public_url: str,
    ) -> "ChannelReply":
        """Tell a channel; `opened` is None where its seal is broken."""
        keys = opened.keys if opened is not None else ()
        former = [key.until for key in keys if key.until is not None]
        incoming = f"{public_url}/v1/incoming/{row.channel_id}" if FORMS[row.kind].hears else None
        return cls(
            channel_id=row.channel_id,
            kind=row.kind,
            name=row.name,
            address=row.address or "",
            options=dict(row.options),
            wants=sorted(row.wants),
            credentials=sorted(opened.secrets) if opened is not None else [],
            secret=None,
            secret_made_at=keys[0].made_at if keys else None,
            former_secret_until=max(former, default=None),
            incoming=incoming,
            opens=opened is not None,
            enabled=row.disabled_at is None,
            disabled_at=row.disabled_at,
            disabled_why=row.disabled_why,
            failures=row.failures,
            reached_at=row.reached_at,
            waiting=counts.get(DeliveryState.PENDING, 0),
            dead=counts.get(DeliveryState.DEAD, 0),
            created_at=row.created_at,
        )


class ChannelsReply(Told):
    """The channels of a forum, oldest first."""

    channels: list[ChannelReply]
