"""What Mosquitto needs to be the broker of gateways: its configuration and its list of who may do what.

The name in a certificate is the name of its client, and a client may use its own topics only; a certificate
on the revocation list is not let in. The broker keeps nothing: what it could keep is no receipt.
"""

from __future__ import annotations

import pwd
from pathlib import Path
from typing import Final

from central.db.errors import ConfigurationError
from central.ingest.mqtt_road import PACKET_MOST
from central.ingest.roads import PKI
from protocol import keys
from protocol.endpoints import EndpointRefused, check_broker

CONFIG: Final = "mosquitto.conf"
ACCESS: Final = "access.acl"
WRITES: Final = (keys.UPLINK, keys.LIVE, keys.HEARTBEAT, keys.PRESENCE)
READS: Final = (keys.RECEIPT, keys.COMMAND, keys.CONFIG)
_FILES: Final = ("ca.pem", "broker.pem", "broker.key", "crl.pem")


def access_list() -> str:
    """The access list: a gateway writes and reads its own topics, the centre everybody's, nobody else any."""
    lines = ["# Gateways: %u is the common name of the certificate."]
    lines += [f"pattern write {keys.PREFIX}/%u/{leaf}" for leaf in WRITES]
    lines += [f"pattern read {keys.PREFIX}/%u/{leaf}" for leaf in READS]
    lines += ["", "user centre"]
    lines += [f"topic read {keys.PREFIX}/+/{leaf}" for leaf in WRITES]
    lines += [f"topic write {keys.PREFIX}/+/{leaf}" for leaf in READS]
    return "\n".join(lines) + "\n"


def configuration(listen: str, state: Path, access: Path) -> str:
    """The broker's configuration.

    Args:
        listen: "mqtts://0.0.0.0:8883"; "mqtt://127.0.0.1:1883" for trials on one machine, which knows nobody.
        state: the centre's state folder; certificates and revocation list are in its `pki`.
        access: where the access list will be.

    Raises:
        ConfigurationError: it would listen beyond this machine without TLS, or a file is missing.
    """
    try:
        endpoint = check_broker(listen, certified=True)
    except EndpointRefused as exc:
        raise ConfigurationError(str(exc)) from exc
    lines = [
        "# Written by `fengsui central broker-config`. The broker keeps nothing: gateways do.",
        f"listener {endpoint.port} {endpoint.host}",
        "persistence false",
        f"max_packet_size {PACKET_MOST}",
        "max_queued_messages 4000",
        "queue_qos0_messages false",
        "set_tcp_nodelay true",
        "log_type error",
        "log_type warning",
        "log_type notice",
    ]
    if not endpoint.secured:
        return "\n".join([*lines, "allow_anonymous true"]) + "\n"
    folder = (state / PKI).resolve()
    ca, certificate, key, revoked = (folder / name for name in _FILES)
    for file in (ca, certificate, key, revoked):
        if not file.is_file():
            raise ConfigurationError(
                f"{file}: no such file; `fengsui central serve` makes it, with the names in FENGSUI_NAMES"
            )
    owner = pwd.getpwuid(key.stat().st_uid).pw_name
    lines += [
        f"user {owner}",  # who may read the key; counts only where the broker is started as root
        f"cafile {ca}",
        f"certfile {certificate}",
        f"keyfile {key}",
        f"crlfile {revoked}",
        "tls_version tlsv1.2",  # and later
        "require_certificate true",
        "use_identity_as_username true",
        "allow_anonymous false",
        f"acl_file {access}",
    ]
    return "\n".join(lines) + "\n"


def write(folder: Path, listen: str, state: Path) -> list[Path]:
    """Write both files.

    Args:
        folder: made when missing.
        listen: see `configuration`.
        state: the centre's state folder.

    Returns:
        The files.

    Raises:
        ConfigurationError: see `configuration`.
    """
    access = (folder / ACCESS).resolve()
    text = configuration(listen, state, access)
    folder.mkdir(parents=True, exist_ok=True)
    config = folder.resolve() / CONFIG
    config.write_text(text, encoding="utf-8")
    access.write_text(access_list(), encoding="utf-8")
    access.chmod(0o600)
    return [config, access]
