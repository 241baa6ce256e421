"""Laws, standards, rules, systems, files, accident cases, rescue knowledge; KB-01 to KB-04, EMG-20."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import FILES, NOTE
from central.registry.forms.fields import choice, day, files, link, long_text, number, several, text, whole
from central.registry.forms.lists import ACCIDENT_KINDS
from central.registry.forms.lists_fields import ACCIDENT_LEVELS, PROPOSED, SECTORS
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, File, Link, Several

VALIDITY = """
    in-force 现行有效 in force
    coming 尚未施行 not yet in force
    amended 已被修改 amended
    repealed 已废止 repealed
"""
VALID = choice("时效", "validity", VALIDITY, required=True, uncertain=True, note=PROPOSED)
FOR = several("适用行业", "for sectors", SECTORS, uncertain=True, note="不选表示各行业通用。")


class Law(Struct):
    """法律法规: one text, by the six kinds of the documents."""

    name: Annotated[str | None, text("名称", "title", required=True, longest=200)] = None
    kind: Annotated[
        Chosen | None,
        choice("法规层级", "legal level", """
            law 法律 law
            regulation 法规 regulation
            rule 规章 rule
            state-council 国务院文件 State Council document
            ministry 应急部文件 ministry document
            local 地方文件 local document
            """, required=True),
    ] = None  # fmt: skip
    number: Annotated[str | None, text("文号", "document number")] = None
    issuer: Annotated[str | None, text("颁布机关", "issuer", required=True)] = None
    issued: Annotated[date | None, day("颁布日期", "issued")] = None
    in_force: Annotated[date | None, day("施行日期", "in force since")] = None
    validity: Annotated[Chosen | None, VALID] = None
    sectors: Annotated[Several | None, FOR] = None
    keywords: Annotated[str | None, text("关键词", "keywords", longest=200)] = None
    summary: Annotated[str | None, long_text("内容摘要", "summary", longest=5000)] = None
    text: Annotated[list[File] | None, files("正文文件", "text", required=True)] = None


class Standard(Struct):
    """标准规范: one standard."""

    number: Annotated[str | None, text("标准编号", "standard number", required=True, longest=50)] = None
    name: Annotated[str | None, text("标准名称", "title", required=True, longest=200)] = None
    kind: Annotated[
        Chosen | None,
        choice("标准类别", "kind", """
            gb 国家标准（强制性） national, mandatory
            gbt 国家标准（推荐性） national, recommended
            industry 行业标准 of an industry
            local 地方标准 local
            group 团体标准 of a society
            enterprise 企业标准 of an enterprise
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    issuer: Annotated[str | None, text("发布机关", "issuer")] = None
    issued: Annotated[date | None, day("发布日期", "issued")] = None
    in_force: Annotated[date | None, day("实施日期", "in force since")] = None
    replaces: Annotated[str | None, text("代替标准", "replaces")] = None
    validity: Annotated[Chosen | None, VALID] = None
    sectors: Annotated[Several | None, FOR] = None
    summary: Annotated[str | None, long_text("适用范围", "scope", longest=5000)] = None
    text: Annotated[list[File] | None, files("标准文本", "text")] = None


class Document(Struct):
    """What operating rules, safety systems and important files have in common."""

    name: Annotated[str | None, text("名称", "title", required=True, longest=200)] = None
    number: Annotated[str | None, text("文件编号", "number")] = None
    issuer: Annotated[str | None, text("发布单位", "issuer", required=True)] = None
    issued: Annotated[date | None, day("发布日期", "issued", required=True)] = None
    validity: Annotated[Chosen | None, VALID] = None
    sectors: Annotated[Several | None, FOR] = None
    summary: Annotated[str | None, long_text("内容摘要", "summary", longest=5000)] = None
    text: Annotated[list[File] | None, files("文件", "file", required=True)] = None


class OperatingRule(Document):
    """操作规程: how one kind of work is done."""

    post: Annotated[str | None, text("适用岗位（设备、工艺）", "for post, equipment or process")] = None
    edition: Annotated[str | None, text("版本号", "edition", longest=20)] = None


class SafetySystem(Document):
    """安全制度: one system of rules."""

    edition: Annotated[str | None, text("版本号", "edition", longest=20)] = None


