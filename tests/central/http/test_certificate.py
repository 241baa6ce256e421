"""A renewed certificate of the console is shown to who connects next; a pair that does not fit never is."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from typing import TYPE_CHECKING

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from central.http.certificate import keep_shown

if TYPE_CHECKING:
    from pathlib import Path


def pair(name: str) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM), key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


async def shown(port: int) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    found: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return found


async def nothing(scope: object, receive: object, send: object) -> None:
    """An application that is never asked."""


def test_a_renewed_certificate_is_shown_to_who_connects_next(tmp_path: Path) -> None:
    certificate, key = tmp_path / "console.pem", tmp_path / "console.key"
    first, second = pair("first"), pair("second")
    certificate.write_bytes(first[0])
    key.write_bytes(first[1])

    async def run() -> None:
        config = uvicorn.Config(nothing, ssl_certfile=str(certificate), ssl_keyfile=str(key))
        config.load()
        keeping = asyncio.create_task(keep_shown(config, 0.02))
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=config.ssl)
        port = server.sockets[0].getsockname()[1]
        try:
            assert await shown(port) == ssl.PEM_cert_to_DER_cert(first[0].decode())
            certificate.write_bytes(second[0])  # half of a renewal: the key comes a moment later
            await asyncio.sleep(0.1)
            assert await shown(port) == ssl.PEM_cert_to_DER_cert(first[0].decode())
            key.write_bytes(second[1])
            async with asyncio.timeout(60):
                while await shown(port) != ssl.PEM_cert_to_DER_cert(second[0].decode()):
                    await asyncio.sleep(0.05)
        finally:
            keeping.cancel()
            server.close()

    asyncio.run(run())
