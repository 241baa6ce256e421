"""What a call is, what a channel may answer, and how long everything may take."""

from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import msgspec

IN_APP: Final = "in_app"
SMS: Final = "sms"

PENDING: Final = "pending"  # waits to be sent
SENDING: Final = "sending"  # claimed by a sender that has not reported yet
SENT: Final = "sent"  # the channel has it; nobody knows yet whether the person does
DELIVERED: Final = "delivered"
READ: Final = "read"
FAILED: Final = "failed"
SUPERSEDED: Final = "superseded"  # not sent: somebody answered, or the level rose
UNREACHABLE: Final = "unreachable"  # this person has no way to be reached by this channel

ENDED: Final = frozenset({DELIVERED, READ, FAILED, SUPERSEDED, UNREACHABLE})

EVERY_CHANNEL: Final = frozenset({IN_APP, SMS})
NO_CHANNEL: Final = "no_channel"  # this centre has no such channel at all: such a row decides nothing


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a call may take. Our proposal; a channel that is down is known within seconds.

    Attributes:
        attempts: how often a call is sent before it has failed.
        retry_s: pause between two attempts.
        channel_s: after so long a channel's answer counts as lost; less than the lease.
        lease_s: after so long without a report a claimed call is sent again (its sender died).
        poll_s: how often the provider is asked about a call without receipt.
        receipt_s: after so long without a receipt a call has failed.
        in_app_s: after so long without a look a person is not at the screen.
    """

    attempts: int = 2
    retry_s: float = 1
    channel_s: float = 10
    lease_s: float = 15
    poll_s: float = 5
    receipt_s: float = 120
    in_app_s: float = 600


class Message(msgspec.Struct, frozen=True):
    """What a channel is given: `key` is the same at every attempt of the same call."""

    key: UUID
    address: str
    text: str


class Accepted(msgspec.Struct, frozen=True):
    """The provider has it under its own id."""

    provider_id: str


class Refused(msgspec.Struct, frozen=True):
    """The provider will never take it (bad number, no credit): sending again is useless."""

    reason: str


class Unavailable(msgspec.Struct, frozen=True):
    """No usable answer; `maybe` says that the provider may have got it all the same."""

    reason: str
    maybe: bool = False


Answer = Accepted | Refused | Unavailable


class Receipt(msgspec.Struct, frozen=True):
    """What a provider says of a call that it accepted: "accepted", "delivered", "read" or "failed"."""

    status: str
    reason: str = ""


class Channel(Protocol):
    """A way to reach people; `tests/central/warning/notify` holds the test that each must pass."""

    async def send(self, message: Message) -> Answer:
        """Hand over one call; never raises for a fault of the provider."""
        ...

    async def look_up(self, provider_id: str) -> Receipt | None:
        """Ask what became of a call; None when the provider can't be asked."""
        ...


class Rung(msgspec.Struct, frozen=True):
    """Which rung of which case a call belongs to."""

    warning_id: UUID
    level: int
    round: int
    step: int


class Delivery(msgspec.Struct, kw_only=True):
    """One call as far as its fate is decided; a row of the outbox without the words."""

    channel: str
    state: str
    created_at: datetime
    attempts: int = 0
    due_at: datetime | None = None
    possibly_twice: bool = False
    provider_id: str | None = None
    reason: str = ""
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    ended_at: datetime | None = None


class Receiver(msgspec.Struct, frozen=True):
    """Somebody to be called: `key` is unique within the case, `phone` only if verified."""

    key: str
    name: str
    account_id: int | None
    agency_name: str
    phone: str


class ToSend(msgspec.Struct, frozen=True):
    """A claimed call, or a digest."""

    channel: str
    message: Message


class ToLookUp(msgspec.Struct, frozen=True):
    """A call or digest whose receipt is awaited."""

    key: UUID
    channel: str
    provider_id: str


class Claimed(msgspec.Struct, frozen=True):
    """What a look at the outbox found: to send, to ask about, and to end one by one.

    `follow`: calls whose digest failed.
    """

    send: list[ToSend]
    look_up: list[ToLookUp]
    end: list[UUID]
    follow: list[UUID]
