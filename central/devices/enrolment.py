"""The use cases of trust: codes for installers, letting gateways in, renewing, shutting out.

A frame counts by its Ed25519 signature; the certificate only opens the road. So who is shut out, or whose box
was replaced, is refused with the next frame, whatever certificate he still holds (law-never-lose 3).
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import segno
from msgspec import Struct

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.devices import enrolment_rules as rules
from central.devices import enrolment_store as store
from central.devices.authority import OUR_NAMES, Authority, Issued
from central.devices.enrolment_models import (
    Admission,
    CertificateRow,
    CodeRecord,
    CodeRefused,
    CodeRow,
    Enrolment,
    GatewayTrust,
    Known,
    NewCode,
    ProofWrong,
    Renewal,
    RenewalRefused,
    ShownCode,
)
from central.devices.keys import CentreKey
from central.devices.models import GatewayExists
from central.devices.store import add_gateway
from central.identity import service as identity
from central.registry import service as registry
from central.settings import Settings, is_loopback
from protocol import enrolment, keys

if TYPE_CHECKING:
    from central.db.pool import Connection

REPLACED: Final = "replaced"
_UNSPECIFIED: Final = frozenset({"", "0.0.0.0", "::"})

admitted = store.admitted
known_gateway = store.trust_of
revoked_serials = store.revoked_serials
newest_certificates = store.newest_certificates


class Trust(Struct, frozen=True):
    """What letting a gateway in needs: the CA, the centre's signing key, and where gateways connect.

    Attributes:
        authority: the CA.
        key: signs receipts and commands.
        url: the console's address for gateways and browsers, without a slash at its end.
        router: Zenoh endpoint as a gateway has to use it; empty when there is none.
        broker: MQTT endpoint likewise.
    """

    authority: Authority
    key: CentreKey
    url: str
    router: str
    broker: str

    @staticmethod
    def open(settings: Settings, now: datetime) -> Trust:
        """Read CA and key of the state folder, made the first time.

        Raises:
            ConfigurationError: see `Authority.open`, `CentreKey.load`.
        """
        host = public_host(settings)
        return Trust(
            Authority.open(settings.state, now),
            CentreKey.load(settings.state),
            (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/"),
            for_gateways(settings.router, host),
            for_gateways(settings.broker, host),
        )


def public_host(settings: Settings) -> str:
    """The host under which gateways reach us, as the public URL says; empty when it says nothing."""
    _, _, rest = settings.public_url.partition("://")
    address = rest.partition("/")[0]
    if address.startswith("["):
        return address.partition("]")[0] + "]"
    return address.partition(":")[0]


def hosts_of(settings: Settings) -> list[str]:
    """Names and addresses that our servers' certificates are good for."""
    listened = [settings.host, *(_host_of(one) for one in (settings.router, settings.broker))]
    given = [public_host(settings), *settings.names.split(","), *listened]
    return list(dict.fromkeys(h for h in (g.strip().strip("[]") for g in given) if h not in _UNSPECIFIED))


def for_gateways(endpoint: str, host: str) -> str:
    """An endpoint as a gateway elsewhere has to write it.

    Args:
        endpoint: what we listen on or connect to ourselves: "tls/0.0.0.0:7447", "mqtts://localhost:8883".
        host: ours as gateways know it; empty leaves the endpoint as it is.
    """
    own = _host_of(endpoint)
    secured = endpoint.startswith(("tls/", "mqtts://"))
    if not endpoint or not host or not secured or not (own in _UNSPECIFIED or is_loopback(own)):
        return endpoint
    protocol, separator = ("tls", "/") if endpoint.startswith("tls/") else ("mqtts", "://")
    return f"{protocol}{separator}{host}:{endpoint.rpartition(':')[2]}"


def for_us(endpoint: str) -> str:
    """An endpoint as a process on this machine connects to it: whoever listens everywhere is here too."""
    host, port = _host_of(endpoint), endpoint.rpartition(":")[2]
    if not endpoint or host not in _UNSPECIFIED:
        return endpoint
    return (
        endpoint[: endpoint.index("/")].rstrip(":")
        + ("://" if "://" in endpoint else "/")
        + f"127.0.0.1:{port}"
    )


def _host_of(endpoint: str) -> str:
    address = endpoint.partition("://")[2] if "://" in endpoint else endpoint.partition("/")[2]
    return address.rpartition(":")[0].strip("[]")


# -- codes ---


