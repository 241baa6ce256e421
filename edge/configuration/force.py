"""Finds the configuration to run with: the centre's newest that stands, or the gateway.toml of the plant.

    switch ─▶ frame ─▶ signature ─▶ `load` ─▶ runs
      │          └───────┴───────────┴─ fails: taken back if on trial, else set aside; the one before, then
      └─ none ─▶ gateway.toml                   the gateway.toml

A gateway never stays down because of a configuration of the centre, nor of a disk that takes nothing: what
cannot be used is told and left. Without credentials and without a usable gateway.toml it runs, for the horn's
sake, with what it once believed and holds.
What the plant's own file says of itself (id, state, credentials) counts always.
"""

import logging
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from edge import identity
from edge.config import ConfigError, Loaded, load
from edge.configuration.store import Configurations, hash_of
from edge.layout import lay_out
from edge.trial.switch import TRIES, Trial
from protocol import codec
from protocol import messages as m

log = logging.getLogger(__name__)

FILE: Final = "file"
CENTRE: Final = "centre"
FIXED: Final = ("id", "state", "credentials")


class Unfit(Exception):
    """A configuration of the centre cannot be used here; the text says why."""


class Unjudged(Unfit):
    """Whose it is cannot be said now; with the credentials back it may be used again."""


class Note(msgspec.Struct, frozen=True):
    """Something that happened to a configuration before the gateway could record it."""

    stage: str
    version: int
    hash: str
    by: str
    reason: str


class Force(msgspec.Struct, frozen=True):
    """What the gateway runs with.

    Attributes:
        loaded: the configuration.
        master: "file" or "centre".
        hash: of the centre's text; "" for the file.
        by: who made it at the centre.
        trial: on which it is.
        notes: what happened on the way, to be recorded.
    """

    loaded: Loaded
    master: str = FILE
    hash: str = ""
    by: str = ""
    trial: Trial | None = None
    notes: tuple[Note, ...] = ()

    @property
    def version(self) -> int:
        """The version that is in force."""
        return self.loaded.config.gateway.config_version


def in_force(path: Path, *, starting: bool = False, lasting: bool = True) -> Force:
    """Find what counts for the gateway of this file.

    Args:
        path: the gateway.toml.
        starting: the gateway begins now: a trial counts its starts, and what cannot be used is taken back.
        lasting: also for the starts to come.

    Raises:
        edge.config.ConfigError: there is nothing usable, and the file is wrong as well.
    """
    plant = _of_plant(path)
    if plant is None:
        return Force(load(path))
    held = Configurations(path.parent / plant.get("state", "state"))
    notes: list[Note] = []
    spare: Force | None = None
    name, trial = _pointed(held)
    while name:
        for_good = lasting
        try:
            if starting and trial is not None and held.switch.started() > TRIES:
                raise Unfit(f"it did not stay up, started {TRIES} times")
            configuration = opened(held.frame(name), path, plant)
            found = fitted(configuration, path, plant)
            return Force(found, CENTRE, hash_of(configuration), configuration.by, trial, tuple(notes))
        except (Unfit, ConfigError, OSError) as exc:
            why = str(exc)
            if spare is None and trial is None and isinstance(exc, Unjudged):
                spare = _held_back(held, name, path, plant)
            for_good = lasting and (trial is not None or not isinstance(exc, Unjudged))
        log.error("the centre's configuration %s is not used: %s", name, why)
        version = int(name.split(".", maxsplit=1)[0]) if name.split(".", maxsplit=1)[0].isdigit() else 0
        notes.append(Note("taken-back", version, "", "", why))
        if not starting:
            break
        before = held.stood_before(version) if trial is None else trial.before
        if for_good:
            _set_aside(held, trial, version, before, why)
        name, trial = before, None
    try:
        return Force(load(path), notes=tuple(notes))
    except ConfigError:
        if spare is None:
            raise
        log.exception("no credentials, and this file cannot be used: version %d runs on", spare.version)
        return spare


def _held_back(held: Configurations, name: str, path: Path, plant: dict[str, Any]) -> Force | None:
    """Read what was believed when it came and stood its trial, though nobody can check its signature now."""
    try:
        message = codec.decode(codec.open_frame(held.frame(name)))
        configuration = _ours(message, plant)
        found = fitted(configuration, path, plant)
    except (Unfit, ConfigError, OSError, codec.ProtocolError):
        return None
    return Force(found, CENTRE, hash_of(configuration), configuration.by)


def _pointed(held: Configurations) -> tuple[str, Trial | None]:
    """Return what is in force, and its trial; a folder that cannot be read holds nothing."""
    try:
        return held.switch.current(), held.switch.trial()
    except OSError as exc:
        log.error("the centre's configurations cannot be read: %s", exc)
        return "", None


def _set_aside(held: Configurations, trial: Trial | None, version: int, before: str, why: str) -> None:
    """Have the next start begin with the one before; where the disk takes nothing it finds out as we did."""
    try:
        if trial is None:
            held.switch.point(before)
        else:
            held.switch.revert(trial, why)
            held.taken_back(version)
    except OSError as exc:
        log.error("that it is not used could not be written: %s", exc)


def opened(frame: bytes, path: Path, plant: dict[str, Any]) -> m.Configuration:
    """Open a signed configuration.

    Raises:
        Unfit: not the centre's, changed, for another gateway, or there are no credentials to judge it by.
    """
    try:
        who = identity.load(path.parent / plant.get("credentials", ""))
        message = who.open_from_centre(frame)
    except identity.CredentialError as exc:
        raise Unjudged(f"whose it is cannot be judged: {exc}") from exc
    except codec.ProtocolError as exc:
        raise Unfit(f"it is not the centre's: {exc}") from exc
    return _ours(message, plant)


def _ours(message: m.Message, plant: dict[str, Any]) -> m.Configuration:
    if not isinstance(message, m.Configuration):
        raise Unfit(f"a {type(message).__name__} where a configuration was due")
    if message.gateway != plant.get("id"):
        raise Unfit(f"it is for {message.gateway!r}, this is {plant.get('id')!r}")
    return message


def fitted(configuration: m.Configuration, path: Path, plant: dict[str, Any]) -> Loaded:
    """Check the text with every check of `fengsui edge check`, as if it stood in the gateway.toml.

    Raises:
        ConfigError: every problem that could be found.
        Unfit: it would change what is the plant's own.
    """
    loaded = load(path, configuration.text)
    given = msgspec.structs.asdict(loaded.config.gateway)
    defaults = {"state": "state", "credentials": ""}
    for key in FIXED:
        own = plant.get(key, defaults.get(key))
        if given[key] != own:
            raise Unfit(
                f"[gateway] {key} is {own!r} at the plant, and {given[key]!r} there; it stays the plant's"
            )
    gateway = msgspec.structs.replace(loaded.config.gateway, config_version=configuration.version)
    loaded = msgspec.structs.replace(loaded, config=msgspec.structs.replace(loaded.config, gateway=gateway))
    lay_out(loaded, "")
    return loaded


def own_table(path: Path) -> dict[str, Any]:
    """Return what the plant's file says of itself.

    Raises:
        Unfit: the file cannot be read.
    """
    table = _of_plant(path)
    if table is None:
        raise Unfit(f"{path} cannot be read, so nothing says which gateway this is")
    return table


def _of_plant(path: Path) -> dict[str, Any] | None:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("gateway")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    if not isinstance(table, dict):
        return None
    return {key: table[key] for key in FIXED if isinstance(table.get(key), str)}
