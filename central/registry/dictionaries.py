"""Lists of words that an administrator keeps and that forms offer; an entry is switched off, never deleted.

The first entries come with the program, after the migrations: none of the customers' documents lists them, so
they are a proposal that each centre makes its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import asyncpg
from msgspec import Meta, Struct

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.http.tags import changed

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__, "queries_dictionaries.sql")

Word = Annotated[str, Meta(min_length=1, max_length=50)]
Code = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,47}$")]


class Kind(Struct, frozen=True):
    """A dictionary: its name, its labels, and its first entries, "code 中文 English" a line."""

    name: str
    zh: str
    en: str
    first: str


KINDS: Final = (
    Kind("supply-type", "应急装备物资分类", "Types of emergency equipment and materials", """
        fire-fighting 消防灭火 fire fighting
        breathing 呼吸防护 breathing protection
        clothing 防护服装 protective clothing
        detection 侦检器材 detection
        leak-stopping 堵漏器材 leak stopping
        transfer 输转器材 transfer of substances
        decontamination 洗消器材 decontamination
        demolition 破拆器材 demolition
        rescue 救生器材 life saving
        lighting 照明器材 lighting
        communication 通信器材 communication
        medical 医疗救护 medical
        warning 警戒器材 cordons and signs
        power 发电供电 power supply
        flood 防汛排涝 flood control
        transport 运输车辆 vehicles
        living 生活保障 daily needs
        other 其他 other
        """),
    Kind("nearby-resource-type", "周边资源类型", "Types of nearby resources", """
        hospital 医院 hospital
        fire-station 消防站 fire station
        police 公安机关 police
        school 学校 school
        residence 居民区 residential area
        government 政府机关 government office
        market 商场市场 market
        station 车站码头 station or port
        enterprise 相邻企业 neighbouring enterprise
        shelter 避难场所 shelter
        water 水源 water source
        rescue-team 救援队伍 rescue team
        store 物资仓库 store of materials
        other 其他 other
        """),
    Kind("hidden-danger-class", "隐患类别", "Classes of hidden dangers", """
        foundation 基础管理类 basic management
        qualification 资质证照 licences and qualifications
        organisation 安全机构与人员 organisation and people
        rules 责任制与规章制度 responsibility and rules
        training 教育培训 training
        emergency 应急管理 emergency management
        site 现场管理类 on-site management
        equipment 设备设施 equipment
        process 工艺过程 process
        electrical 电气安全 electrical
        fire 消防安全 fire
        storage 储存管理 storage
        special-work 特殊作业 special work
        environment 作业环境 working environment
        behaviour 操作行为 behaviour
        other 其他 other
        """),
    Kind("process-cause", "过程报警原因", "Causes of process alarms", """
        leak 设备泄漏 equipment leak
        flange 阀门或法兰松动 loose valve or flange
        process 工艺参数波动 process upset
        operation 违规操作 improper operation
        maintenance 检修作业 maintenance work
        instrument 仪表故障 instrument fault
        power 停电或断网 power or network lost
        weather 天气影响 weather
        neighbour 周边影响 from outside the plant
        other 其他 other
        """),
    Kind("equipment-cause", "设备与数据异常原因", "Causes of equipment and data faults", """
        power 停电 power lost
        network 断网 network lost
        instrument 仪表故障 instrument fault
        wiring 接线松动 loose wiring
        calibration 标定或检测 calibration
        gateway 网关故障 gateway fault
        configuration 配置有误 wrong configuration
        maintenance 检修作业 maintenance work
        stopped 停产停用 out of use
        weather 天气影响 weather
        other 其他 other
        """),
    Kind("paper-cause", "管理事项逾期原因", "Causes of overdue papers", """
        forgotten 未及时办理 not done in time
        applied 已申请待批 applied for
        person 人员变动 change of staff
        stopped 停产停用 out of use
        wrong-date 日期填报有误 wrong date entered
        other 其他 other
        """),
)  # fmt: skip
_KINDS: Final = {kind.name: kind for kind in KINDS}


class Dictionary(Struct, frozen=True):
    """A dictionary and how many entries forms offer."""

    name: str
    title: str
    title_en: str
    active: int


class Dictionaries(Struct, frozen=True):
    items: list[Dictionary]


class DictionaryEntry(Struct, frozen=True, kw_only=True):
    """A word: what is stored, how both languages name it, where it stands, whether forms offer it."""

    code: str
    zh: str
    en: str
    sequence: int
    active: bool
    version: int


class Entries(Struct, frozen=True):
    name: str
    title: str
    items: list[DictionaryEntry]


class EntryForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry is to be."""

    zh: Word
    en: Annotated[str, Meta(max_length=80)] = ""
    sequence: Annotated[int, Meta(ge=0, le=100_000)] = 0
    active: bool = True


