"""Requests that nobody thought of, made from the OpenAPI document: none breaks the server."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

EXAMPLES = "200" if os.environ.get("FENGSUI_SOAK") else "6"


def test_no_request_breaks_the_server(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                words = [
                    str(Path(sys.executable).with_name("schemathesis")), "run",
                    f"{server.url}/schema/openapi.json",
                    "--phases", "fuzzing", "-n", EXAMPLES, "-c", "not_a_server_error", "--no-color",
                    "--exclude-operation-id", "live", "--exclude-operation-id", "signOut",
                    # It learns the id of its own session from an answer, and would end it.
                    "--exclude-operation-id", "endOwnSession",
                    # Answers 503 where no ingest runs, as here.
                    "--exclude-operation-id", "commandGateway",
                    "-H", f"cookie: fengsui_session={client.cookies['fengsui_session']}",
                    "-H", f"x-csrf-token: {client.headers['x-csrf-token']}",
                ]  # fmt: skip
                done = await asyncio.to_thread(
                    subprocess.run,
                    words,
                    capture_output=True,
                    text=True,
                    timeout=200,
                    check=False,
                    cwd=tmp_path,
                )
                assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
                assert (await client.get("/api/v1/session")).status_code == 200

    asyncio.run(run())
