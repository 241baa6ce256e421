"""Forms FA-2, FA-3 and FA-4 of the Henan scheme: accidents and events, investigations, penalties."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Struct

from central.db.errors import FieldProblem
from central.registry.forms.contacts import person, year
from central.registry.forms.fields import When, choice, day, link, long_text, number, text, whole
from central.registry.forms.register import Given, Register
from central.registry.forms.values import Chosen, Link

MONTHS = "\n".join(f"{month:02} {month:02}月 month {month:02}" for month in range(1, 13))


class Accident(Struct):
    """FA-2: one accident or event; a month may have several."""

    year: Annotated[int | None, year(required=True)] = None
    month: Annotated[Chosen | None, choice("月份", "month", MONTHS, required=True)] = None
    occurred: Annotated[date | None, day("发生时间", "occurred on", required=True)] = None
    name: Annotated[str | None, text("事故（件）名称", "name", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "事故/事件类别", "accident or event", "accident 事故 accident\nevent 事件 event", required=True
        ),
    ] = None
    light: Annotated[int | None, whole("轻伤", "light injuries", "人")] = None
    serious: Annotated[int | None, whole("重伤", "serious injuries", "人")] = None
    deaths: Annotated[int | None, whole("死亡", "deaths", "人")] = None
    loss: Annotated[float | None, number("直接经济损失", "direct loss", "万元")] = None
    accident_class: Annotated[
        Chosen | None,
        choice("事故类别", "accident class", """
            work-injury 工伤事故 work injury
            fire 火灾事故 fire
            equipment 设备事故 equipment
            other-accident 其它事故 other
            """),
    ] = None  # fmt: skip
    recorder: Annotated[str | None, person("统计人", "recorder", note="操作手册称“填报人”。")] = None


def _of_its_month(values: dict[str, Any]) -> list[FieldProblem]:
    """Year and month are those of the day on which it happened: totals go by them."""
    year, month, _ = str(values["occurred"]).split("-")
    told, remedy = f"与发生时间 {values['occurred']} 不一致。", "请按发生时间填写，或改正发生时间。"
    wrong = {"year": values["year"] != int(year), "month": values["month"]["choice"] != month}
    return [FieldProblem(name, told, remedy) for name, differs in wrong.items() if differs]


class Investigation(Struct):
    """FA-3: how an accident or event was investigated and handled."""

    number: Annotated[str | None, text("调查编号", "investigation number", required=True)] = None
    accident: Annotated[Link | None, link("事故名称", "accident", "accidents", required=True)] = None
    investigated_on: Annotated[date | None, day("调查时间", "date", required=True)] = None
    investigated: Annotated[str | None, text("被调查对象", "investigated", longest=200)] = None
    head: Annotated[str | None, person("调查组负责人", "head of the team")] = None
    members: Annotated[str | None, text("调查组成员", "members", longest=500)] = None
    course: Annotated[str | None, long_text("事故经过及伤害情况", "course and harm")] = None
    direct_cause: Annotated[str | None, long_text("直接原因分析", "direct cause")] = None
    indirect_cause: Annotated[str | None, long_text("间接原因分析", "indirect cause")] = None
    direct_responsibility: Annotated[str | None, long_text("直接责任划分", "direct responsibility")] = None
    leading_responsibility: Annotated[str | None, long_text("领导责任划分", "responsibility of leaders")] = (
        None
    )
    loss: Annotated[str | None, text("直接经济损失情况", "direct loss", longest=200)] = None
    training: Annotated[str | None, long_text("培训教育", "training and education")] = None
    handling: Annotated[str | None, long_text("处理意见", "handling opinion")] = None
    rectification: Annotated[str | None, long_text("整改措施意见", "rectification")] = None
    confirmed: Annotated[str | None, text("责任部门确认", "confirmed by the department")] = None
    reviewed: Annotated[str | None, person("审核", "reviewed by")] = None
    approved: Annotated[str | None, person("批准", "approved by")] = None
    follow_up: Annotated[str | None, long_text("跟进结果", "follow-up")] = None
    follow_up_reviewed: Annotated[str | None, person("跟进审核", "follow-up reviewed by")] = None


class Penalty(Struct):
    """FA-4: one penalty or one discipline; the paper form has a column for each and a total of each."""

    year: Annotated[int | None, year("年", "year", required=True)] = None
    imposed: Annotated[date | None, day("实施日期", "date", required=True)] = None
    entry: Annotated[
        Chosen | None,
        choice("登记内容", "entry", "penalty 处罚 penalty\ndiscipline 惩戒 discipline", required=True,
               note="原表“处罚种类”“惩戒种类”各占一栏，一行填写其中一栏，末行分别合计。"),
    ] = None  # fmt: skip
    penalty: Annotated[
        Chosen | None,
        choice("处罚种类", "penalty", """
            1 警告 warning
            2 罚款 fine
            3 没收违法所得、没收非法财物 confiscation
            4 责令停产停业 stop order
            5 暂扣或者吊销许可证、暂扣或者吊销执照 suspension or revocation of a licence
            6 行政拘留 detention
            7 其他 other
            """, required=True, when=When("entry", ("penalty",))),
    ] = None  # fmt: skip
    discipline: Annotated[
        Chosen | None,
        choice("惩戒种类", "discipline", "joint 安全生产联合惩戒 joint discipline",
               required=True, when=When("entry", ("discipline",))),
    ] = None  # fmt: skip
    department: Annotated[str | None, text("实施部门", "department", required=True)] = None
    reason: Annotated[str | None, text("事由", "reason", longest=200, required=True)] = None
    penalty_closure: Annotated[
        Chosen | None,
        choice("闭环管理情况（处罚）", "closure of the penalty", "done 已完成 done\nrunning 实施中 running",
               when=When("entry", ("penalty",))),
    ] = None  # fmt: skip
    discipline_closure: Annotated[
        Chosen | None,
        choice("闭环管理情况（惩戒）", "closure of the discipline",
               "running 实施中 running\nremoved 移除惩戒 removed", when=When("entry", ("discipline",))),
    ] = None  # fmt: skip


REGISTERS = (
    Register(
        name="accidents",
        zh="生产安全事故（件）台账",
        en="Accidents and events",
        group="accident",
        record=Accident,
        title="name",
        columns=("name", "occurred", "kind", "deaths", "serious", "light", "loss", "accident_class"),
        filters=(
            "year", "month", "occurred", "name", "kind", "accident_class", "deaths", "serious", "light",
            "loss",
        ),
        totals=("light", "serious", "deaths", "loss"),
        tallies=("kind",),
        given=(Given("单位名称", "owner"),),
        check=_of_its_month,
        source="FA-2 (002:辅2, 002:册2.3.7)",
    ),
    Register(
        name="investigations",
        zh="事故（件）调查处理情况登记表",
        en="Investigations of accidents and events",
        group="accident",
        record=Investigation,
        title="number",
        columns=("number", "accident", "investigated_on", "head", "handling"),
        filters=("number", "accident", "investigated_on", "head"),
        key=("number",),
        given=(Given("单位名称（盖章）", "owner"),),
        source="FA-3 (002:辅3)",
    ),
    Register(
        name="penalties",
        zh="处罚和惩戒信息台账",
        en="Penalties and discipline",
        group="accident",
        record=Penalty,
        title="reason",
        columns=("reason", "imposed", "entry", "penalty", "discipline", "department"),
        filters=(
            "year", "imposed", "entry", "penalty", "discipline", "department", "penalty_closure",
            "discipline_closure",
        ),
        tallies=("entry", "penalty", "discipline"),
        given=(Given("单位名称", "owner"), Given("序号", "row")),
        source="FA-4 (002:辅4)",
    ),
)  # fmt: skip