class NewEntry(EntryForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new entry; its code stays for good."""

    code: Code


async def build(conn: Connection) -> None:
    """Adds the first entries of dictionaries that have none; what an administrator made of them stays.

    Args:
        conn: may act as the owner of the tables.
    """
    rows = [
        (kind.name, code, zh, " ".join(en), 10 * (place + 1))
        for kind in KINDS
        for place, (code, zh, *en) in enumerate(line.split() for line in kind.first.strip().splitlines())
    ]
    async with conn.transaction():
        await conn.execute("SET LOCAL ROLE fengsui_owner")
        await conn.execute(Q.first_entries, *(list(column) for column in zip(*rows, strict=True)))
        await conn.execute("RESET ROLE")


async def dictionaries(conn: Connection) -> Dictionaries:
    """Every dictionary there is."""
    active = {row["dictionary"]: row["active"] for row in await conn.fetch(Q.dictionaries)}
    return Dictionaries([Dictionary(k.name, k.zh, k.en, active.get(k.name, 0)) for k in KINDS])


async def entries(conn: Connection, name: str, *, every: bool = False) -> Entries:
    """The entries of a dictionary in their order.

    Args:
        conn: a transaction.
        name: of the dictionary.
        every: those that are switched off, too.

    Raises:
        NotFoundError: there is no such dictionary.
    """
    kind = _kind(name)
    rows = await conn.fetch(Q.entries, name, every)
    return Entries(kind.name, kind.zh, [DictionaryEntry(**dict(row)) for row in rows])


async def add(conn: Connection, name: str, new: NewEntry) -> DictionaryEntry:
    """Adds an entry.

    Raises:
        NotFoundError: there is no such dictionary.
        DomainError: 409 the code or the word is there.
    """
    _kind(name)
    try:
        row = await conn.fetchrow(
            Q.add_entry, name, new.code, new.zh.strip(), new.en.strip(), new.sequence, new.active
        )
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from exc
    assert row is not None
    return DictionaryEntry(**dict(row))


async def change(
    conn: Connection, name: str, code: str, seen_version: int, form: EntryForm
) -> DictionaryEntry:
    """Changes an entry; its code stays.

    Raises:
        NotFoundError: there is no such entry.
        DomainError: 412 somebody was faster; 409 the word is there.
    """
    _kind(name)
    version = await conn.fetchval(Q.lock_entry, name, code)
    if version is None:
        raise NotFoundError("字典中没有这一项。")
    if version != seen_version:
        raise changed({"version": version})
    try:
        row = await conn.fetchrow(
            Q.change_entry, name, code, form.zh.strip(), form.en.strip(), form.sequence, form.active
        )
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from exc
    assert row is not None
    return DictionaryEntry(**dict(row))


def _kind(name: str) -> Kind:
    found = _KINDS.get(name)
    if found is None:
        raise NotFoundError("没有这个字典。")
    return found


def _taken(exc: asyncpg.UniqueViolationError) -> DomainError:
    place = "zh" if exc.constraint_name == "dictionary_entry_zh_key" else "code"
    words = "字典中已有这个词。" if place == "zh" else "这个代码已被使用。"
    return DomainError("conflict", words, 409, [FieldProblem(place, words)])
