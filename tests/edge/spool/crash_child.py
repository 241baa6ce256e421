"""Writes to a spool as fast as it can and says on its standard output what is durable, until it is killed.

python crash_child.py FOLDER     lines: "E epoch last" and "M epoch last" once a commit has returned
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from edge.clock import Clock
from edge.core.batch import Batcher
from edge.spool.records import AlarmRow
from edge.spool.spool import Quota, Spool
from protocol import codec
from protocol import messages as m

DESCRIPTION = codec.encode_description(m.Description("gw-test", "hash", 1, "test", [], [], []))


async def write(folder: Path) -> None:
    clock = Clock(True)
    spool = await Spool.open(folder, clock, DESCRIPTION, Quota(20_000_000, 300_000), "test")
    async with asyncio.TaskGroup() as group:
        group.create_task(spool.run_events())
        group.create_task(spool.run_measurements())
        said = (0, 0)
        turn = 0
        while True:
            turn += 1
            batcher = Batcher(1000)
            for i in range(20):
                batcher.take(0, i, clock.utc_ms(), clock.mono_ms(), 2, 1, 192, tuple(range(50)), ())
            closed = batcher.close()
            if closed is not None and spool.measurements.in_memory < 5:
                spool.add_measurements(closed)
            row = AlarmRow("A/H", "B", str(spool.events.seq + 1), turn)
            spool.record(partial(m.OutputEvent, output=f"o{turn}", state="on", ok=True), alarms={"A/H": row})
            await asyncio.sleep(0.001)
            now = (spool.events.current.head, spool.measurements.current.head)
            if now != said:
                said = now
                print(f"E {spool.epoch} {now[0]}\nM {spool.epoch} {now[1]}", flush=True)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
