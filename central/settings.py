"""What an operator may set for the centre: variables FENGSUI_…, each with a default that works."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from central.db.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
SHORTEST_AUDIT_DAYS = 180


class Settings(Struct, frozen=True, kw_only=True):
    """How this centre runs.

    Attributes:
        state: folder of everything that has to survive (FENGSUI_STATE).
        host: address of the console and API (FENGSUI_HOST).
        port: its port (FENGSUI_PORT).
        database_url: a server of the customer's; empty uses the embedded one (FENGSUI_DATABASE_URL).
        database_web_url: the same database as role fengsui_web; empty derives it (FENGSUI_DATABASE_WEB_URL).
        database_worker_url: as role fengsui_worker (FENGSUI_DATABASE_WORKER_URL).
        postgres_port: TCP port of the embedded server, 0 a free one (FENGSUI_POSTGRES_PORT).
        router: the Zenoh router that gateways and this process connect to (FENGSUI_ROUTER).
            Empty: no such road.
        broker: the MQTT 5 broker that gateways and this process connect to, "mqtt://127.0.0.1:1883" or
            "mqtts://broker.example:8883"; empty: no such road (FENGSUI_BROKER).
        gateway_frames_per_s: frames of one kind that one gateway may send in a second, three times as many
            at once; over it BUSY (FENGSUI_GATEWAY_FRAMES_PER_S); 0: any number.
        gateway_bytes_per_s: the same in bytes (FENGSUI_GATEWAY_BYTES_PER_S).
        public_url: where gateways and browsers reach us, for example "https://centre.example:8600"; its host
            goes into our certificates (FENGSUI_PUBLIC_URL).
        https: speak HTTPS ourselves (FENGSUI_HTTPS), with a certificate of our own CA, or with that of
            `https_certificate` and `https_key` (FENGSUI_HTTPS_CERTIFICATE, FENGSUI_HTTPS_KEY: PEM files).
        names: more host names and addresses of ours for the certificates, with commas (FENGSUI_NAMES).
        own_router: whether `serve` starts that router as a child process (FENGSUI_OWN_ROUTER).
        cookie_secure: cookies travel over HTTPS only; set it wherever the console is not on loopback
            (FENGSUI_COOKIE_SECURE).
        plain_http: the console may be reached beyond this machine without HTTPS (FENGSUI_PLAIN_HTTP): in a
            closed test network only; passwords travel readable.
        idle_s: a session without a request for this long ends (FENGSUI_IDLE_S); wall displays are exempt.
        trust_proxy: believe X-Forwarded-For of a proxy on this host (FENGSUI_TRUST_PROXY).
        open_metrics: /metrics and /schema answer everybody (FENGSUI_OPEN_METRICS); otherwise this machine, a
            session, or a key of the API as bearer.
        oidc_issuer: address of a provincial identity provider that speaks OpenID Connect; empty: none
            (FENGSUI_OIDC_ISSUER). Needs `public_url`.
        oidc_client_id: our name there (FENGSUI_OIDC_CLIENT_ID).
        oidc_client_secret: our secret there; empty for a public client (FENGSUI_OIDC_CLIENT_SECRET).
        oidc_name: what its button on the sign-in page says (FENGSUI_OIDC_NAME).
        oidc_scopes: what we ask for (FENGSUI_OIDC_SCOPES).
        oidc_credit_code_claim: the claim that holds the unified social credit code of a legal person
            (FENGSUI_OIDC_CREDIT_CODE_CLAIM); empty: persons alone.
        zone: whose midnights end a day of this installation (FENGSUI_ZONE).
        audit_keep_days: how long the audit stays in the database before it goes to signed files, 180 at least
            (FENGSUI_AUDIT_KEEP_DAYS).
        sms_url: the SMS provider (FENGSUI_SMS_URL); empty: no SMS channel.
        sms_secret: our bearer token there, and the secret of its receipts (FENGSUI_SMS_SECRET).
        files: where attached files lie, "s3://bucket/prefix" with the variables AWS_… of S3 clients; empty:
            `files` in the state folder (FENGSUI_FILES).
        file_mb: the largest attached file, in MB, at most 200 (FENGSUI_FILE_MB).
        file_scan: command that judges a file, with the path as its last argument: status 0 harmless, 1
            harmful; for example "clamdscan --fdpass --no-summary"; empty: none (FENGSUI_FILE_SCAN).
        file_scan_s: how long it may take; a file that it did not judge waits (FENGSUI_FILE_SCAN_S).
        map_tiles: the customer's tile source: addresses with {z}, {x}, {y} (and {s} for t0 … t7), lowest
            layer first, with spaces between; empty: shapes alone (FENGSUI_MAP_TILES).
        map_datum: its system: wgs84, cgcs2000 (天地图) or gcj02 (FENGSUI_MAP_DATUM).
        map_max_zoom: its deepest zoom (FENGSUI_MAP_MAX_ZOOM).
        map_attribution: whose map it is, with its approval number (审图号), shown on it
            (FENGSUI_MAP_ATTRIBUTION).
        backup_to: folder in which backups are made (FENGSUI_BACKUP_TO); empty: `backups` in the state folder.
        backup_hours: one is made every so many hours, 0 never (FENGSUI_BACKUP_HOURS).
        backup_keep: how many stay, days/weeks/months (FENGSUI_BACKUP_KEEP).
        backup_check_days: the newest is restored on trial every so many days, 0 never
            (FENGSUI_BACKUP_CHECK_DAYS).
        backup_passphrase_file: file with the passphrase that encrypts them (FENGSUI_BACKUP_PASSPHRASE_FILE).
        backup_recipient: public key that they are encrypted for (FENGSUI_BACKUP_RECIPIENT).
    """

    state: Path = Path(".fengsui")
    host: str = "127.0.0.1"
    port: int = 8600
    database_url: str = ""
    database_web_url: str = ""
    database_worker_url: str = ""
    postgres_port: int = 0
    router: str = "tcp/127.0.0.1:7447"
    broker: str = ""
    gateway_frames_per_s: int = 1000
    gateway_bytes_per_s: int = 16 * 1024 * 1024
    public_url: str = ""
    https: bool = False
    https_certificate: str = ""
    https_key: str = ""
    names: str = ""
    own_router: bool = True
    cookie_secure: bool = False
    plain_http: bool = False
    idle_s: int = 1800
    trust_proxy: bool = False
    open_metrics: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "省统一身份认证"
    oidc_scopes: str = "openid profile"
    oidc_credit_code_claim: str = "credit_code"
    zone: str = "Asia/Shanghai"
    audit_keep_days: int = 730
    sms_url: str = ""
    sms_secret: str = ""
    files: str = ""
    file_mb: int = 50
    file_scan: str = ""
    file_scan_s: int = 60
    map_tiles: str = ""
    map_datum: str = "wgs84"
    map_max_zoom: int = 18
    map_attribution: str = ""
    backup_to: str = ""
    backup_hours: int = 24
    backup_keep: str = "7/4/6"
    backup_check_days: int = 7
    backup_passphrase_file: str = ""
    backup_recipient: str = ""

    @staticmethod
    def read(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
        """Settings from the environment; what the command line gives wins.

        Args:
            environment: variables, those of the process when None.
            given: fields by name; None means "not given".

        Raises:
            ConfigurationError: names the variable, what is wrong and what would be right.
        """
        source = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for name, default in zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True):
            variable = f"FENGSUI_{name.upper()}"
            text = source.get(variable)
            if given.get(name) is not None:
                values[name] = given[name]
            elif text is not None:
                values[name] = _read(variable, text, default)
        if values.get("https"):
            values["cookie_secure"] = True
        if int(str(values.get("audit_keep_days", SHORTEST_AUDIT_DAYS))) < SHORTEST_AUDIT_DAYS:
            raise ConfigurationError(
                f"FENGSUI_AUDIT_KEEP_DAYS={values['audit_keep_days']}: must be {SHORTEST_AUDIT_DAYS} or "
                "more (six months, 网络安全法 art. 21)"
            )
        return Settings(**values)  # type: ignore[arg-type]


def is_loopback(host: str) -> bool:
    """Say whether an address is of this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _read(variable: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        word = text.strip().lower()
        if word not in _TRUE | _FALSE:
            raise ConfigurationError(f"{variable}={text!r}: must be 1 or 0")
        return word in _TRUE
    if isinstance(default, int):
        try:
            number = int(text)
        except ValueError:
            raise ConfigurationError(f"{variable}={text!r}: must be a whole number") from None
        if number < 0:
            raise ConfigurationError(f"{variable}={text!r}: must not be negative")
        return number
    return Path(text) if isinstance(default, Path) else text
