"""Plausible values for any declared field: by its label, unit and choices, the same for the same seed.

Everybody is made up: telephone numbers lie in no real subscriber range, identity cards belong to the county
429981, which does not exist, and are well-formed to their check character.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING, Any, Final

from central.demo import ground
from central.organisation.credit_code import check_character
from central.registry.forms.checking import check
from central.registry.forms.fields import NONE, OTHER
from central.registry.forms.register import fields_of

if TYPE_CHECKING:
    from msgspec import Struct

    from central.registry.forms.fields import Field
    from central.registry.forms.register import Bound, Register

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN: Final = tuple(
    pair
    for line in (
        "建国志强海燕立新春梅国庆文斌秀英晓东丽华永刚玉兰学军桂芳振华红霞长江小平明亮雪莲",
        "宏图素芬家明云霞卫东爱民正阳若兰德胜慧敏子豪雨桐俊杰思远天成佳宁泽民月英东升新宇",
    )
    for pair in map("".join, zip(line[::2], line[1::2], strict=True))
)
_ORG_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_CARD_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# By what a label says, the first that fits; {n} is a number of the record's own.
_WORDS: Final = (
    (("发证机关", "批准机关", "登记机关", "评定单位", "备案部门"), "云泽市应急管理局"),
    (("检验单位", "检测单位", "检测机构"), "云泽市特种设备检验所"),
    (("评价", "评审单位"), "云泽市安评技术服务有限公司"),
    (("设计",), "湖北云泽工程设计院"),
    (("施工单位", "监理单位"), "云泽市第二建筑工程公司"),
    (("制造", "生产厂家"), "江汉机械制造有限公司"),
    (("主管部门", "管理部门", "实施部门"), "临江县应急管理局"),
    (("部门", "机构"), "安全环保部"),
    (("单位",), "临江县应急管理局"),
    (("编号", "证号", "文号", "位号", "编码"), "鄂LJ{n:05d}"),
    (("型号", "规格"), "YB3-{n}"),
    (("地址",), "临江县工业大道 {n} 号"),
    (("位置", "地点", "场所", "区域", "部位"), "{n} 号车间东侧"),
    (("职务",), "安全管理人员"),
    (("职称",), "工程师"),
    (("岗位", "工种"), "操作工"),
    (("专业",), "安全工程"),
    (("出生",), "1979-06"),
    (("邮编",), "431981"),
    (("版本",), "2026 版"),
    (("产能", "能力", "规模"), "年产 {n} 吨"),
    (("措施",), "定期检查，设警示标志，配防护用品，专人监护。"),
    (("原因",), "作业前未逐项确认安全措施，现场监护不到位。"),
    (("描述", "介绍", "概况", "简历", "经历", "特长"), "从业多年，熟悉本地情况，多次参加现场处置。"),
    (("职责",), "组织落实安全生产责任制，定期检查并督促整改。"),
    (("意见", "结论"), "符合要求，同意。"),
    (("备注",), "无"),
)  # fmt: skip
_BY_UNIT: Final = {
    "人": (2, 60), "台": (1, 12), "辆": (1, 8), "套": (1, 6), "个": (1, 9), "座": (1, 4), "处": (0, 3),
    "种": (1, 5), "m": (5, 240), "m²": (80, 6000), "m³": (20, 3000), "km": (1, 9), "km²": (1, 4),
    "t": (1, 80), "年": (5, 20), "万元": (5, 900), "%": (5, 95), "分": (70, 96), "MPa": (1, 3),
    "℃": (20, 120), "度": (20, 45), "°": (20, 45), "mm": (100, 900), "m/s": (1, 4), "kW": (15, 400),
    "kV": (6, 10), "学时": (4, 24), "条": (1, 6), "件": (2, 40),
}  # fmt: skip


def name_of(rng: Random) -> str:
    """The name of somebody."""
    given = rng.choice(_GIVEN)
    return rng.choice(_SURNAMES) + (given if rng.random() < 0.8 else given[0])


def phone_of(rng: Random) -> str:
    """A number of a range that no operator gives out."""
    return f"1990{rng.randrange(10_000_000):07d}"


def credit_code_of(serial: int) -> str:
    """A well-formed credit code (GB 32100-2015) of the county, with the check of its ninth part too."""
    body = f"MA1{serial:05d}"
    rest = -sum(int(sign, 36) * weight for sign, weight in zip(body, _ORG_WEIGHTS, strict=True)) % 11
    first = f"91429981{body}{'0123456789X'[rest]}"
    return first + check_character(first)


def identity_of(rng: Random, serial: int) -> str:
    """A number of an identity card (GB 11643) of nobody."""
    born = dt.date(1966, 1, 1) + dt.timedelta(days=rng.randrange(12_000))
    first = f"429981{born:%Y%m%d}{serial % 1000:03d}"
    rest = sum(w * int(d) for w, d in zip(_CARD_WEIGHTS, first, strict=True)) % 11
    return first + "10X98765432"[rest]


class Filler:
    """Fills forms of one owner; `today` is the day of the seeding, `number` grows with each text."""

    def __init__(self, seed: str, today: dt.date, region: tuple[str, str]) -> None:
        self.rng = Random(seed)
        self.today = today
        self.region = region
        self.number = self.rng.randrange(10, 90)
        self._places = Random(f"{seed} on the map")
        self._site: dict[str, float] | None = ground.plant(seed)

    def record(self, register: Register, own: dict[str, Any], *, share: float = 0.7) -> dict[str, Any]:
        """A record that may be submitted.

        Args:
            register: of which register.
            own: values that make it what it is; what the declaration does not have is left out.
            share: of the optional fields that are filled in as well, 0 to 1.

        Raises:
            ValueError: what is required cannot be made up, or what was given is wrong.
        """
        names = {bound.name for bound in fields_of(register.record)}
        kept = {name: value for name, value in own.items() if name in names}
        values = self._block(register.record, kept, share)
        clean, problems = check(register.record, values, submitted=True)
        for problem in problems:
            if problem.place.split(".")[0].split("[")[0] in kept:
                raise ValueError(f"{register.name}: {problem.place}: {problem.problem}")
            _drop(values, problem.place)
        if problems:
            clean, problems = check(register.record, values, submitted=True)
        if problems:
            raise ValueError(f"{register.name}: {[(p.place, p.problem) for p in problems]}")
        return clean

    def day(self, before: int, after: int = 0) -> str:
        """A day of the last `before` days, or of the next `after` ones."""
        return (self.today + dt.timedelta(days=self.rng.randint(-before, after))).isoformat()

    def _block(self, record: type[Struct], own: dict[str, Any], share: float) -> dict[str, Any]:
        values = dict(own)
        for bound in fields_of(record):
            if bound.name in values or not self._asked(bound.field, values):
                continue
            if bound.field.required or self.rng.random() < share:
                value = self._value(bound, share)
                if value is not None:
                    values[bound.name] = value
        return values

    @staticmethod
    def _asked(field: Field, values: dict[str, Any]) -> bool:
        if field.when is None:
            return True
        match values.get(field.when.field):
            case bool(said):
                codes = {"yes" if said else "no"}
            case {"choice": code}:
                codes = {code}
            case {"choices": found}:
                codes = set(found)
            case _:
                return False
        return not codes.isdisjoint(field.when.values)

    def _value(self, bound: Bound, share: float) -> Any:  # noqa: PLR0911 - one line a kind
        field = bound.field
        match field.kind:
            case "text" | "long-text":
                return self._text(field)
            case "number" | "whole":
                return self._figure(field)
            case "day":
                ahead = any(word in field.zh for word in ("下次", "有效期至", "到期", "截止"))
                return self.day(-60, 500) if ahead else self.day(900)
            case "span":
                start = self.today - dt.timedelta(days=self.rng.randint(30, 600))
                return {"from": start.isoformat(), "to": (start + dt.timedelta(days=1095)).isoformat()}
            case "yes-no":
                return self.rng.random() < (
                    0.2 if any(w in field.zh for w in ("隐患", "失信", "无主")) else 0.8
                )
            case "choice" | "choices":
                codes = [one.code for one in field.choices if one.code not in {OTHER, NONE}]
                code = self.rng.choice(codes[: max(1, len(codes) - 1)])
                return {"choice": code} if field.kind == "choice" else {"choices": [code]}
            case "spot":
                return self.spot()
            case "link" if field.to == "region":
                return {"id": self.region[0], "label": self.region[1]}
            case "group":
                assert bound.inside is not None
                return [self._block(bound.inside, {}, share)]
            case "block":
                assert bound.inside is not None
                return self._block(bound.inside, {}, share)
            case _:
                return None  # files, pictures and links to what may not be there

    def spot(self, region: str = "") -> dict[str, float]:
        """A place in the county, which is nowhere: of a town that is named, or of the owner's own ground."""
        if region or self.region[0] not in ground.CENTRES:
            return ground.spot_in(self._places, region)
        if self._site is None:
            self._site = ground.spot_in(self._places, self.region[0])
            return dict(self._site)
        return ground.spot_near(self._places, self._site)

    def site(self) -> dict[str, float]:
        """Where the owner itself stands."""
        if self._site is None:
            self._site = ground.spot_in(self._places, self.region[0])
        return dict(self._site)

    def _figure(self, field: Field) -> float | int:
        usual = _BY_UNIT.get(field.unit, (1, 40))
        low, high = float(usual[0]), float(usual[1])
        if "年度" in field.zh or field.zh == "年":
            low = high = self.today.year
        low = max(low, field.low if field.low is not None else low)
        high = max(low, min(high, field.high if field.high is not None else high))
        if field.kind == "whole":
            return self.rng.randint(int(low), int(high))
        return round(self.rng.uniform(low, high), min(field.decimals, 1))

    def _text(self, field: Field) -> str | None:
        self.number += 1
        if field.personal == "identity":
            return identity_of(self.rng, self.number)
        if field.personal == "phone":
            return phone_of(self.rng)
        if "电话" in field.zh or "手机" in field.zh:
            return f"0700-66{self.rng.randrange(100_000):05d}"
        if field.check is not None or field.pattern:
            return field.example or None
        if field.kind == "text" and (
            any(
                word in field.zh
                for word in ("姓名", "联系人", "负责人", "法定代表人", "责任人", "签发人", "讲师", "组长")
            )
            or field.zh in {"统计人", "审核", "批准", "登记人", "填报人", "申报人", "制定人"}
        ):
            return name_of(self.rng)
        for words, said in _WORDS:
            if any(word in field.zh for word in words):
                return said.format(n=self.number)[: field.longest]
        if field.kind == "long-text":
            return "已按制度落实，记录齐全。"
        return f"{field.zh} {self.number}"[: field.longest] if field.required else None


def _drop(values: dict[str, Any], place: str) -> None:
    """Takes away the value at a place such as "teams[2].name", as far as it is there."""
    here: Any = values
    steps = place.replace("[", ".[").split(".")
    for step in steps[:-1]:
        try:
            here = here[int(step[1:-1])] if step.startswith("[") else here[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(here, dict):
        here.pop(steps[-1], None)
