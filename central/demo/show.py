"""The demo from first line to last: sets up, starts everything, lets a plant leak, tells, stops it all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from central.db.opening import opened_urls
from central.db.pool import Database
from central.demo import connected, suppressed
from central.demo.control import listening
from central.demo.county import ENTERPRISES, Enterprise
from central.demo.field import LivePlant
from central.demo.filling import fill
from central.demo.gateway_file import gateway_toml
from central.demo.household import Household
from central.demo.phones import Phones
from central.demo.plants import SITES
from central.demo.processes import Child
from central.demo.seed import NARRATOR, change_passwords, furnish
from central.demo.story import CentreStory, at_plant, greeting, say
from central.settings import Settings

_LEAKING_PLANT = "chlorine"
_READY_TIMEOUT_S = 90.0
_FENGSUI = (sys.executable, "-c", "import fengsui; fengsui.main()")


class DemoFailed(Exception):
    """The demo could not start; the text says what and where to look."""


async def show(home: Household, *, host: str, port: int, password: str, leak_after_s: float | None) -> None:
    """Run the demo until SIGINT or SIGTERM.

    Args:
        home: its state folder, occupied.
        host: address of the console.
        port: its port.
        password: of the printed accounts; empty keeps the one of last time, or makes one.
        leak_after_s: when the first leak begins; None for a quiet demo.

    Raises:
        DemoFailed: something did not come up.
        ConfigurationError: the database cannot be had.
    """
    work = asyncio.current_task()
    assert work is not None
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:  # a second Ctrl-C must not cut the tidying short
            stopping = True
            say("正在停止…… / stopping")
            work.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await _work(home, host, port, password, leak_after_s)
    except asyncio.CancelledError:
        say(f"已停止，状态保留在 {home.folder} / stopped; the state is kept")


async def _work(home: Household, host: str, port: int, given: str, leak_after_s: float | None) -> None:
    before = home.secret("password")
    password = home.secret("password", given)
    router = f"tcp/127.0.0.1:{home.port('router')}"
    url = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"
    phones = Phones(home.port("sms"), f"{url}/api/v1/notify/sms/receipt", home.secret("sms-secret"))
    env = {
        "FENGSUI_STATE": str(home.centre),
        "FENGSUI_HOST": host,
        "FENGSUI_PLAIN_HTTP": "1",  # fictional people only; the address is whatever the newcomer asked for
        "FENGSUI_PORT": str(port),
        "FENGSUI_ROUTER": router,
        "FENGSUI_SMS_URL": phones.url,
        "FENGSUI_SMS_SECRET": home.secret("sms-secret"),
    }
    _must_be_free(host, port)
    async with AsyncExitStack() as stack:
        say("[1/4] 数据库（首次约 10 秒）… / database, about ten seconds the first time")
        urls = await stack.enter_async_context(opened_urls(Settings.read({}, state=home.centre)))
        async with Database.open(urls) as database:
            fresh = await furnish(database, password, home.secret("narrator"))
            if fresh:
                say("      临江县已建好：监管机构、三座厂与账号 / the county is furnished")
            elif password != before:
                await change_passwords(database, password)
            written = await fill(database, password)
            if written:
                say(f"      303 家企业的档案：新增 {written} 条记录 / records of 303 enterprises")
        for enterprise in ENTERPRISES:
            await _credentials(home, enterprise, router)

        say("[2/4] 三座厂的仪表与现场总线… / instruments of three plants")
        plants = {site.key: LivePlant(site, at_plant) for site in SITES}
        for key, plant in plants.items():
            await stack.enter_async_context(plant.wired(home.site(key), home.port(key)))
            home.write_config(
                home.site(key) / "gateway.toml",
                gateway_toml(plant.site, router=router, port=plant.port, device=plant.device),
            )

        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        stack.push_async_callback(_cancel_all, tasks_of := [tasks.create_task(phones.run())])
        tasks_of += [tasks.create_task(plant.live()) for plant in plants.values()]

        say("[3/4] 平台与路由… / centre and router")
        centre = Child("centre", [*_FENGSUI, "central", "serve"], home.logs / "centre.log", say, env=env)
        await stack.enter_async_context(_running(centre))
        await _ready(url, centre)

        say("[4/4] 三台网关… / three gateways")
        gateways = [
            Child(
                plant.site.gateway,
                [*_FENGSUI, "edge", "run", "--config", str(home.site(key) / "gateway.toml")],
                home.logs / f"{plant.site.gateway}.log",
                say,
            )
            for key, plant in plants.items()
        ]
        for gateway in gateways:
            await stack.enter_async_context(_running(gateway))
        tasks_of += [tasks.create_task(child.keep()) for child in (centre, *gateways)]

        story = CentreStory(url, NARRATOR, home.secret("narrator"))
        stack.push_async_callback(story.close)
        await story.sign_in()
        await story.skip_past()
        await _online(story, len(gateways))
        if fresh:
            await connected.tell(url, password)
            await suppressed.declare(url, password)
        await stack.enter_async_context(listening(home.control, _acts(plants)))
        print(greeting(url, password, home.logs), flush=True)
        telling = [
            tasks.create_task(story.follow()),
            tasks.create_task(_repair(story, plants)),
        ]
        stack.push_async_callback(_cancel_all, telling)  # the story ends before its client is closed
        if leak_after_s is not None:
            tasks_of.append(tasks.create_task(_leak_later(plants[_LEAKING_PLANT], leak_after_s)))
        await asyncio.Event().wait()


def _must_be_free(host: str, port: int) -> None:
    """A foreign server on the console's port would answer in our place."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise DemoFailed(
                f"端口 {port} 已被占用，请另选 / port {port} is in use: make demo PORT={port + 1}"
            ) from exc


