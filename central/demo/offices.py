"""Who works where in the fictional county: departments, posts, people, members, numbers of documents."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from central.identity import service as identity
from central.organisation import agencies, members, numbers, people
from central.organisation.credit_code import check_character
from central.organisation.members_models import IntermediaryForm, UnitForm
from central.organisation.models import AgencyForm
from central.organisation.numbers_models import NumberForm
from central.organisation.people_models import DepartmentForm, PostForm, StaffForm

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person

# Of agencies: code, contact, telephone, fax, address, longitude, latitude (a county that is nowhere).
_OFFICES = {
    "city": ("YZ-YJ", "沈砚秋", "0700-6600001", "0700-6600002", "云泽市人民路 1 号", 112.61, 30.42),
    "county": ("LJ-YJ", "顾长河", "0700-6610001", "0700-6610002", "临江县滨江大道 18 号", 112.72, 30.31),
    "qingshi": ("LJ-QS", "林巧云", "0700-6611001", "", "青石镇政府大院", 112.70, 30.28),
    "baisha": ("LJ-BS", "田小满", "0700-6612001", "", "白沙镇码头街 1 号", 112.78, 30.27),
    "liuhe": ("LJ-LH", "石大勇", "0700-6613001", "", "柳河镇中心街 6 号", 112.66, 30.35),
}

# Owner, posts, then departments with the people in them; the first one of a department leads it.
# A person: name, post, telephone, duties, login of the account.
_PEOPLE: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]], ...] = (
    (
        "county",
        ("局长", "副局长", "科长", "科员"),
        (
            ("局领导", (("顾长河", "局长", "19900000012", "主持全面工作", "county"),
                        ("梅素云", "副局长", "19900000041", "分管危化和应急", ""))),
            ("危险化学品监督管理科", (("程远", "科长", "19900000042", "危化企业监管", ""),
                                      ("罗织锦", "科员", "19900000043", "重大危险源备案", ""))),
            ("安全生产基础科", (("贺知远", "科长", "19900000044", "工贸行业监管", ""),)),
            ("应急指挥中心", (("丁水生", "科长", "19900000045", "值班与预警处置", ""),
                              ("叶闻溪", "科员", "19900000046", "值班", ""))),
            ("综合行政执法大队", (("蒋仲文", "科长", "19900000047", "执法检查", ""),)),
        ),
    ),
    (
        "qingshi",
        ("应急办主任", "网格员"),
        (("应急管理办公室", (("林巧云", "应急办主任", "19900000013", "全镇安全生产", "township"),
                            ("陆平", "网格员", "19900000048", "青石、白沙网格巡查", "inspector"))),),
    ),
    (
        "E0001",
        ("主要负责人", "安全总监", "车间主任", "班长", "操作工"),
        (
            ("安全环保部", (("周海宁", "安全总监", "19900000001", "安全生产管理", "enterprise"),
                            ("白露", "操作工", "19900000051", "台账与培训", ""))),
            ("氯库车间", (("李铁山", "车间主任", "19900000052", "氯库运行", "e0001-head"),
                          ("唐小舟", "班长", "19900000053", "当班操作", "e0001-staff"),
                          ("孔令和", "操作工", "19900000054", "当班操作", ""))),
            ("设备部", (("马保国", "车间主任", "19900000055", "设备与仪表检修", ""),)),
        ),
    ),
)  # fmt: skip

_UNITS = (
    ("临江县住房和城乡建设局", "AW-ZJ", "方建平", "0700-6620001", "房屋市政工程施工、城镇燃气安全"),
    ("临江县交通运输局", "AW-JT", "汪路遥", "0700-6620002", "道路、水路运输安全"),
    ("临江县市场监督管理局", "AW-SC", "金准", "0700-6620003", "特种设备安全"),
    ("临江县消防救援大队", "AW-XF", "雷焰", "0700-6620004", "消防安全监督"),
)

_FORMATS = (
    ("rectification-order", "责令限期整改指令书", "（{agency}）应急责改〔{year}〕{serial}号"),
    ("inspection-record", "现场检查记录", "（{agency}）应急检记〔{year}〕{serial}号"),
    ("penalty", "行政处罚决定书", "（{agency}）应急罚〔{year}〕{serial}号"),
)


async def furnish_offices(
    conn: Connection, offices: dict[str, int], enterprises: dict[str, int], accounts: dict[str, int]
) -> None:
    """Fills the offices, as their administrators would.

    Args:
        conn: a worker transaction.
        offices: numbers of the agencies by key.
        enterprises: numbers of the enterprises by code.
        accounts: numbers of the accounts by login.
    """
    admin = await identity.person_by_id(conn, accounts["admin"])
    county = await identity.person_by_id(conn, accounts["county"])
    enterprise = await identity.person_by_id(conn, accounts["enterprise"])
    assert admin is not None
    assert county is not None
    assert enterprise is not None
    for key, (code, contact, phone, fax, address, longitude, latitude) in _OFFICES.items():
        known = await agencies.agency(conn, offices[key])
        form = AgencyForm(
            name=known.name,
            rank=known.rank,
            region_code=known.region_code,
            kind="township-office" if known.rank == 2 else "emergency",
            parent_id=known.parent_id,
            code=code,
            contact_name=contact,
            phone=phone,
            fax=fax,
            address=address,
            longitude=longitude,
            latitude=latitude,
            administrator_id=accounts.get({"qingshi": "township"}.get(key, key)),
        )
        await agencies.update(conn, admin, known.id, known.version, form)
    for owner, posts, departments in _PEOPLE:
        whose: dict[str, Any] = (
            {"agency_id": offices[owner]} if owner in offices else {"enterprise_id": enterprises[owner]}
        )
        await _staff(conn, admin, whose, posts, departments, accounts)
    await people.confirm_organisation(conn, enterprise)
    for name, code, contact, phone, duties in _UNITS:
        unit = UnitForm(
            name=name, code=code, contact_name=contact, phone=phone, address="临江县政务中心", duties=duties
        )
        await members.create_unit(conn, county, unit)
    first = "91429900MA0YJ0077"
    firm = IntermediaryForm(
        name="云泽市安评技术服务有限公司",
        credit_code=first + check_character(first),
        kind="evaluation",
        qualification="安全评价机构资质",
        qualification_no="APJ-（云）-007",
        valid_from=dt.date(2024, 7, 1),
        valid_until=dt.date(2027, 6, 30),
        services="化工、石油加工业安全评价",
        contact_name="庄评",
        phone="0700-6630001",
        address="云泽市科技路 12 号",
    )
    await members.create_intermediary(conn, county, firm, dt.date(2026, 1, 1))
    for kind, name, pattern in _FORMATS:
        form_of = NumberForm(kind=kind, name=name, pattern=pattern, for_below=True)
        await numbers.create(conn, county, form_of, dt.date(2026, 1, 1))


async def _staff(
    conn: Connection,
    admin: Person,
    whose: dict[str, Any],
    posts: tuple[str, ...],
    departments: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...],
    accounts: dict[str, int],
) -> None:
    post_ids = {}
    for order, name in enumerate(posts):
        post_ids[name] = (
            await people.create_post(conn, admin, PostForm(name=name, sequence=order, **whose))
        ).id
    for order, (room, members_of) in enumerate(departments):
        form = DepartmentForm(name=room, sequence=order, **whose)
        department = await people.create_department(conn, admin, form)
        for place, (name, post, phone, duties, login) in enumerate(members_of):
            person = await people.create_staff(
                conn,
                admin,
                StaffForm(
                    name=name,
                    department_id=department.id,
                    post_id=post_ids[post],
                    account_id=accounts[login] if login else None,
                    phone=phone,
                    duties=duties,
                    sequence=order * 10 + place,
                    **whose,
                ),
            )
            if place == 0:
                led = DepartmentForm(name=room, sequence=order, head_id=person.id)
                await people.update_department(conn, admin, department.id, department.version, led)
