"""What the demo's people have declared: work on instruments whose warnings wait, once for red ones too."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import httpx

from central.clock import wall_now

_HOUR: Final = dt.timedelta(hours=1)


async def declare(url: str, password: str) -> None:
    """Let two plants declare windows, and the county consent to one that holds red ones.

    Args:
        url: of the centre, which answers.
        password: of the accounts that people use.
    """
    now = wall_now()
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20.0) as plant:
        await _sign_in(plant, "e0002", password)
        points = (await _done(plant.get("/points", params={"limit": 200}))).json()["items"]
        first, *_, last = sorted(points, key=lambda point: str(point["key"]))
        window = {
            "category": "maintenance",
            "subject_type": "instrument",
            "subject_id": f"{last['gateway_id']}/{last['source']}",
            "reason": "仪表送检，装回前读数无效",
            "starts_at": (now - dt.timedelta(minutes=2)).isoformat(),
            "ends_at": (now + 6 * _HOUR).isoformat(),
        }
        await _done(plant.post("/suppression-windows", json=window))
        permit = {
            "category": "permit",
            "subject_type": "point",
            "subject_id": str(first["id"]),
            "reason": "旁路管线动火，探头附近有焊接烟尘",
            "permit_no": "DH-2026-117",
            "kinds": ["alarm", "quality"],
            "starts_at": (now + 14 * _HOUR).isoformat(),
            "ends_at": (now + 20 * _HOUR).isoformat(),
            "holds_red": True,
        }
        asked = (await _done(plant.post("/suppression-windows", json=permit))).json()
        await plant.delete("/session")
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20.0) as county:
        await _sign_in(county, "county", password)
        words = {"given": True, "opinion": "现场两人监护，便携式检测仪连续监测"}
        await _done(county.post(f"/suppression-windows/{asked['id']}/consent", json=words))
        await county.delete("/session")


async def _sign_in(client: httpx.AsyncClient, login: str, password: str) -> None:
    body = {"account": login, "password": password, "device": "pc"}
    answer = await _done(client.post("/session", json=body))
    client.headers["x-csrf-token"] = answer.cookies.get("fengsui_csrf") or client.cookies["fengsui_csrf"]


async def _done(answer: Any) -> httpx.Response:
    got: httpx.Response = await answer
    got.raise_for_status()
    return got
