"""The inputs that models may name: what each counts, in which unit, and where its list is."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from central.risk.models import RiskInput, Scale


class Input(Struct, frozen=True):
    """One input.

    `link`: the console's address of the list behind it, with {enterprise}, {region}, {sector} of the subject;
    empty where the page itself shows it.
    """

    key: str
    scale: Scale
    zh: str
    en: str
    unit: str
    meaning: str
    meaning_en: str
    link: str = ""


def _open(level: str, zh: str, en: str) -> Input:
    return Input(
        f"alarm_{level}",
        "enterprise",
        f"未结束的{zh}报警预警",
        f"Open {en} alarm warnings",
        "起",
        "过程报警引起、尚未处置结束的预警，不含测试",
        "Warnings of process alarms that are not handled; no tests",
        f"/warnings?enterprise={{enterprise}}&level={level}&kind=alarm",
    )


_ENTERPRISE: Final = (
    Input(
        "hazard_class",
        "enterprise",
        "重大危险源等级",
        "Major-hazard class",
        "级",
        "GB 18218 的一至四级，一级最危险；未登记等级即为缺失",
        "Class 1 to 4 of GB 18218; none registered is missing",
        "/enterprises/{enterprise}",
    ),
    Input(
        "key_hazards",
        "enterprise",
        "重点监管工艺与危化品",
        "Key processes and chemicals",
        "种",
        "台账中重点监管危险化工工艺和危险化学品的种数；化工企业一种也没有登记即为缺失",
        "Key processes and chemicals in the registers; of a chemical enterprise none at all is missing",
        "/registers/key-chemicals?enterprise_id={enterprise}",
    ),
    Input(
        "risks_high",
        "enterprise",
        "重大与较大风险",
        "Major and larger risks",
        "项",
        "风险清单中重大、较大风险的项数；清单为空即为缺失",
        "Major and larger risks in the risk list; an empty list is missing",
        "/registers/risk-list?enterprise_id={enterprise}",
    ),
    Input(
        "people_near",
        "enterprise",
        "周边 500 米人数",
        "People within 500 m",
        "人",
        "周边资源台账中最近距离 500 米以内的人数之和；台账为空即为缺失",
        "People of surroundings within 500 m; an empty register is missing",
        "/registers/surroundings?enterprise_id={enterprise}",
    ),
    Input(
        "accidents_year",
        "enterprise",
        "近一年事故",
        "Accidents in a year",
        "起",
        "事故台账中 365 天以内发生的事故",
        "Accidents of the last 365 days in the register",
        "/registers/accidents?enterprise_id={enterprise}",
    ),
    _open("red", "红色", "red"),
    _open("orange", "橙色", "orange"),
    _open("yellow", "黄色", "yellow"),
    _open("blue", "蓝色", "blue"),
    Input(
        "alarms_30",
        "enterprise",
        "近 30 天报警预警",
        "Alarm warnings in 30 days",
        "起",
        "近 30 天发生的过程报警预警，含已结束的",
        "Warnings of process alarms of the last 30 days, ended ones too",
        "/warnings?enterprise={enterprise}&state=all&kind=alarm",
    ),
    Input(
        "unanswered",
        "enterprise",
        "无人确认的报警预警",
        "Alarm warnings nobody acknowledged",
        "起",
        "尚无人确认的过程报警预警",
        "Warnings of process alarms that nobody acknowledged",
        "/warnings?enterprise={enterprise}&state=unanswered&kind=alarm",
    ),
    Input(
        "quality_open",
        "enterprise",
        "数据不可信",
        "Data that can't be believed",
        "起",
        "监测数据不可信、尚未处置结束的预警",
        "Open warnings of points that can't be believed",
        "/warnings?enterprise={enterprise}&kind=quality",
    ),
    Input(
        "patrol_score",
        "enterprise",
        "数据质量巡检得分",
        "Score of the data patrol",
        "分",
        "今天或昨天的数据质量巡检得分，100 最好；没有巡检即为缺失",
        "Score of the data patrol of today or yesterday, 100 is best; none is missing",
        "/patrol/{enterprise}",
    ),
    Input(
        "offline",
        "enterprise",
        "网关离线比例",
        "Share of gateways offline",
        "%",
        "离线网关占全部网关的百分比；没有网关即为缺失",
        "Percent of the gateways; without a gateway it is missing",
        "/enterprises/{enterprise}?tab=live",
    ),
    Input(
        "papers_late",
        "enterprise",
        "过期的证照与证书",
        "Lapsed papers",
        "件",
        "到期未更新的证照、证书等",
        "Licences, certificates and the like past their day",
        "/enterprises/{enterprise}",
    ),
    Input(
        "forms_late",
        "enterprise",
        "逾期未填的台账",
        "Forms that are overdue",
        "项",
        "逾期没有填报或更新的台账，不含安全承诺",
        "Registers that were not filled in or updated in time; no promises",
        "/enterprises/{enterprise}",
    ),
    Input(
        "promises_late",
        "enterprise",
        "逾期未报的安全承诺",
        "Promises that are overdue",
        "项",
        "逾期没有公告的每日安全承诺",
        "Daily promises that were not given in time",
        "/registers/safety-promises?enterprise_id={enterprise}",
    ),
    Input(
        "major_dangers",
        "enterprise",
        "未整改的重大隐患",
        "Major hidden dangers not treated",
        "项",
        "排查出的重大隐患中没有整改完成日期的",
        "Major dangers found without a finished treatment",
        "/registers/major-danger-checks?enterprise_id={enterprise}",
    ),
)

_RANKED: Final = "/risk/enterprises?region={region}"


def _of_many(scale: Scale, more: str) -> tuple[Input, ...]:
    link = _RANKED + more
    return (
        Input(
            "worst",
            scale,
            "最高的企业指数",
            "Highest enterprise index",
            "分",
            "范围内企业指数的最高值",
            "The highest index of an enterprise there",
            link,
        ),
        Input(
            "mean",
            scale,
            "企业指数平均值",
            "Mean enterprise index",
            "分",
            "范围内企业指数的平均值，只作参考项，不单独决定等级",
            "The mean of the enterprises there; it never decides alone",
            link,
        ),
        Input(
            "share_high",
            scale,
            "红橙企业比例",
            "Share of red and orange enterprises",
            "%",
            "指数为红色、橙色的企业占有指数企业的百分比",
            "Percent of the enterprises with an index",
            link,
        ),
        Input(
            "red",
            scale,
            "红色企业",
            "Red enterprises",
            "家",
            "指数为红色的企业数",
            "Enterprises whose index is red",
            link + "&level=red",
        ),
        Input(
            "orange",
            scale,
            "橙色企业",
            "Orange enterprises",
            "家",
            "指数为橙色的企业数",
            "Enterprises whose index is orange",
            link + "&level=orange",
        ),
    )


_INDUSTRY: Final = (
    *_of_many("industry", "&sector={sector}"),
    Input(
        "coupled",
        "industry",
        "同一乡镇同时红橙",
        "Red or orange in one township",
        "家",
        "同一乡镇内同时为红色或橙色的本行业企业，取最多的乡镇（耦合）",
        "Enterprises of the industry that are red or orange in one township at once; the worst township",
        _RANKED + "&sector={sector}&level=red,orange",
    ),
)

_NATURE: Final = (
    "自然灾害风险点",
    "Natural-disaster points",
    "处",
    "在册、治理中的重大和较大自然灾害风险点；台账为空即为缺失",
    "Listed points of major or larger risk; an empty register is missing",
    "/registers/natural-disaster-points",
)

_AREA: Final = (
    *_of_many("area", ""),
    Input(
        "major_hazards",
        "area",
        "一、二级重大危险源企业",
        "Enterprises with a class 1 or 2 hazard",
        "家",
        "登记为一级或二级重大危险源的企业数",
        "Enterprises registered as class 1 or 2",
        _RANKED,
    ),
    Input("nature", "area", *_NATURE),
    Input(
        "weather",
        "area",
        "气象预警最高级别",
        "Worst weather warning",
        "级",
        "未结束气象预警的最高级别：1 蓝、2 黄、3 橙、4 红",
        "Worst open weather warning: 1 blue to 4 red",
        "/warnings?kind=weather",
    ),
    Input(
        "teams",
        "area",
        "应急救援队伍",
        "Rescue teams",
        "支",
        "本地区登记的应急救援队伍；台账为空即为缺失",
        "Rescue teams registered there; an empty register is missing",
        "/registers/rescue-teams",
    ),
    Input(
        "supplies",
        "area",
        "应急物资",
        "Emergency supplies",
        "种",
        "本地区登记的应急物资条目；台账为空即为缺失",
        "Emergency supplies registered there; an empty register is missing",
        "/registers/emergency-supplies",
    ),
    Input(
        "shelters",
        "area",
        "避难场所容量",
        "Places in shelters",
        "人",
        "本地区避难场所可容纳人数之和；台账为空即为缺失",
        "Places in the shelters there; an empty register is missing",
        "/registers/shelters",
    ),
)

_TIME: Final = (
    Input(
        "worst_day",
        "time",
        "期间最高的区域指数",
        "Highest area index of the period",
        "分",
        "期间每日区域指数的最高值",
        "The highest area index of the days",
        "/risk/areas/{region}",
    ),
    Input(
        "mean_day",
        "time",
        "期间区域指数平均值",
        "Mean area index of the period",
        "分",
        "期间每日区域指数的平均值",
        "The mean area index of the days",
        "/risk/areas/{region}",
    ),
    Input(
        "days_high",
        "time",
        "红橙天数比例",
        "Share of red and orange days",
        "%",
        "区域指数达到橙色及以上的天数占有记录天数的百分比",
        "Percent of the days on record",
        "/risk/areas/{region}",
    ),
    Input(
        "weather_cases",
        "time",
        "期间气象预警",
        "Weather warnings of the period",
        "起",
        "期间发布的黄色及以上气象预警",
        "Weather warnings of yellow and worse",
        "/warnings?kind=weather&state=all",
    ),
    Input("nature", "time", *_NATURE),
    Input(
        "rise",
        "time",
        "期间指数上升",
        "Rise within the period",
        "分",
        "最近一天比期间第一天的区域指数高出的分数，不足两天即为缺失",
        "The last day's area index over that of the first; fewer than two days is missing",
        "/risk/areas/{region}",
    ),
)

INPUTS: Final[dict[tuple[Scale, str], Input]] = {
    (one.scale, one.key): one for one in (*_ENTERPRISE, *_INDUSTRY, *_AREA, *_TIME)
}


def known(scale: Scale) -> set[str]:
    """The inputs that there are at a scale."""
    return {key for where, key in INPUTS if where == scale}


def words() -> list[RiskInput]:
    """Every input for people."""
    return [
        RiskInput(
            key=one.key,
            scale=one.scale,
            name=one.zh,
            name_en=one.en,
            unit=one.unit,
            meaning=one.meaning,
            meaning_en=one.meaning_en,
        )
        for one in INPUTS.values()
    ]


def link_of(one: Input, *, enterprise: int | None, region: str, sector: str) -> str:
    """The address of the list behind an input of one subject."""
    return one.link.format(enterprise=enterprise or "", region=region, sector=sector)
