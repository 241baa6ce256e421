"""Law of never losing, 8: time is the database's; a process more than a second off is not ready."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from central import clock
from central.db.pool import Database
from central.http.health import clock_check
from central.identity import signing
from central.identity.passwords import Passwords
from central.identity.signing_models import Attempt
from central.identity.vault import Vault
from tests.central import county

if TYPE_CHECKING:
    import pytest

    from central.db.pool import DatabaseUrls


def test_a_process_in_another_year_is_not_ready_and_dates_nothing_by_itself(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.wall_now
    monkeypatch.setattr(clock, "wall_now", lambda: real() + timedelta(days=400))

    async def run() -> None:
        async with Database.open(database) as db:
            assert "off the database's" in (await clock_check(db)() or "")
            await county.found(db)
            attempt = Attempt(login="county", password=county.PASSWORD)
            await signing.sign_in(db, Passwords(), Vault(Path()), attempt)
            ages = await db.worker.fetch(
                "SELECT abs(extract(epoch FROM clock_timestamp() - created_at)) AS s FROM session "
                "UNION ALL SELECT abs(extract(epoch FROM clock_timestamp() - at)) FROM audit"
            )
            # Rows of the migrations are as old as the test session, none a year.
            assert all(row["s"] < 86_400 for row in ages)

    asyncio.run(run())
