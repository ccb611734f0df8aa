"""What each kind of channel takes: which credentials, which options, what it is told.

In: nothing. Out: one form for each kind.
Not here: what is written into one (writing).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from triage.records import ChannelKind, MessageType

# What staff wait for, and what becomes of it: the later ones are noted where it was filed.
_EXPERTS = frozenset(
    {MessageType.WITH_EXPERT.value, MessageType.ESCALATED.value, MessageType.ALERT.value}
)
_FOLLOWED = _EXPERTS | frozenset(
    kind.value
    for kind in MessageType
    if kind.value.startswith("question.") and kind is not MessageType.RECEIVED
)
# What is for one channel alone, or for one person alone.
_NOT_WANTED = frozenset({"ping", "notice.created", "address.confirm"})
EVERY_MESSAGE = frozenset(kind.value for kind in MessageType) - _NOT_WANTED


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind of channel needs: credentials by name, a secret that signs, what it is told.

    `hears` says that the other system tells us, too, signed with that secret.
    """

    credentials: frozenset[str] = frozenset()
    signed: bool = False
    hears: bool = False
    wants: frozenset[str] = frozenset()


FORMS: Mapping[ChannelKind, Form] = MappingProxyType(
    {
        ChannelKind.WEBHOOK: Form(signed=True, wants=EVERY_MESSAGE),
        ChannelKind.DISCOURSE: Form(
            frozenset({"api_key", "api_user"}),
            signed=True,
            hears=True,
            wants=frozenset({MessageType.WITH_COMMUNITY.value}),
        ),
        ChannelKind.ZAMMAD: Form(frozenset({"token"}), signed=True, hears=True, wants=_FOLLOWED),
        ChannelKind.EMAIL: Form(wants=_EXPERTS),
        ChannelKind.PERSON_EMAIL: Form(),
        ChannelKind.PERSON_WEBHOOK: Form(signed=True),
    }
)
