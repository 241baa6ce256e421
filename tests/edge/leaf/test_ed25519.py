"""The leaf's signatures: the vectors of RFC 8032, and the same bytes as `cryptography` on both runtimes."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.leaf.ed25519 import ORDER, Key, PublicKey, run
from edge.leaf.sha512 import steps
from tests.edge.leaf.leaf_at_hand import on_micropython

# RFC 8032, 7.1: secret key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_hold(seed: str, public: str, message: str, signature: str) -> None:
    key = Key(bytes.fromhex(seed))
    assert key.public.hex() == public
    assert run(key.sign(bytes.fromhex(message))).hex() == signature
    assert run(PublicKey(key.public).verify(bytes.fromhex(signature), bytes.fromhex(message)))


@pytest.mark.parametrize("size", [*range(0, 260, 13), 111, 112, 127, 128, 129, 5000])
def test_a_hash_of_any_length_is_that_of_hashlib(size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert run(steps(data)) == hashlib.sha512(data).digest()


def test_any_key_signs_as_cryptography_does() -> None:
    chance = random.Random(8032)
    for size in range(40):
        seed, data = chance.randbytes(32), chance.randbytes(7 * size)
        theirs = Ed25519PrivateKey.from_private_bytes(seed)
        ours = Key(seed)
        assert ours.public == theirs.public_key().public_bytes_raw()
        assert run(ours.sign(data)) == theirs.sign(data)


def test_nothing_but_the_very_signature_is_believed() -> None:
    chance = random.Random(1)
    key = Key(chance.randbytes(32))
    public = PublicKey(key.public)
    data = chance.randbytes(50)
    signature = run(key.sign(data))
    assert run(public.verify(signature, data))
    for bit in range(0, 512, 7):
        broken = bytearray(signature)
        broken[bit >> 3] ^= 1 << (bit & 7)
        assert not run(public.verify(bytes(broken), data))
    scalar = int.from_bytes(signature[32:], "little") + ORDER  # the same point, another number: 5.1.7 refuses
    assert not run(public.verify(signature[:32] + scalar.to_bytes(32, "little"), data))
    assert not run(public.verify(signature, data + b"\0"))
    assert not run(public.verify(signature[:63], data))
    assert not run(PublicKey(Key(bytes(32)).public).verify(signature, data))


@pytest.mark.parametrize("data", [b"", bytes(31), b"\x02" + bytes(31), b"\xff" * 32])
def test_bytes_that_are_no_key_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no public key"):
        PublicKey(data)


def test_micropython_signs_and_checks_alike_in_steps_that_are_short(tmp_path: Path) -> None:
    program = tmp_path / "sign.py"
    program.write_text(
        "import time\n"
        "from edge.leaf.ed25519 import Key, PublicKey, run\n"
        "key = Key(bytes(range(32)))\n"
        "public = PublicKey(key.public)\n"
        "data = bytes(range(256)) * 2\n"
        "began = time.ticks_us()\n"
        "signature = run(key.sign(data))\n"
        "took = time.ticks_diff(time.ticks_us(), began)\n"
        "began = time.ticks_us()\n"
        "good = run(public.verify(signature, data))\n"
        "checked = time.ticks_diff(time.ticks_us(), began)\n"
        "print(signature.hex(), good, run(public.verify(signature, data[1:])))\n"
        "print('leaf: %d us a signature of 512 bytes, %d us a check' % (took, checked))\n"
    )
    lines = on_micropython(program).splitlines()
    signature = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).sign(bytes(range(256)) * 2)
    assert lines[0] == f"{signature.hex()} True False"
    print(lines[1])
