"""Takes a configuration of the centre at a running gateway: judges it, tries it, and tells how it fared.

    frame ─▶ the centre's? ours? newer? ─▶ every check of `edge check` ─▶ [dry: that is all]
          ─▶ held on disk, on trial ─▶ the gateway begins again with it ─▶ kept, or back within a minute

What must stay good is what is good now and is still configured then (`edge/trial/gate.py`).
"""

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from edge.config import ConfigError, Loaded
from edge.configuration.force import CENTRE, Force, Unfit, fitted, opened, own_table
from edge.configuration.store import Configurations, hash_of, name_of
from edge.layout import outputs
from edge.spool.spool import Spool
from edge.trial.switch import Trial, TrialError, keys_in_words
from edge.uplink.commands import DONE, FOREIGN, REFUSED, REPEATED, Outcome
from protocol import messages as m


class Deployment:
    """Judges what the centre sends, and begins its trial."""

    def __init__(
        self,
        force: Force,
        state: Path,
        spool: Spool,
        good: Callable[[], frozenset[str]],
        good_within_s: float,
        begin_again: Callable[[str], None],
        program_trial: Callable[[], Trial | None],
    ) -> None:
        """Prepare.

        Args:
            force: what the gateway runs with.
            state: its state folder.
            spool: takes records.
            good: keys of the points and outputs that are good now.
            good_within_s: how long a good point may take for its first value, as configured now.
            begin_again: ends this run in good order, and begins anew with what is in force then.
            program_trial: the trial of the program that runs, if there is one: of two trials at once nobody
                could say which of them turned a point bad, and only the launcher goes back to a program.
        """
        self._force = force
        self._held = Configurations(state)
        self._spool = spool
        self._good = good
        self._good_within_s = good_within_s
        self._begin_again = begin_again
        self._program_trial = program_trial

    @property
    def held(self) -> Configurations:
        """What is on this disk."""
        return self._held

    def started(self) -> None:
        """Record what happened to configurations before this start, and what is in force now."""
        for note in self._force.notes:
            self._record(note.stage, CENTRE, note.version, note.hash, note.by, note.reason)
        force = self._force
        on_trial = m.ON_TRIAL if force.trial is not None else ""
        self._record("in-force", force.master, force.version, force.hash, force.by, on_trial)

    def ended(self, trial: Trial, why: str) -> None:
        """Record how the trial ended; where it was taken back the gateway begins again."""
        force = self._force
        stage = "taken-back" if why else "kept"
        self._record(stage, CENTRE, force.version, force.hash, force.by, why)
        if why:
            with contextlib.suppress(OSError):
                self._held.taken_back(force.version)
            self._begin_again(f"configuration {trial.version} is taken back: {why}")

    def offer(self, frame: bytes) -> tuple[m.Configuration | None, Outcome]:
        """Judge a signed configuration and, if it is fit, begin its trial.

        Returns:
            The message (None: it was not the centre's, and gets no answer) and what became of it.
        """
        path = self._force.loaded.file
        try:
            plant = own_table(path)
            configuration = opened(frame, path, plant)
        except Unfit as exc:
            return None, Outcome(FOREIGN, str(exc))
        outcome = self._judge(configuration, frame)
        if not configuration.dry and outcome.result != REPEATED:
            stage = "trial" if outcome.result == DONE else "refused"
            digest = hash_of(configuration)
            self._record(stage, CENTRE, configuration.version, digest, configuration.by, outcome.detail)
            if outcome.result == DONE:
                self._begin_again(f"configuration {configuration.version} of the centre goes on trial")
        return configuration, outcome

    def _judge(self, configuration: m.Configuration, frame: bytes) -> Outcome:
        if configuration.dry and not configuration.text:
            return Outcome(DONE, self._text())
        newest = self._held.newest()
        if configuration.version == newest and not configuration.dry and self._same(frame, newest):
            return Outcome(REPEATED, self._held.switch.last() or "it is on trial")
        if configuration.version <= newest and not configuration.dry:
            return Outcome(REFUSED, f"version {newest} came already; only a newer one counts")
        path = self._force.loaded.file
        try:
            loaded = fitted(configuration, path, own_table(path))
        except (ConfigError, Unfit) as exc:
            return Outcome(REFUSED, str(exc))
        change = difference(self._force.loaded, loaded)
        if configuration.dry:
            return Outcome(DONE, change)
        program = self._program_trial()
        if program is not None:
            said = f"version {program.version} of the program is on trial; send this when that has ended"
            return Outcome(REFUSED, said)
        keys = _keys(loaded) | {"uplink"}
        limits = self._force.loaded.config.supervision
        trial = Trial(
            name_of(configuration.version),
            self._held.switch.current(),
            str(configuration.version),
            tuple(sorted(self._good() & keys)),
            limits.trial_settle_s,
            max(limits.trial_s, limits.trial_settle_s + self._good_within_s),
        )
        try:
            self._held.begin(configuration.version, frame, trial)
        except (TrialError, OSError) as exc:
            return Outcome(REFUSED, str(exc))
        return Outcome(DONE, change)

    def _same(self, frame: bytes, version: int) -> bool:
        try:
            return self._held.frame(name_of(version)) == frame
        except OSError:
            return False

    def _text(self) -> str:
        """Return the text in force."""
        path = self._force.loaded.file
        name = self._held.switch.current()
        if self._force.master == CENTRE and name:
            return opened(self._held.frame(name), path, own_table(path)).text
        return path.read_text(encoding="utf-8")

    def _record(self, stage: str, master: str, version: int, digest: str, by: str, reason: str) -> None:
        self._spool.record(
            partial(
                m.ConfigurationEvent,
                stage=stage,
                master=master,
                version=version,
                hash=digest,
                by=by,
                reason=reason[:1000],
            )
        )


def difference(now: Loaded, then: Loaded) -> str:
    """Say in words what a configuration would change: points new, gone or read otherwise; other tables."""
    before, after = _points(now), _points(then)
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    parts = [
        _some("new", after.keys() - before.keys()),
        _some("gone", before.keys() - after.keys()),
        _some("changed", changed),
    ]
    said = "; ".join(part for part in parts if part)
    old, new = _tables(now), _tables(then)
    tables = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    if tables:
        said += ("; " if said else "") + f"other tables: {', '.join(tables)}"
    return said or "nothing changes"


def _some(word: str, keys: set[str]) -> str:
    return f"{word}: {keys_in_words(keys, 20)}" if keys else ""


def _tables(loaded: Loaded) -> dict[str, object]:
    """Every table but the points and the version; a bus counts by itself, it may carry relays alone."""
    config = loaded.config
    found = {name: getattr(config, name) for name in config.__struct_fields__ if name != "buses"}
    found["gateway"] = msgspec.structs.replace(config.gateway, config_version=1)
    return found | {f"bus {bus.name}": msgspec.structs.replace(bus, units=[]) for bus in config.buses}


def _points(loaded: Loaded) -> dict[str, bytes]:
    """Every point with all that is said of it, its unit and its bus."""
    found = {}
    for bus in loaded.config.buses:
        line = msgspec.structs.replace(bus, units=[])
        for unit in bus.units:
            device = msgspec.structs.replace(unit, points=[])
            for point in unit.points:
                found[point.key] = msgspec.json.encode([line, device, point])
    return found


def _keys(loaded: Loaded) -> frozenset[str]:
    names = {f"output {annunciator}.{part}" for annunciator, part, _ in outputs(loaded.config)}
    names |= {f"output {switch.name}" for switch in loaded.config.outputs}
    return frozenset(_points(loaded).keys() | names)