async def create_code(
    conn: Connection, trust: Trust, new: NewCode, owner: Known | None, by: str, now: datetime
) -> ShownCode:
    """Make a one-time code for a gateway of an enterprise; it replaces every unused one of that gateway.

    Args:
        conn: within the scope of who asks; the enterprise must be inside.
        trust: CA and addresses.
        new: for whom and how long.
        owner: the gateway of that id if there is one, whoever sees it: ids are unique everywhere.
        by: who asks, for the list and the audit.
        now: UTC.

    Raises:
        DomainError: a bad id, an unknown enterprise, or an id that another enterprise has.
    """
    _check_id(new.gateway_id)
    await registry.enterprise(conn, new.enterprise_id)
    if owner is not None and owner.enterprise_id != new.enterprise_id:
        raise GatewayExists(new.gateway_id)
    code = enrolment.write_code([secrets.randbelow(32) for _ in range(enrolment.CODE_LENGTH)])
    expires_at = now + timedelta(hours=new.hours)
    made = await store.add_code(
        conn,
        gateway=new.gateway_id,
        enterprise_id=new.enterprise_id,
        name=new.name or new.gateway_id,
        code_hash=rules.code_hash(code),
        now=now,
        by=by,
        expires_at=expires_at,
    )
    await identity.audit(
        conn, "enrolment-code", "gateway", new.gateway_id, after={"code": made, "hours": new.hours}
    )
    fingerprint = trust.authority.fingerprint
    link = enrolment.write_link(enrolment.Invitation(trust.url, new.gateway_id, code, fingerprint))
    return ShownCode(
        id=made,
        gateway_id=new.gateway_id,
        code=code,
        centre=trust.url,
        fingerprint=fingerprint,
        link=link,
        command=f"fengsui edge enrol --link '{link}' --config gateway.toml",
        qr=segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=4, omitsize=True),
        expires_at=expires_at,
        replaces=owner is not None,
    )


def _check_id(gateway: str) -> None:
    try:
        keys.check_gateway_id(gateway)
        problem = "已被平台自身占用" if gateway in OUR_NAMES else ""
    except ValueError as exc:
        problem = str(exc)
    if problem:
        fields = [FieldProblem("gateway_id", problem, "3 到 63 个字符：a-z、0-9 和 -")]
        raise DomainError("bad-gateway", "网关编号不符合要求。", 400, fields)


async def withdraw_code(conn: Connection, code: int, now: datetime) -> None:
    """Withdraw a code that nobody used yet.

    Raises:
        NotFoundError: there is no such code in the scope.
    """
    gateway = await store.withdraw_code(conn, code, now)
    if gateway is None:
        raise NotFoundError
    await identity.audit(conn, "enrolment-code-withdrawn", "gateway", gateway, after={"code": code})


async def codes(
    conn: Connection, now: datetime, *, before: int | None, enterprise_id: int | None, limit: int
) -> list[CodeRow]:
    """Codes within the scope, newest first."""
    return [
        CodeRow(
            id=row["id"],
            gateway_id=row["gateway_id"],
            name=row["name"],
            enterprise_id=row["enterprise_id"],
            enterprise_name=row["enterprise_name"],
            state=rules.state_of(CodeRecord(**{f: row[f] for f in CodeRecord.__struct_fields__}), now),
            created_at=row["created_at"],
            created_by=row["created_by"],
            expires_at=row["expires_at"],
            used_at=row["used_at"],
            used_from=row["used_from"],
        )
        for row in await store.code_rows(conn, before, enterprise_id, limit)
    ]


# -- letting in ---


async def enrol(conn: Connection, trust: Trust, asked: Enrolment, address: str, now: datetime) -> Admission:
    """Let a gateway in with a one-time code, or put another box in the place of a broken one.

    Args:
        conn: a worker's transaction; see `refuse` for what follows a wrong code.
        trust: CA, key and addresses.
        asked: the request.
        address: where it came from.
        now: UTC.

    Raises:
        CodeRefused, CodeUsed, CodeExpired: no code opens.
        ProofWrong: the key or the signing request is not the gateway's own.
        GatewayExists: the id went to another enterprise meanwhile, or the key is known already.
    """
    code, again = rules.choose_code(await store.lock_codes(conn, asked.gateway), asked, now)
    public = rules.proven_key(asked)
    request = rules.request_hash(asked)
    known = await store.trust_of(conn, asked.gateway, lock=True)
    if again:
        kept = await _kept(conn, asked.gateway, request)
        if kept is None or known is None or known.public_key != public:
            raise CodeRefused
        return _admission(trust, asked.gateway, kept[0], kept[1])
    issued = _certify(trust, asked.csr, asked.gateway, now)
    if known is None:
        await add_gateway(conn, asked.gateway, code.enterprise_id, code.name, public, now)
    elif known.enterprise_id != code.enterprise_id:
        raise GatewayExists(asked.gateway)
    else:
        await store.revoke_certificates(conn, asked.gateway, now, code.created_by, REPLACED)
        await store.change_key(conn, asked.gateway, public)
    await store.add_certificate(conn, asked.gateway, public, request, issued, now, "code")
    await store.use_code(conn, code.id, now, address, request)
    await identity.audit(
        conn,
        "enrolled" if known is None else "replaced",
        "gateway",
        asked.gateway,
        before=None if known is None else {"public_key": known.public_key.hex()},
        after={"public_key": public.hex(), "serial": issued.serial, "code": code.id, "from": address},
    )
    return _admission(trust, asked.gateway, issued.pem, issued.not_after)


