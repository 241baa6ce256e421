"""A folder that hangs holds up its own question alone."""

from __future__ import annotations

import asyncio
import threading

from central.backup.patience import Patience


def test_a_question_that_hangs_is_given_up_and_not_asked_again_until_it_ends() -> None:
    hanging = threading.Event()
    asked: list[str] = []

    def hang() -> str:
        asked.append("x")
        hanging.wait(60)
        return "late"

    def refuse() -> str:
        raise OSError("gone")

    async def run() -> None:
        folder = Patience[str](0.05)
        assert await folder.ask(hang, "no answer") == "no answer"
        assert await folder.ask(hang, "no answer") == "no answer"
        assert asked == ["x"]
        hanging.set()
        patient = Patience[str](60.0)
        assert await patient.ask(refuse, "unreadable") == "unreadable"
        assert await patient.ask(lambda: "here", "no answer") == "here"

    asyncio.run(run())