class ImportantFile(Document):
    """重要文件: one file worth finding again."""

    kind: Annotated[
        Chosen | None,
        choice("文件类别", "kind", """
            superior 上级文件 from above
            own 本级文件 own
            meeting 会议材料 of a meeting
            report 报告总结 report
            other 其他 other
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip


class AccidentCase(Struct):
    """事故案例: one accident that was investigated and published."""

    name: Annotated[str | None, text("事故名称", "accident", required=True, longest=200)] = None
    day: Annotated[date | None, day("发生日期", "day", required=True)] = None
    place: Annotated[str | None, text("发生地点", "place", required=True, longest=200)] = None
    level: Annotated[
        Chosen | None,
        choice("事故等级", "level", ACCIDENT_LEVELS, required=True, note="国务院令第 493 号第三条。"),
    ] = None
    category: Annotated[
        Chosen | None,
        choice("事故类别", "class", ACCIDENT_KINDS, required=True, note="GB 6441-86。"),
    ] = None
    sector: Annotated[Chosen | None, choice("行业", "sector", SECTORS)] = None
    industry: Annotated[Link | None, link("国民经济行业", "industry", "industry")] = None
    chemicals: Annotated[str | None, text("涉及化学品", "chemicals", longest=200)] = None
    dead: Annotated[int | None, whole("死亡人数", "dead", "人", required=True)] = None
    serious: Annotated[int | None, whole("重伤人数", "seriously injured", "人")] = None
    light: Annotated[int | None, whole("轻伤人数", "lightly injured", "人")] = None
    loss: Annotated[float | None, number("直接经济损失", "direct loss", "万元")] = None
    course: Annotated[str | None, long_text("事故经过", "course", required=True, longest=10000)] = None
    direct_cause: Annotated[str | None, long_text("直接原因", "direct cause", longest=5000)] = None
    indirect_cause: Annotated[str | None, long_text("间接原因", "indirect cause", longest=5000)] = None
    lessons: Annotated[str | None, long_text("教训和防范措施", "lessons", required=True, longest=10000)] = (
        None
    )
    investigator: Annotated[str | None, text("调查单位", "investigated by")] = None
    published: Annotated[date | None, day("公布日期", "published")] = None
    files: Annotated[list[File] | None, files("调查报告", "report")] = None


class Knowledge(Struct):
    """救援知识: one piece of knowledge for rescuers; the documents name type and title."""

    name: Annotated[str | None, text("标题", "title", required=True, longest=200)] = None
    kind: Annotated[
        Chosen | None,
        choice("知识类型", "type", """
            chemical 危险化学品处置 hazardous chemicals
            fire 火灾扑救 fires
            mine 矿山救援 mines
            water 防汛与水域救援 floods and water
            geological 地质灾害救援 geological disasters
            collapse 建筑坍塌救援 collapsed buildings
            traffic 交通事故救援 traffic accidents
            space 有限空间救援 confined spaces
            medical 医疗急救 first aid
            gear 个体防护与装备使用 gear and its use
            psychological 心理疏导 psychological support
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    keywords: Annotated[str | None, text("关键词", "keywords", longest=200)] = None
    body: Annotated[str | None, long_text("内容", "content", required=True, longest=20000)] = None
    origin: Annotated[str | None, text("资料来源", "source", longest=200)] = None
    files: Annotated[list[File] | None, FILES] = None
    remarks: Annotated[str | None, NOTE] = None


def _document(name: str, zh: str, en: str, record: type[Struct], *columns: str) -> Register:
    """A register of files that agencies publish to all and enterprises keep for themselves."""
    return Register(
        name=name, zh=zh, en=en, group="knowledge", record=record, title="name",
        columns=("name", "validity", *columns, "number", "issuer", "issued"),
        filters=("name", *columns, "number", "validity", "sectors", "issuer", "issued"),
        owner="either", shared=True, source="KB-02",
    )  # fmt: skip


REGISTERS = (
    Register(
        name="laws",
        zh="法律法规",
        en="Laws and regulations",
        group="knowledge",
        record=Law,
        title="name",
        columns=("name", "validity", "kind", "number", "issuer", "in_force"),
        filters=("name", "kind", "validity", "number", "issuer", "sectors", "issued", "in_force"),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        tallies=("kind",),
        source="KB-01, KB-03",
    ),
    Register(
        name="standards",
        zh="标准规范",
        en="Standards",
        group="knowledge",
        record=Standard,
        title="name",
        columns=("name", "number", "kind", "validity", "in_force", "replaces"),
        filters=("name", "number", "kind", "validity", "sectors", "issued", "in_force"),
        key=("number",),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        tallies=("kind",),
        source="KB-02",
    ),
    _document("operating-rules", "操作规程", "Operating rules", OperatingRule, "post"),
    _document("safety-systems", "安全制度", "Safety systems", SafetySystem),
    _document("important-files", "重要文件", "Important files", ImportantFile, "kind"),
    Register(
        name="accident-cases",
        zh="事故案例",
        en="Accident cases",
        group="knowledge",
        record=AccidentCase,
        title="name",
        columns=("name", "level", "day", "category", "dead", "loss", "place"),
        filters=("name", "level", "category", "sector", "industry", "day", "dead", "loss"),
        key=("name",),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        totals=("dead", "serious", "light", "loss"),
        tallies=("level", "category"),
        source="KB-04",
    ),
    Register(
        name="emergency-knowledge",
        zh="救援知识库",
        en="Rescue knowledge",
        group="knowledge",
        record=Knowledge,
        title="name",
        columns=("name", "kind", "keywords", "origin"),
        filters=("name", "kind", "keywords"),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        tallies=("kind",),
        source="EMG-20",
    ),
)
