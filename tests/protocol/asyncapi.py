"""docs/asyncapi.yaml, made from protocol/keys, messages and codec, with frames that our code signed."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
import yaml  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import codec, keys
from protocol import messages as m
from tests.protocol import samples

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
SEED: Final = bytes(range(32))
KEY: Final = Ed25519PrivateKey.from_private_bytes(SEED)
MESSAGES: Final = get_args(m.Message)
BODIES: Final = (m.Description, m.MeasurementBody, m.EventBody, *get_args(m.Event))
BY_GATEWAY: Final = {
    keys.UPLINK: (m.Birth, m.Batch, m.Reply),
    keys.LIVE: (m.Batch,),
    keys.HEARTBEAT: (m.Heartbeat,),
    keys.PRESENCE: (),
}
BY_CENTRE: Final = {
    keys.RECEIPT: (m.Receipt,),
    keys.COMMAND: (m.Command,),
    keys.CONFIG: (m.Configuration,),
}
ABOUT: Final = {
    keys.UPLINK: "Frames that are answered, and answers to what the centre asked. QoS 1, with correlation"
    " data where the client has MQTT 5.",
    keys.LIVE: "A copy of every batch as soon as it is sealed, receipted or not; dropped rather than waited"
    " for. QoS 0.",
    keys.HEARTBEAT: "Only this is believed for online. QoS 0.",
    keys.PRESENCE: "`here` on connecting, `gone` on leaving and as the will; shown, never believed. QoS 1.",
    keys.RECEIPT: "The centre's answer to a birth or a batch, with the correlation data of the question. It"
    " is matched by them, or by `hash`, never by the order in which receipts come. QoS 1.",
    keys.COMMAND: "What the centre orders; the gateway answers with a Reply under its uplink. QoS 1.",
    keys.CONFIG: "A configuration of the centre; the gateway answers with a Reply under its uplink. QoS 1.",
}
FRAMING: Final = """\
A third party writes a gateway with this document and docs/third-party-gateway.md. The same frames travel
on Zenoh.

Framing. Every payload but that of presence is one frame, a MessagePack array of five: version (integer,
now {version}), kind (integer), signer (text: the gateway's id, or `centre`), body (bytes: the MessagePack of
one message), signature (64 bytes). At most {limit} bytes. Messages that are arrays have their fields in the
order given here; later versions append fields, so extra elements are ignored and missing ones have their
defaults. Messages that are maps ignore unknown keys. Bytes are the MessagePack type bin, here shown as
hexadecimal text.

Signing. Ed25519 over 14 bytes, `fengsui frame` and a zero byte; then version, kind and length of the
signer's UTF-8, one byte each; the signer; the body's length, four bytes, big endian; the body. A frame is
believed when its signer is the gateway of the topic (`centre` on topics of the centre) and its signature is
right; nothing else says who sent it.

Hashes. A birth is named by the first 16 bytes of the SHA-256 of its encoded description. A batch's hash is
the SHA-256 of the MessagePack array [stream, epoch, first, last, birth_hash, boot] followed by the body.

Order. Birth first. Each stream by itself, batches strictly in order of their numbers from 1 in each epoch (a
random positive 63-bit number, new at every opening of the gateway's store). Nothing is delivered but what a
receipt of status STORED or CONFLICT names with the same stream, epoch, first, last and hash. A batch keeps
its range and its bytes until then.
"""
NUMBERS: Final = {
    "kind": ("BIRTH", "BATCH", "HEARTBEAT", "RECEIPT", "COMMAND", "REPLY", "CONFIGURATION"),
    "stream": ("EVENT", "MEASUREMENT"),
    "clock": ("UNSYNCHRONISED", "SYNCHRONISED"),
    "status": ("STORED", "EXPECTED", "BIRTH_WANTED", "CONFLICT", "BUSY", "REFUSED"),
    "transition": (
        "RAISE",
        "CLEAR",
        "ACKNOWLEDGE",
        "RESET",
        "SHELVE",
        "UNSHELVE",
        "SUPPRESS",
        "UNSUPPRESS",
        "OUT_OF_SERVICE",
        "IN_SERVICE",
    ),
}


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes what has several lines as such."""


def _lines(dumper: yaml.SafeDumper, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _lines)


def document() -> dict[str, Any]:
    """The whole document."""
    leaves = {**BY_GATEWAY, **BY_CENTRE}
    schemas = _schemas()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Fengsui 烽燧: between a gateway and the centre, over MQTT 5",
            "version": str(codec.VERSION),
            "description": FRAMING.format(version=codec.VERSION, limit=codec.FRAME_LIMIT),
        },
        "x-numbers": {what: {name: getattr(m, name) for name in names} for what, names in NUMBERS.items()},
        "x-example-key": {
            "seed": SEED.hex(),
            "public": KEY.public_key().public_bytes_raw().hex(),
            "about": "Signs all examples, those of the centre too. Of no use elsewhere.",
        },
        "defaultContentType": "application/vnd.msgpack",
        "servers": {
            "broker": {
                "host": "broker.example:8883",
                "protocol": "secure-mqtt",
                "protocolVersion": "5.0",
                "description": "Mutual TLS; the certificate's common name is the gateway's id, and a client"
                " may use the topics of its own id only.",
                "security": [{"$ref": "#/components/securitySchemes/certificate"}],
            },
            "thisMachine": {
                "host": "127.0.0.1:1883",
                "protocol": "mqtt",
                "protocolVersion": "5.0",
                "description": "For trials on one machine only.",
            },
        },
        "channels": {leaf: _channel(leaf, kinds) for leaf, kinds in leaves.items()},
        "operations": _operations(),
        "components": {
            "securitySchemes": {"certificate": {"type": "X509"}},
            "parameters": {
                "gateway": {"description": f"The gateway's id: {keys.GATEWAY_ID.pattern}"},
            },
            "messages": {kind.__name__: _message(kind) for kind in MESSAGES},
            "schemas": schemas,
        },
    }


