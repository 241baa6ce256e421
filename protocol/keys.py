"""The key space on Zenoh and MQTT: `fengsui/v1/{gateway}/{leaf}`, built and parsed in one place."""

import re
from typing import Final

import msgspec

PREFIX: Final = "fengsui/v1"
UPLINK: Final = "uplink"
RECEIPT: Final = "receipt"
LIVE: Final = "live"
HEARTBEAT: Final = "heartbeat"
PRESENCE: Final = "presence"
COMMAND: Final = "command"
CONFIG: Final = "config"
LEAVES: Final = (UPLINK, RECEIPT, LIVE, HEARTBEAT, PRESENCE, COMMAND, CONFIG)

GATEWAY_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{2,62}")


class Key(msgspec.Struct, frozen=True):
    """A parsed key: whose it is and what it carries."""

    gateway: str
    leaf: str


def check_gateway_id(gateway: str) -> str:
    """Return `gateway` if it is a valid gateway id.

    Raises:
        ValueError: the id does not match `[a-z0-9][a-z0-9-]{2,62}`.
    """
    if not GATEWAY_ID.fullmatch(gateway):
        raise ValueError(
            f"gateway id {gateway!r}: use 3 to 63 characters a-z, 0-9 and '-', not beginning with '-'"
        )
    return gateway


def build(gateway: str, leaf: str) -> str:
    """Build the key of one gateway's leaf.

    Raises:
        ValueError: an invalid gateway id or an unknown leaf.
    """
    if leaf not in LEAVES:
        raise ValueError(f"key leaf {leaf!r}: use one of {', '.join(LEAVES)}")
    return f"{PREFIX}/{check_gateway_id(gateway)}/{leaf}"


def every(leaf: str) -> str:
    """Build the key expression that matches this leaf of every gateway.

    Raises:
        ValueError: an unknown leaf.
    """
    if leaf not in LEAVES:
        raise ValueError(f"key leaf {leaf!r}: use one of {', '.join(LEAVES)}")
    return f"{PREFIX}/*/{leaf}"


def parse(key: str) -> Key:
    """Take a key apart.

    Raises:
        ValueError: the key is not of the form `fengsui/v1/{gateway}/{leaf}`.
    """
    head, _, rest = key.partition(PREFIX + "/")
    gateway, slash, leaf = rest.partition("/")
    if head or not slash or leaf not in LEAVES:
        raise ValueError(f"key {key!r}: expected {PREFIX}/{{gateway}}/{{{'|'.join(LEAVES)}}}")
    return Key(check_gateway_id(gateway), leaf)