async def refuse(conn: Connection, gateway: str, now: datetime) -> None:
    """Count a wrong code, in a transaction of its own: the guess is refused, its trace stays."""
    await store.count_try(conn, gateway, now)


async def renew(conn: Connection, trust: Trust, asked: Renewal, now: datetime) -> Admission:
    """Give a gateway its next certificate, in time or within the grace for those that were offline.

    Args:
        conn: a worker's transaction.
        trust: CA, key and addresses.
        asked: the request, signed with the key of its frames.
        now: UTC.

    Raises:
        RenewalRefused: unknown, shut out, or too late: a new code is needed.
        ProofWrong: not signed by the gateway.
    """
    known = await store.trust_of(conn, asked.gateway, lock=True)
    if known is None or known.revoked_at is not None:
        raise RenewalRefused
    rules.check_renewal(asked, known.public_key)
    certificates = await store.certificates_of(conn, asked.gateway)
    if not rules.may_renew(certificates, now):
        raise RenewalRefused
    request = rules.request_hash(asked)
    if certificates[0].request == request:  # the answer was lost on the way
        return _admission(trust, asked.gateway, certificates[0].pem, certificates[0].not_after)
    if any(one.request == request for one in certificates):  # an old request, sent once more by somebody
        raise RenewalRefused
    issued = _certify(trust, asked.csr, asked.gateway, now)
    await store.add_certificate(conn, asked.gateway, known.public_key, request, issued, now, "renewal")
    await identity.audit(
        conn, "certificate-renewed", "gateway", asked.gateway, after={"serial": issued.serial}
    )
    return _admission(trust, asked.gateway, issued.pem, issued.not_after)


async def _kept(conn: Connection, gateway: str, request: bytes) -> tuple[str, datetime] | None:
    for one in await store.certificates_of(conn, gateway):
        if one.request == request and one.revoked_at is None:
            return one.pem, one.not_after
    return None


def _certify(trust: Trust, csr: str, gateway: str, now: datetime) -> Issued:
    try:
        return trust.authority.certify(csr, gateway, now)
    except ValueError as exc:  # BadRequest, or an id that is none
        raise ProofWrong(str(exc)) from exc


def _admission(trust: Trust, gateway: str, pem: str, not_after: datetime) -> Admission:
    return Admission(
        gateway=gateway,
        certificate=pem,
        ca=trust.authority.pem,
        centre_public_key=base64.b64encode(trust.key.public).decode(),
        router=trust.router,
        broker=trust.broker,
        not_after=not_after,
    )


# -- shutting out ---


async def revoke(conn: Connection, gateway: str, reason: str, by: str, now: datetime) -> GatewayTrust:
    """Shut a gateway out: its next frame is refused by every central process; its history stays.

    Args:
        conn: within the scope of who asks.
        gateway: its id.
        reason: why, in words.
        by: who.
        now: UTC.

    Raises:
        NotFoundError: there is none in the scope.
    """
    if await store.trust_of(conn, gateway) is None:
        raise NotFoundError
    if await store.shut_out(conn, gateway, now, by, reason):
        await store.revoke_certificates(conn, gateway, now, by, reason)
        await identity.audit(conn, "revoked", "gateway", gateway, reason=reason)
    return await trust_of(conn, gateway, now)


async def trust_of(conn: Connection, gateway: str, now: datetime) -> GatewayTrust:
    """How far a gateway is trusted, with its certificates.

    Raises:
        NotFoundError: there is none in the scope.
    """
    known = await store.trust_of(conn, gateway)
    if known is None:
        raise NotFoundError
    certificates = [
        CertificateRow(
            serial=one.serial,
            state=rules.certificate_state(one.not_after, one.revoked_at, now),
            way=one.way,
            issued_at=one.issued_at,
            not_after=one.not_after,
            revoked_at=one.revoked_at,
            revoked_by=one.revoked_by,
            revoked_why=one.revoked_why,
        )
        for one in await store.certificates_of(conn, gateway)
    ]
    state = certificates[0].state if certificates else "none"
    return GatewayTrust(
        gateway_id=gateway,
        state="revoked" if known.revoked_at is not None else state,
        valid_until=certificates[0].not_after if certificates else None,
        revoked_at=known.revoked_at,
        revoked_by=known.revoked_by,
        revoked_why=known.revoked_why,
        certificates=certificates,
    )
