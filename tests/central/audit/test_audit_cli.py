"""What an operator types to have the audit proved, with the worker that keeps it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from central import audit_cli
from central.audit import roots, worker
from central.db.pool import Database
from central.db.scope import acting
from central.devices.keys import CentreKey
from central.identity import service as identity
from central.settings import Settings
from tests.central.audit.keeping import forging

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls


async def kept_for_a_moment(database: DatabaseUrls, settings: Settings) -> None:
    """Runs the worker until everything is sealed and the signed head is written."""
    async with Database.open(database) as db:
        async with acting(db.worker) as conn:
            for number in range(5):
                await identity.audit(conn, "test", "thing", number)
        keeping = asyncio.create_task(worker.run(db, settings, CentreKey.load(settings.state)))
        try:
            async with asyncio.timeout(60):
                while await db.worker.fetchval("SELECT count(*) FROM audit_pending"):
                    await asyncio.sleep(0.05)
                while not (settings.state / roots.FOLDER / roots.HEAD).exists():
                    await asyncio.sleep(0.05)
        finally:
            keeping.cancel()


def test_the_audit_is_proved_exported_and_proved_again_without_the_database(
    database: DatabaseUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = tmp_path / "state"
    for name, value in (
        ("STATE", state), ("DATABASE_URL", database.admin), ("DATABASE_WEB_URL", database.web),
        ("DATABASE_WORKER_URL", database.worker),
    ):  # fmt: skip
        monkeypatch.setenv(f"FENGSUI_{name}", str(value))
    asyncio.run(kept_for_a_moment(database, Settings.read()))

    audit_cli.verify_audit(json=True)
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["findings"] == []
    assert report["entries"] == report["head"] > 5

    out, key = tmp_path / "audit.jsonl.gz", tmp_path / "key"
    audit_cli.export(out=out)
    capsys.readouterr()
    audit_cli.show_key()
    key.write_text(capsys.readouterr().out)
    audit_cli.verify_audit(file=out, public_key=key)
    assert "0 findings" in capsys.readouterr().out

    async def forge() -> None:
        async with forging(database) as admin:
            await admin.execute("UPDATE audit SET reason = 'x' WHERE action = 'test' AND subject_id = '3'")

    asyncio.run(forge())
    with pytest.raises(SystemExit) as ended:
        audit_cli.verify_audit()
    assert ended.value.code == 1
    assert "edited at position" in capsys.readouterr().out
    key.write_text("no key!")
    with pytest.raises(SystemExit) as ended:
        audit_cli.verify_audit(public_key=key)
    assert ended.value.code == 2
    assert "public key in base64" in capsys.readouterr().err
