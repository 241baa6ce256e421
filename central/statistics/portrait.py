"""The portrait of an enterprise: tags, a risk colour with its reasons. The rules are a proposal of ours."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

Colour = Literal["red", "orange", "yellow", "blue"]
Weight = Literal["bad", "watch", "plain"]

COLOURS: Final[tuple[Colour, ...]] = ("red", "orange", "yellow", "blue")
_BY_LEVEL: Final[dict[str, Colour]] = {"major": "red", "larger": "orange", "general": "yellow", "low": "blue"}
_BY_CLASS: Final[dict[int, Colour]] = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
_BY_WARNING: Final[dict[int, Colour]] = {4: "red", 3: "orange", 2: "yellow", 1: "blue"}
_LEVEL_NAMES: Final = {"major": "重大风险", "larger": "较大风险", "general": "一般风险", "low": "低风险"}
_CLASS_NAMES: Final = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
_ORANGE: Final = 3
_WARNING_NAMES: Final = {4: "红色", 3: "橙色", 2: "黄色", 1: "蓝色"}


class Known(Struct, frozen=True, kw_only=True):
    """What a portrait is drawn from; counts are of what counts, not of drafts.

    `hazard_class`: 1 to 4 (GB 18218). `worst_open`: level 1 to 4 of the worst open warning, 0 without.
    `risks`: entries of the risk list by level. `credit_lists`: blacklist, joint, abnormal.
    `promise`: "" not owed, else the state of today's: missing, draft, submitted, valid, returned.
    """

    status: str
    status_name: str
    status_runs: bool
    hazard_class: int | None = None
    worst_open: int = 0
    open_warnings: int = 0
    warnings_30: int = 0
    risks: dict[str, int] = {}
    key_processes: int = 0
    key_chemicals: int = 0
    expired_licences: int = 0
    expired_certificates: int = 0
    penalties_open: int = 0
    penalties_year: int = 0
    accidents_year: int = 0
    deaths_year: int = 0
    major_dangers_open: int = 0
    credit_lists: tuple[str, ...] = ()
    standardised: str = ""
    late: int = 0
    offline: int = 0
    promise: str = ""


class Tag(Struct, frozen=True):
    """One tag. `weight`: bad wants somebody now, watch a look, plain only says what the enterprise is."""

    word: str
    title: str
    weight: Weight
    why: str = ""


class Reason(Struct, frozen=True):
    """Why the colour is not better than this."""

    colour: Colour
    text: str


class Portrait(Struct, frozen=True):
    """`colour` is the worst of the reasons'; None while nothing says how dangerous the enterprise is."""

    colour: Colour | None
    reasons: list[Reason]
    tags: list[Tag]


def portray(known: Known) -> Portrait:
    """Draws the portrait: tags with what is bad first, the colour with every reason, the worst first."""
    reasons = sorted(_reasons(known), key=lambda reason: COLOURS.index(reason.colour))
    weights = ("bad", "watch", "plain")
    tags = sorted(_tags(known), key=lambda tag: weights.index(tag.weight))
    return Portrait(reasons[0].colour if reasons else None, reasons, tags)


def _reasons(known: Known) -> list[Reason]:
    found: list[Reason] = []
    if known.hazard_class is not None:
        name = _CLASS_NAMES[known.hazard_class]
        found.append(Reason(_BY_CLASS[known.hazard_class], f"构成{name}重大危险源"))
    for level, colour in _BY_LEVEL.items():
        if known.risks.get(level):
            found.append(Reason(colour, f"风险清单有 {known.risks[level]} 项{_LEVEL_NAMES[level]}"))
    if known.worst_open:
        worst = _WARNING_NAMES[known.worst_open]
        found.append(Reason(_BY_WARNING[known.worst_open], f"有未结束的{worst}预警"))
    if known.major_dangers_open:
        found.append(Reason("red", f"{known.major_dangers_open} 项重大隐患尚未整改完成"))
    if known.deaths_year:
        found.append(Reason("red", f"近一年事故死亡 {known.deaths_year} 人"))
    if known.expired_licences:
        found.append(Reason("orange", f"{known.expired_licences} 个证照已过期"))
    if known.penalties_open:
        found.append(Reason("yellow", f"{known.penalties_open} 项处罚未结案"))
    return found


def _tags(known: Known) -> list[Tag]:
    ordered: Weight = "bad" if known.status in {"suspended", "revoked"} else "watch"
    deadly: Weight = "bad" if known.deaths_year else "watch"
    urgent: Weight = "bad" if known.worst_open >= _ORANGE else "watch"
    hazard = _CLASS_NAMES.get(known.hazard_class or 0, "")
    unpromised = known.status_runs and known.promise in {"missing", "draft", "returned"}
    lists = (("blacklist", "黑名单"), ("joint", "联合惩戒"), ("abnormal", "经营异常"))
    rules: tuple[tuple[object, Tag], ...] = (
        (known.status != "working", Tag("status", known.status_name, ordered, "企业状态")),
        (hazard, Tag("major-hazard", f"{hazard}重大危险源", "plain", "GB 18218")),
        (known.key_processes, Tag("key-process", "重点监管工艺", "plain", f"{known.key_processes} 套")),
        (known.key_chemicals, Tag("key-chemical", "重点监管危化品", "plain", f"{known.key_chemicals} 种")),
        (known.expired_licences, Tag("expired-licence", "证照过期", "bad", f"{known.expired_licences} 个")),
        (
            known.expired_certificates,
            Tag("expired-certificate", "人员证书过期", "watch", f"{known.expired_certificates} 个"),
        ),
        (
            known.major_dangers_open,
            Tag("major-danger", "重大隐患未销号", "bad", f"{known.major_dangers_open} 项"),
        ),
        (known.penalties_year, Tag("penalty", "近一年有处罚", "watch", f"{known.penalties_year} 项")),
        (known.accidents_year, Tag("accident", "近一年有事故", deadly, f"{known.accidents_year} 起")),
        *((word in known.credit_lists, Tag(word, title, "bad", "安全诚信记录")) for word, title in lists),
        (known.open_warnings, Tag("open-warning", "预警未结束", urgent, f"{known.open_warnings} 条")),
        (known.warnings_30, Tag("warnings-30", "近 30 天有预警", "plain", f"{known.warnings_30} 条")),
        (known.offline, Tag("offline", "网关离线", "watch", f"{known.offline} 台")),
        (unpromised, Tag("promise-missing", "今日未承诺", "watch", "每日安全承诺")),
        (known.late, Tag("late", "有逾期事项", "watch", f"{known.late} 项")),
        (
            known.standardised,
            Tag("standardised", f"标准化{known.standardised}", "plain", "安全生产标准化"),
        ),
    )
    return [tag for applies, tag in rules if applies]
