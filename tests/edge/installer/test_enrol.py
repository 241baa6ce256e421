"""`fengsui edge enrol` and the renewal, against a real centre over HTTPS with a certificate of its own CA."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from central.devices.enrolment import Trust, hosts_of
from central.settings import Settings
from edge import identity
from edge.installer.enrol import enrol
from edge.installer.enrol_centre import Centre, CentreAway, EnrolError
from edge.installer.enrol_command import enrol as command
from edge.installer.enrol_keys import Admitted, FileKeyStore
from edge.installer.enrol_renewal import Renewal, is_due
from tests.central import county
from tests.central.devices.test_enrolment import Scene, scene
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

DAY_MS = 86_400_000


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def utc_ms(self) -> int:
        return int(self.at.timestamp() * 1000)


class FullDisk(FileKeyStore):
    """Keys on a disk that is full when the answer comes."""

    def put_in_force(self, admitted: Admitted, centre: str) -> None:
        raise OSError(28, "No space left on device", centre)


@asynccontextmanager
async def centre_over_https(urls: DatabaseUrls, folder: Path) -> AsyncIterator[Scene]:
    settings = Settings(
        state=folder, https=True, router="tls/0.0.0.0:7447", broker="mqtts://0.0.0.0:8883",
        public_url="https://localhost",
    )  # fmt: skip
    now = datetime.now(UTC)
    trust = Trust.open(settings, now)
    trust.authority.ensure_own(hosts_of(settings), now)
    async with serving(urls, settings, trust) as served:
        await county.found(served.database)
        yield Scene(served, trust, settings)


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_box_enrols_over_https_by_the_fingerprint_and_renews_without_a_restart(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body() -> None:
        box = tmp_path / "box"
        box.mkdir()
        file = box / "gw.json"
        async with centre_over_https(database, tmp_path) as s:
            fingerprint = s.trust.authority.fingerprint
            made = await s.code("gw-e1-1")
            centre = Centre(s.url, fingerprint=fingerprint.upper())
            done = await asyncio.to_thread(enrol, "gw-e1-1", file, centre, made["code"])
            assert (done.router, done.broker) == ("tls/localhost:7447", "mqtts://localhost:8883")
            who = identity.load(file)
            assert who.tls is not None
            assert (await s.sql("SELECT public_key FROM gateway"))[0][0] == who.public_key
            assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in box.iterdir())
            assert len(files_of(box)) == 4  # nothing waits any more
            before = who.tls.certificate.read_text()
            early = Renewal(file, SetClock(datetime.now(UTC)))
            assert await asyncio.to_thread(early.look) == ""
            late = Renewal(file, SetClock(datetime.now(UTC) + timedelta(days=61)))
            assert await asyncio.to_thread(late.look) != ""
            after = who.tls.certificate.read_text()
            assert after != before
            old, new = (x509.load_pem_x509_certificate(text.encode()) for text in (before, after))
            assert old.public_key() == new.public_key()
            # Another code: new keys, and the files of the old ones are gone.
            again = await s.code("gw-e1-1")
            await asyncio.to_thread(enrol, "gw-e1-1", file, centre, again["code"])
            assert identity.load(file).public_key != who.public_key
            assert len(files_of(box)) == 4

    asyncio.run(body())


def test_a_strangers_server_hears_no_code(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        async with centre_over_https(database, tmp_path) as s:
            code = (await s.code("gw-e1-1"))["code"]
            for fingerprint, said in (("ab" * 32, "Nothing was told to it"), ("", "not believed")):
                with pytest.raises(EnrolError, match=said):
                    await asyncio.to_thread(
                        enrol, "gw-e1-1", tmp_path / "gw.json", Centre(s.url, fingerprint=fingerprint), code
                    )
            assert (await s.sql("SELECT tries FROM enrolment_code"))[0][0] == 0
            assert not (tmp_path / "gw.json").exists()

    asyncio.run(body())


def test_a_box_whose_answer_was_lost_asks_again_with_the_same_keys(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body() -> None:
        async with centre_over_https(database, tmp_path) as s:
            file = tmp_path / "box" / "gw.json"
            file.parent.mkdir()
            centre = Centre(s.url, fingerprint=s.trust.authority.fingerprint)
            code = (await s.code("gw-e1-1"))["code"]
            with pytest.raises(EnrolError, match="again with the same code"):
                await asyncio.to_thread(enrol, "gw-e1-1", file, centre, code, FullDisk(file))
            assert not file.exists()  # the centre has let it in, the box knows nothing of it
            done = await asyncio.to_thread(enrol, "gw-e1-1", file, centre, code)
            assert done.gateway == "gw-e1-1"

    asyncio.run(body())


@pytest.mark.parametrize(
    ("url", "fingerprint", "said"),
    [
        ("http://192.0.2.1:8600", "", "must not travel readable"),
        ("ftp://x", "", "no address of a centre"),
        ("https://x:y", "", "Port"),
        ("https://x", "12", "64 hexadecimal digits"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(url: str, fingerprint: str, said: str) -> None:
    with pytest.raises(EnrolError, match=said):
        Centre(url, fingerprint=fingerprint)


def test_nobody_there_and_a_wrong_code_are_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(CentreAway, match="is the network up"):
        enrol("gw-e1-1", tmp_path / "gw.json", Centre("http://127.0.0.1:9"), "0000-0000-0000-0000")
    with pytest.raises(EnrolError, match="16 letters and digits"):
        enrol("gw-e1-1", tmp_path / "gw.json", Centre("http://127.0.0.1:9"), "123")


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "gateway.toml"
    for text, link, said in (
        ('[gateway]\nid = "gw-e1-1"\n', "", "names no file"),
        ('[gateway]\nid = "gw-e1-1"\ncredentials = "gw.json"\n', "", "--link"),
        (
            '[gateway]\nid = "gw-e1-1"\ncredentials = "gw.json"\n',
            f"https://x/enrol#gateway=gw-e1-2&code=0000000000000000&ca={'0' * 64}",
            "the code is for gw-e1-2",
        ),
        ('[gateway]\nid = "gw-e1-1"\ncredentials = "gw.json"\n', "https://x", "not the link"),
    ):
        config.write_text(text)
        with pytest.raises(SystemExit):
            command(config, link=link)
        assert said in capsys.readouterr().err


def test_a_clock_that_stands_in_1970_renews_nothing(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    now = datetime.now(UTC)
    Trust.open(settings, now).authority.ensure_own([], now)
    certificate = tmp_path / "pki/centre.pem"
    assert not is_due(certificate, 0)
    assert not is_due(certificate, int(now.timestamp() * 1000))
    assert is_due(certificate, int(now.timestamp() * 1000) + 370 * DAY_MS)


def test_on_one_machine_the_link_of_the_console_enrols(
    database: DatabaseUrls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def body() -> None:
        async with scene(database, tmp_path) as s:
            config = tmp_path / "gateway.toml"
            config.write_text('[gateway]\nid = "gw-e1-1"\ncredentials = "gw.json"\n')
            made = await s.code("gw-e1-1")
            link = made["link"].replace("https://centre.example:8600", s.url)
            await asyncio.to_thread(command, config, link=link)
            assert "gw-e1-1 is enrolled at http://127.0.0.1" in capsys.readouterr().out
            assert identity.load(tmp_path / "gw.json").gateway == "gw-e1-1"
            with pytest.raises(SystemExit):
                await asyncio.to_thread(command, config, link=link)
            assert "used already" in capsys.readouterr().err

    asyncio.run(body())
