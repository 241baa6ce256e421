"""What the demo's people say of their devices and stocks once the gateways are heard; once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import httpx

from central.clock import wall_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = dict[str, Any]

_SCENES: Final = {
    "E0001": ("罐区", "一号罐组围堰东侧"),
    "E0002": ("生产车间", "合成车间二层平台"),
    "E0003": ("仓库", "原料库北墙"),
}
_HOUR: Final = dt.timedelta(hours=1)
_MINIMUMS: Final[tuple[Row, ...]] = (
    {"region": "429981", "name": "应急专家", "register": "experts", "minimum": 12, "unit": "人"},
    {"region": "429981", "name": "危险化学品专家", "register": "experts", "field": "category",
     "choice": "chemicals", "minimum": 2, "unit": "人"},
    {"region": "429981", "name": "救援队伍", "register": "rescue-teams", "minimum": 2, "unit": "支"},
    {"region": "429981", "name": "消防车辆", "register": "fire-forces", "measure": "vehicles", "minimum": 8,
     "unit": "辆"},
    {"region": "429981", "name": "个人防护用品", "register": "emergency-supplies",
     "field": "category", "choice": "gear", "measure": "quantity", "minimum": 60, "unit": "套"},
)  # fmt: skip


async def tell(url: str, password: str) -> None:
    """Let three plants describe their devices, one of them repair a fault, and the county set its minimums.

    Args:
        url: of the centre, which answers.
        password: of the accounts that people use.
    """
    for login, code in (("enterprise", "E0001"), ("e0002", "E0002"), ("e0003", "E0003")):
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20.0) as plant:
            await _sign_in(plant, login, password)
            devices = (await _done(plant.get("/devices"))).json()["items"]
            scene, position = _SCENES[code]
            for row in devices:
                words = {"scene": scene, "position": "控制室机柜" if row["kind"] == "gateway" else position}
                path, tag = f"/devices/{row['id']}", {"if-match": row["etag"]}
                await _done(plant.put(path, json=words, headers=tag))
            if code == "E0001":
                await _repaired(plant, devices)
            await plant.delete("/session")
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20.0) as county:
        await _sign_in(county, "county", password)
        for minimum in _MINIMUMS:
            source = {"source": "临江县危险化学品事故应急预案附件四（演示）"}
            await _done(county.post("/resource-minimums", json=minimum | source))
        await county.delete("/session")


async def _repaired(plant: httpx.AsyncClient, devices: list[Row]) -> None:
    now = wall_now()
    for number, row in enumerate(_instruments(devices)):
        if number == 0:
            found = {"device_id": row["id"], "words": "零点漂移，读数偏高 2 ppm", "cause_code": "calibration",
                     "found_at": (now - 49 * _HOUR).isoformat()}  # fmt: skip
            fault = (await _done(plant.post("/device-faults", json=found))).json()
            done = {"result": "更换传感头并完成标定，比对合格", "cause_code": "calibration"}
            path, tag = f"/device-faults/{fault['id']}/done", {"if-match": fault["etag"]}
            await _done(plant.post(path, json=done, headers=tag))
        if number == 1:
            found = {"device_id": row["id"], "words": "接线盒进水，雨天偶发无应答", "cause_code": "wiring",
                     "found_at": (now - 5 * _HOUR).isoformat()}  # fmt: skip
            fault = (await _done(plant.post("/device-faults", json=found))).json()
            repair = {"repairer": "仪表班 赵师傅", "cause_code": "wiring"}
            path, tag = f"/device-faults/{fault['id']}/repair", {"if-match": fault["etag"]}
            await _done(plant.post(path, json=repair, headers=tag))
            report = {"device_id": row["id"], "cause": "replacement", "words": "更换接线盒，断电约两小时",
                      "measures": "作业期间两人携便携式检测仪驻守，每十分钟人工读数一次",
                      "from_at": (now + 20 * _HOUR).isoformat(),
                      "until_at": (now + 22 * _HOUR).isoformat()}  # fmt: skip
            await _done(plant.post("/offline-reports", json=report))


def _instruments(devices: list[Row]) -> Iterator[Row]:
    return (
        row
        for row in sorted(devices, key=lambda row: str(row["key"]))
        if row["kind"] == "instrument" and ".button" not in row["key"]
    )


async def _sign_in(client: httpx.AsyncClient, login: str, password: str) -> None:
    body = {"account": login, "password": password, "device": "pc"}
    answer = await _done(client.post("/session", json=body))
    client.headers["x-csrf-token"] = answer.cookies.get("fengsui_csrf") or client.cookies["fengsui_csrf"]


async def _done(answer: Any) -> httpx.Response:
    got: httpx.Response = await answer
    got.raise_for_status()
    return got
