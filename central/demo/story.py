"""Tells in plain words what happens: at the plants, in the centre, on the phones; Chinese, then English."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from central.demo.county import ACCOUNTS, ENTERPRISES, SHOWN_ACCOUNTS
from central.demo.plants import Site

_AT_PLANT = {
    "leak": ("{title}：开始泄漏！", "a leak begins"),
    "calm": ("{title}：泄漏已堵住，事故通风已开", "the leak is stopped, the emergency fan runs"),
    "press": ("{title}：有人按下现场按钮", "somebody presses the button at the plant"),
    "horn": ("{title}：声光报警器响了（喇叭线圈闭合）", "the horn sounds (its coil closed)"),
    "quiet": ("{title}：喇叭停了（线圈断开）", "the horn is silent (its coil opened)"),
    "beacon": ("{title}：警示灯亮起", "the beacon is lit"),
    "dark": ("{title}：警示灯熄灭，现场恢复正常", "the beacon is dark again, all normal"),
}
_SOURCES = {
    "instrument": "仪表 instrument",
    "gateway": "网关 gateway",
    "centre": "平台 centre",
    "person": "人员 person",
    "provider": "短信 SMS",
}
_ROLES = {
    "county": "县局值班",
    "township": "青石镇应急办",
    "enterprise": "企业安全员",
    "city": "市局值班",
    "inspector": "网格巡查员",
    "installer": "安装调试员",
    "admin": "管理员",
}
_LEVELS = {"blue": "蓝色 blue", "yellow": "黄色 yellow", "orange": "橙色 orange", "red": "红色 red"}


def say(text: str) -> None:
    """Print one line with the time of day."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def greeting(url: str, password: str, logs: Path) -> str:
    """What a newcomer needs: the address, who may sign in, and what to try."""
    names = {account.login: account.name for account in ACCOUNTS}
    accounts = [f"{login:<11}{_ROLES[login]} {names[login]}" for login in SHOWN_ACCOUNTS]
    return "\n".join(
        [
            "",
            f"  控制台 console   {url}",
            f"  密码 password    {password}   （所有账号 all accounts）",
            "  账号 accounts    " + "\n                   ".join(accounts),
            "",
            "  另开一个终端 / in another terminal (.venv/bin/fengsui):",
            "    fengsui demo press chlorine      按现场按钮：先消音，再确认 / press the plant's button",
            "    fengsui demo leak ammonia        另一座厂泄漏 / another plant leaks (lpg too)",
            "    fengsui demo calm chlorine       堵漏 / stop the leak",
            f"  日志 logs         {logs}",
            "  Ctrl-C 停止一切 / stops everything",
            "",
        ]
    )


def at_plant(kind: str, site: Site) -> None:
    """Tell what happens at a plant (`kind` as `LivePlant` tells it)."""
    chinese, english = _AT_PLANT[kind]
    say(f"现场  {chinese.format(title=site.title)} / {site.key}: {english}")


class CentreStory:
    """Follows the centre as any signed-in console does, and tells each new line of each warning's story."""

    def __init__(self, base_url: str, account: str, password: str) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, timeout=10.0)
        self._account = {"account": account, "password": password, "device": "wall"}
        self._told: dict[str, int] = {}
        self.handled = asyncio.Queue[str](maxsize=100)

    async def sign_in(self) -> None:
        """Sign in.

        Raises:
            httpx.HTTPError: the centre does not answer, or refuses.
        """
        reply = await self._client.post("/api/v1/session", json=self._account)
        reply.raise_for_status()

    async def skip_past(self) -> None:
        """Take what is already known as told: only what happens from now on is news."""
        for row in await self._warnings():
            detail = await self._detail(row["id"])
            self._told[row["id"]] = len(detail["timeline"])

    async def gateways_online(self) -> int:
        """How many gateways the centre hears."""
        reply = await self._client.get("/api/v1/overview")
        reply.raise_for_status()
        return int(reply.json()["gateways"]["online"])

    async def follow(self) -> None:
        """Tell news until cancelled; a broken stream is opened again."""
        while True:
            try:
                if not self._client.cookies:
                    await self.sign_in()
                async for event, _data in self._events():
                    if event == "warning":
                        await self._tell_news()
            except httpx.HTTPError:
                self._client.cookies.clear()
                await asyncio.sleep(2.0)

    async def _events(self) -> AsyncIterator[tuple[str, Any]]:
        async with self._client.stream("GET", "/api/v1/live", timeout=None) as reply:
            reply.raise_for_status()
            event = ""
            async for line in reply.aiter_lines():
                if line.startswith("event:"):
                    event = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    yield event, json.loads(line.removeprefix("data:"))

    async def _tell_news(self) -> None:
        for row in reversed(await self._warnings()):
            detail = await self._detail(row["id"])
            timeline = detail["timeline"]
            told = self._told.get(row["id"], 0)
            if told == 0 and timeline:
                level = _LEVELS.get(detail["level"], detail["level"])
                say(f"预警  【{level}】{detail['enterprise_name']}：{detail['title']} / warning opened")
            for line in timeline[told:]:
                if line["kind"] == "sent":
                    continue  # that a message was taken says less than that it arrived, a moment later
                said = (line.get("who") or "", line.get("detail") or "")
                extra = "，".join(part for part in said if part and part not in line["title"])
                source = _SOURCES.get(line["source"], line["source"])
                say(f"  · {source}：{line['title']}{f'（{extra}）' if extra else ''}")
                if line["kind"] == "handled":
                    self._note_handled(detail["enterprise_name"])
            self._told[row["id"]] = len(timeline)

    def _note_handled(self, enterprise: str) -> None:
        plant = next((e.plant for e in ENTERPRISES if e.name == enterprise), None)
        if plant is not None and not self.handled.full():
            self.handled.put_nowait(plant)

    async def _warnings(self) -> list[dict[str, Any]]:
        reply = await self._client.get("/api/v1/warnings", params={"state": "all", "limit": 20})
        reply.raise_for_status()
        items: list[dict[str, Any]] = reply.json()["items"]
        return items

    async def _detail(self, warning_id: str) -> dict[str, Any]:
        reply = await self._client.get(f"/api/v1/warnings/{warning_id}")
        reply.raise_for_status()
        detail: dict[str, Any] = reply.json()
        return detail

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()
