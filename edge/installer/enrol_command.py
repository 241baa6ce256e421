"""`fengsui edge enrol` as it is typed."""

import sys
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from edge.installer.enrol import Enrolled
from edge.installer.enrol import enrol as enrol_here
from edge.installer.enrol_centre import Centre, EnrolError
from protocol import enrolment, keys


def enrol(
    config: Annotated[Path, Parameter(name=["--config", "-c"], help="The gateway.toml.")] = Path(
        "gateway.toml"
    ),
    *,
    link: str = "",
    centre: str = "",
    code: str = "",
    ca_fingerprint: str = "",
    json: Annotated[bool, Parameter(help="Print one JSON object for a program.")] = False,
) -> None:
    """Let the centre know this gateway, with the one-time code that the console shows.

    Keys are made here and never leave this machine. The credential file named in gateway.toml is written,
    with the certificate beside it. The same command puts this box in the place of a broken one.

    Args:
        config: the gateway.toml, which names the gateway and its credential file.
        link: what the QR code holds; it says centre, code and fingerprint at once.
        centre: address of the centre, for example https://centre.example:8600.
        code: the one-time code.
        ca_fingerprint: SHA-256 of the centre's CA, as printed with the code.
        json: one JSON object.
    """
    try:
        gateway, credentials = _gateway_of(config)
        if link:
            said = enrolment.read_link(link)
            if said.gateway != gateway:
                raise EnrolError(f"the code is for {said.gateway}, but {config} says that this is {gateway}")
            centre, code, ca_fingerprint = said.centre, said.code, said.fingerprint
        if not (centre and code):
            raise EnrolError("say --link, or --centre and --code")
        where = Centre(centre, fingerprint=ca_fingerprint)
        done = enrol_here(gateway, credentials, where, code)
    except (EnrolError, enrolment.BadCode) as exc:
        print(msgspec.json.encode({"error": str(exc)}).decode() if json else exc, file=sys.stderr)
        raise SystemExit(1) from exc
    print(msgspec.json.encode(done).decode() if json else _in_words(done))


def _gateway_of(config: Path) -> tuple[str, Path]:
    """Id and credential file; of the rest nothing is asked, for a box may enrol before it has a bus.

    Raises:
        EnrolError: it does not say so.
    """
    try:
        table = tomllib.loads(config.read_text(encoding="utf-8")).get("gateway", {})
        gateway = keys.check_gateway_id(str(table["id"]))
    except OSError as exc:
        raise EnrolError(f"{config}: cannot be read ({exc.strerror})") from exc
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as exc:
        raise EnrolError(f"{config}: [gateway] has no usable id: {exc}") from exc
    named = table.get("credentials")
    if not isinstance(named, str) or not named:
        raise EnrolError(
            f'{config}: [gateway] names no file to keep the keys in; add credentials = "{gateway}.json"'
        )
    return gateway, config.parent / named


def _in_words(done: Enrolled) -> str:
    named = [f"router {done.router}" if done.router else "", f"broker {done.broker}" if done.broker else ""]
    roads = ", ".join(road for road in named if road) or "none: ask whoever runs the centre"
    return "\n".join(
        (
            f"{done.gateway} is enrolled at {done.centre}",
            f"  keys and endpoints  {done.credentials} (mode 0600; make no copy)",
            f"  certificate         until {done.valid_until}; the running gateway renews it by itself",
            f"  roads               {roads}",
            "next: fengsui edge check, then fengsui edge run (a gateway that runs already: restart it)",
        )
    )
