"""Form F-1 of the Henan scheme: 企业基本信息表; one record an enterprise, on which its sub-tables follow."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import credit_code, desk_phone, mobile, person
from central.registry.forms.fields import (
    When,
    choice,
    day,
    link,
    long_text,
    number,
    spot,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists import NO_UNIT
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, Link, Spot


class EnterpriseBasics(Struct):
    """F-1, row by row."""

    name: Annotated[str | None, text("企业名称", "enterprise name", required=True)] = None
    legal_representative: Annotated[
        str | None, person("法定代表人", "legal representative", required=True)
    ] = None
    legal_representative_mobile: Annotated[
        str | None, mobile("法定代表人手机", "mobile of the legal representative")
    ] = None
    address: Annotated[
        str | None, text("单位地址", "address", longest=200, required=True, note="注册地址，同营业执照。")
    ] = None
    founded: Annotated[date | None, day("成立时间", "established", note="以营业执照为准。")] = None
    industry: Annotated[
        Chosen | None,
        choice("行业分类", "industry class", """
            coal-mine 煤矿 coal mine
            other-mine 非煤矿山 non-coal mine
            chemical 危险化学品 hazardous chemicals
            metallurgy 冶金 metallurgy
            non-ferrous 有色 non-ferrous metals
            building-materials 建材 building materials
            machinery 机械 machinery
            light 轻工 light industry
            textile 纺织 textile
            tobacco 烟草 tobacco
            commerce 商贸 commerce
            """, required=True, note="保存后按行业填写相应的分表。"),
    ] = None  # fmt: skip
    mine_kind: Annotated[
        Chosen | None,
        choice("非煤矿山细分", "kind of mine", """
            underground 金属非金属地下矿山 underground mine
            open-pit 金属非金属露天矿山 open-pit mine
            tailings 尾矿库 tailings pond
            oil-gas 陆上石油天然气开采 onshore oil and gas
            """, when=When("industry", ("other-mine",)), uncertain=True,
            note="来源文件说明此类可再细分，选项按其分表列出；另有一类文字不可辨认。"),
    ] = None  # fmt: skip
    chemical_kind: Annotated[
        Chosen | None,
        choice("危险化学品细分", "kind of chemical enterprise", """
            production 危险化学品生产 production
            trade 危险化学品经营 trade
            storage 危险化学品储存 storage
            use 危险化学品使用 use
            """, when=When("industry", ("chemical",)), uncertain=True,
            note="来源文件说明此类可再细分，只写明“危险化学品生产”，其余为建议分类。"),
    ] = None  # fmt: skip
    department: Annotated[
        Chosen | None,
        choice("主管部门", "competent department", """
            emergency 应急局 emergency bureau
            coal 煤炭局 coal bureau
            industry-it 工信局 industry and IT bureau
            other-department 其他 other
            """),
    ] = None  # fmt: skip
    employees: Annotated[int | None, whole("职工总数", "employees", "人")] = None
    county: Annotated[
        Link | None,
        link("所在县区", "county or district", "region", required=True, note="含高新区、经开区。"),
    ] = None
    credit_code: Annotated[str | None, credit_code(required=True)] = None
    fixed_assets: Annotated[
        float | None,
        number("固定资产", "fixed assets", "万元", uncertain=True, note=NO_UNIT),
    ] = None
    floor_area: Annotated[
        float | None,
        number("总建筑面积", "total floor area", "m²", uncertain=True, note=NO_UNIT),
    ] = None
    own_industry: Annotated[
        str | None, text("企业所属行业及类型", "own industry and type", longest=200, note="企业自行填写。")
    ] = None
    subsidiaries: Annotated[
        str | None, long_text("所辖单位", "units under its control", note="企业自行填写。")
    ] = None
    safety_unit: Annotated[str | None, text("安全管理机构名称", "safety unit")] = None
    safety_unit_phone: Annotated[str | None, desk_phone("安全管理机构电话", "phone of the safety unit")] = (
        None
    )
    safety_head: Annotated[str | None, person("安全管理机构负责人", "head of the safety unit")] = None
    safety_head_mobile: Annotated[str | None, mobile("安全管理机构负责人手机", "mobile of the head")] = None
    duty_phone: Annotated[str | None, desk_phone("值班电话", "duty phone")] = None
    full_time: Annotated[int | None, whole("专职安全管理人员数", "full-time safety staff", "人")] = None
    part_time: Annotated[int | None, whole("兼职安全管理人员数", "part-time safety staff", "人")] = None
    major_hazard: Annotated[bool | None, yes_no("是否有危化品重大危险源", "has a chemical major hazard")] = (
        None
    )
    risks_identified: Annotated[bool | None, yes_no("是否进行风险辨识", "risks identified")] = None
    major_hazard_filed: Annotated[
        Chosen | None,
        choice("危化品重大危险源是否备案", "major hazard filed",
               "yes 是 yes\nno 否 no\nnot-involved 不涉及 not involved"),
    ] = None  # fmt: skip
    where: Annotated[
        Spot | None, spot("企业所在经度、纬度", "longitude and latitude", note="在地图上搜索或拖动选点。")
    ] = None


REGISTERS = (
    Register(
        name="enterprise-basics",
        zh="企业基本信息表",
        en="Basic information of enterprises",
        group="base",
        record=EnterpriseBasics,
        title="name",
        columns=("name", "industry", "county", "employees", "major_hazard", "department"),
        filters=(
            "name", "industry", "mine_kind", "chemical_kind", "department", "county", "credit_code",
            "employees", "major_hazard", "risks_identified", "major_hazard_filed",
        ),
        single=True,
        reviewed=True,
        source="F-1 (002:表1, 002:册2.3.2); REG-33, REG-35",
    ),
)  # fmt: skip
