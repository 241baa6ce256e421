"""The document that third parties build from says what our code does."""

import os
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import yaml  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import codec, keys
from protocol import messages as m
from tests.protocol import asyncapi, samples


def believed(signature: bytes, signed: bytes) -> bool:
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(written()["x-example-key"]["public"]))
    public.verify(signature, signed)  # raises where it is wrong
    return True


def written() -> Any:
    return yaml.safe_load(asyncapi.DOCUMENT.read_text(encoding="utf-8"))


def test_the_document_is_what_the_code_makes_of_itself() -> None:
    if os.environ.get("FENGSUI_WRITE_ASYNCAPI"):
        asyncapi.DOCUMENT.write_text(asyncapi.text(), encoding="utf-8")
    assert asyncapi.DOCUMENT.read_text(encoding="utf-8") == asyncapi.text(), (
        "write docs/asyncapi.yaml anew: FENGSUI_WRITE_ASYNCAPI=1 pytest tests/protocol/test_asyncapi.py"
    )


def test_every_leaf_is_a_channel_and_every_message_a_message() -> None:
    found = written()
    addresses = {channel["address"] for channel in found["channels"].values()}
    assert addresses == {
        keys.build("gateway", leaf).replace("/gateway/", "/{gateway}/") for leaf in keys.LEAVES
    }
    assert set(found["components"]["messages"]) == {kind.__name__ for kind in get_args(m.Message)}


def test_every_reference_leads_somewhere() -> None:
    found = written()

    def references(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            for one in part.values():
                yield from references(one)
        elif isinstance(part, list):
            for one in part:
                yield from references(one)

    for reference in set(references(found)):
        place = found
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_the_examples_are_frames_that_are_believed_and_say_what_stands_beside_them() -> None:
    for name, message in written()["components"]["messages"].items():
        example = message["examples"][0]
        frame = codec.open_frame(bytes.fromhex(example["x-frame"]))
        codec.check_signature(frame, believed)
        assert frame.kind == message["x-kind"]
        assert type(codec.decode(frame)).__name__ == name
        assert codec.decode(frame) == samples.MESSAGES[example["name"]]


def test_fields_of_arrays_stand_in_their_order() -> None:
    schemas = written()["components"]["schemas"]
    for kind in (m.Frame, m.Batch, m.Birth, m.Receipt, m.Heartbeat, m.Command, m.Reply):
        titles = [item["title"] for item in schemas[kind.__name__]["prefixItems"]]
        assert titles == [field.name for field in msgspec.structs.fields(kind)]