async def _cancel_all(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _running(child: Child) -> AsyncIterator[None]:
    await child.start()
    try:
        yield
    finally:
        await child.stop()


async def _credentials(home: Household, enterprise: Enterprise, router: str) -> None:
    """Register a gateway once; its credential file is written by the command that an operator would type."""
    target = home.site(enterprise.plant) / "credentials.json"
    name = next(site.title for site in SITES if site.key == enterprise.plant)
    if target.exists():
        return
    log = home.logs / "set-up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            *_FENGSUI, "central", "gateway", "add", enterprise.gateway, "--enterprise", enterprise.code,
            "--name", f"{name}网关", "--out", str(target),
            env={**os.environ, "FENGSUI_STATE": str(home.centre), "FENGSUI_ROUTER": router},
            stdin=asyncio.subprocess.DEVNULL, stdout=sink, stderr=sink,
        )  # fmt: skip
        if await process.wait() != 0:
            raise DemoFailed(f"网关 {enterprise.gateway} 登记失败 / could not register it; see {log}")


async def _ready(url: str, centre: Child) -> None:
    deadline = asyncio.get_running_loop().time() + _READY_TIMEOUT_S
    async with httpx.AsyncClient(timeout=5.0) as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"{url}/health/ready")).status_code == 200:
                    return
            if not centre.running or asyncio.get_running_loop().time() > deadline:
                raise DemoFailed(f"平台没有起来 / the centre did not come up:\n{centre.last_words()}")
            await asyncio.sleep(0.3)


async def _online(story: CentreStory, wanted: int) -> None:
    deadline = asyncio.get_running_loop().time() + 30.0
    while asyncio.get_running_loop().time() < deadline:
        if await story.gateways_online() >= wanted:
            say(f"      {wanted} 台网关在线 / all gateways online")
            return
        await asyncio.sleep(0.5)
    say("      网关尚未全部在线，继续等待 / not all gateways are online yet, going on")


def _acts(plants: dict[str, LivePlant]) -> Callable[[str, str], Awaitable[str]]:
    async def act(do: str, plant: str) -> str:
        found = plants.get(plant)
        if found is None:
            raise ValueError(f"没有这座厂 / no plant {plant!r}; there are {', '.join(plants)}")
        if do == "press":
            await found.press()
            return "按钮已按下 / pressed"
        if do == "leak":
            found.leak()
            return "开始泄漏 / leaking"
        if do == "calm":
            found.calm()
            return "泄漏已止 / calm"
        raise ValueError(f"不懂 / unknown: {do!r}")

    return act


async def _repair(story: CentreStory, plants: dict[str, LivePlant]) -> None:
    """Whoever files a handling report has seen to it that the leak is stopped."""
    while True:
        plants[await story.handled.get()].calm()


async def _leak_later(plant: LivePlant, seconds: float) -> None:
    await asyncio.sleep(seconds)
    plant.leak()