def text() -> str:
    """The document as YAML."""
    dumped: str = yaml.dump(document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return "# Made by tests/protocol/asyncapi.py; write anew with FENGSUI_WRITE_ASYNCAPI=1.\n" + dumped


def _channel(leaf: str, kinds: tuple[type, ...]) -> dict[str, Any]:
    messages = {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in kinds}
    if leaf == keys.PRESENCE:
        messages = {"presence": {"payload": {"enum": ["here", "gone"]}, "contentType": "text/plain"}}  # type: ignore[dict-item]
    return {
        "address": f"{keys.PREFIX}/{{gateway}}/{leaf}",
        "description": ABOUT[leaf],
        "parameters": {"gateway": {"$ref": "#/components/parameters/gateway"}},
        "messages": messages,
    }


def _operations() -> dict[str, Any]:
    """What a gateway does."""
    found: dict[str, Any] = {}
    for leaf in BY_GATEWAY:
        qos = 0 if leaf in {keys.LIVE, keys.HEARTBEAT} else 1
        found[f"send-{leaf}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{leaf}"},
            "bindings": {"mqtt": {"qos": qos, "retain": False}},
        }
    found[f"send-{keys.UPLINK}"]["reply"] = {"channel": {"$ref": f"#/channels/{keys.RECEIPT}"}}
    for leaf in BY_CENTRE:
        found[f"receive-{leaf}"] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{leaf}"},
            "bindings": {"mqtt": {"qos": 1}},
        }
        if leaf != keys.RECEIPT:
            found[f"receive-{leaf}"]["reply"] = {"channel": {"$ref": f"#/channels/{keys.UPLINK}"}}
    return found


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    number = _kind(kind)
    return {
        "name": kind.__name__,
        "title": f"{kind.__name__}, kind {number}",
        "summary": _words(kind).split("\n\n", maxsplit=1)[0],
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        "x-kind": number,
        "x-signer": m.CENTRE if kind in {k for kinds in BY_CENTRE.values() for k in kinds} else "the gateway",
        "examples": [
            {"name": name, "payload": _plain(message), "x-frame": _frame(message)}
            for name, message in samples.MESSAGES.items()
            if type(message) is kind
        ][:1],
    }


def _kind(kind: type[msgspec.Struct]) -> int:
    sample = next(message for message in samples.MESSAGES.values() if type(message) is kind)
    return codec.open_frame(codec.seal("gw-chlorine", sample, KEY.sign)).kind


def _frame(message: m.Message) -> str:
    ours = isinstance(message, (m.Receipt, m.Command, m.Configuration))
    return codec.seal(m.CENTRE if ours else "gw-chlorine", message, KEY.sign).hex()


def _plain(message: object) -> object:
    return _hex(msgspec.to_builtins(message, builtin_types=(bytes,)))


def _hex(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [_hex(one) for one in value]
    return {key: _hex(one) for key, one in value.items()} if isinstance(value, dict) else value


def _words(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "")


def _schemas() -> dict[str, Any]:
    """Every Struct of the wire; what is an array has its fields' names as titles, in their order."""
    _, found = msgspec.json.schema_components(
        [m.Frame, *MESSAGES, *BODIES], ref_template="#/components/schemas/{name}"
    )
    for name, schema in found.items():
        kind = getattr(m, name)
        schema["description"] = _words(kind)
        for item, field in zip(schema.get("prefixItems", ()), msgspec.structs.fields(kind), strict=False):
            item["title"] = field.name
    return {name: _described(found[name]) for name in sorted(found)}


def _described(schema: Any) -> Any:
    """Bytes are bytes here; JSON's way to carry them is nobody's."""
    if isinstance(schema, list):
        return [_described(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("contentEncoding") == "base64":
        rest = {key: value for key, value in schema.items() if key not in {"contentEncoding", "default"}}
        return {**rest, "format": "bytes"}
    return {key: _described(value) for key, value in schema.items()}
