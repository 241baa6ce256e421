"""An enterprise asks to be registered (自助注册); the county makes it and its account, or says why not."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta, Struct

from central import clock
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.queries import load
from central.db.scope import acting
from central.identity import captcha, credentials, masking, messages
from central.identity import service as identity
from central.identity.models import NewAccount
from central.organisation.faults import invalid
from central.registry import life, rules
from central.registry.life_models import NewEnterpriseForm
from central.registry.registration import Choice

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.identity.passwords import Passwords
    from central.registry.life_models import Decision

Q = load(__file__, "queries_applications.sql")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 16  # 80 bits: nobody finds another's number
_COUNTY: Final = 6


class Applying(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an enterprise tells of itself before anybody knows it; all fields are judged at once."""

    credit_code: Annotated[str, Meta(max_length=40, title="统一社会信用代码")]
    name: Annotated[str, Meta(max_length=100, title="企业名称")]
    region_code: Annotated[str, Meta(max_length=12, title="所在区划")]
    sector: Annotated[str, Meta(max_length=32, title="监管类型")]
    address: Annotated[str, Meta(max_length=200, title="生产经营地址")]
    contact_name: Annotated[str, Meta(max_length=60, title="联系人")]
    contact_phone: Annotated[str, Meta(max_length=20, title="联系电话")]
    industry: Annotated[str, Meta(max_length=100, title="行业类别")] = ""
    words: Annotated[str, Meta(max_length=500, title="说明")] = ""
    captcha_id: Annotated[str, Meta(max_length=64)]
    captcha: Annotated[str, Meta(max_length=16)]


class Receipt(Struct, frozen=True):
    """The number by which the applicant asks how it went; told once."""

    receipt: str
    detail: str = "申请已提交，请记下受理号。县级监管部门审核后，凭受理号可查询结果。"


class Outcome(Struct, frozen=True, kw_only=True):
    """How an application went, as the applicant is told."""

    name: str
    state: str
    created_at: datetime
    decided_at: datetime | None
    decided_by_name: str
    opinion: str


class ReceiptQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    receipt: Annotated[str, Meta(min_length=16, max_length=24, title="受理号")]


class Choices(Struct, frozen=True):
    """What there is to choose from: regions right below the one that was named, and kinds of supervision."""

    regions: list[Choice]
    sectors: list[Choice]


class Application(Struct, frozen=True, kw_only=True):
    """An application as those see it who decide."""

    id: int
    credit_code: str
    name: str
    region_code: str
    region_name: str
    sector: str
    sector_name: str
    industry: str
    address: str
    contact_name: str
    contact_phone: str
    words: str
    state: str
    created_at: datetime
    decided_at: datetime | None
    decided_by_name: str
    opinion: str
    enterprise_id: int | None


class ApplicationPage(Struct, frozen=True):
    items: list[Application]
    next: str | None


class Decided(Struct, frozen=True, kw_only=True):
    """What a decision brought: after an approval the account and its one-time password, told once."""

    application: Application
    account: str
    password: str


async def choices(conn: Connection, parent: str) -> Choices:
    """What an applicant chooses from.

    Args:
        conn: a worker transaction: who asks is nobody yet, and is told names of regions and sectors alone.
        parent: a region; "" for the counties of this system.
    """
    rows = await (conn.fetch(Q.regions_below, parent) if parent else conn.fetch(Q.served_regions))
    return Choices(
        [Choice(row["code"], row["name"]) for row in rows],
        [Choice(row["code"], row["name"]) for row in await conn.fetch(Q.sectors)],
    )


async def apply(database: Database, asked: Applying, address: str) -> Receipt:
    """Keeps an application and tells those who decide.

    Args:
        database: the question is used up in a transaction of its own, whatever comes of the rest.
        asked: as typed.
        address: from where.

    Raises:
        DomainError: 401 captcha-required, 400 with every bad field and its remedy, 409 registered already or
            waiting already.
    """
    async with acting(database.worker) as conn:
        answered = await captcha.answered(conn, asked.captcha_id, asked.captcha)
    if not answered:
        raise DomainError("captcha-required", "验证码不正确或已过期，请重新填写。", 401)
    async with acting(database.worker) as conn:
        return await _apply(conn, asked, address)


async def _apply(conn: Connection, asked: Applying, address: str) -> Receipt:
    credit_code = rules.normal_credit_code(asked.credit_code)
    found = _problems(asked, credit_code)
    if await conn.fetchval(Q.region_in_force, asked.region_code) is None or len(asked.region_code) < _COUNTY:
        found.append(FieldProblem("region_code", "没有这个区划。", "从列表中选择企业所在的县区和乡镇。"))
    if asked.sector not in {row["code"] for row in await conn.fetch(Q.sectors)}:
        found.append(FieldProblem("sector", "没有这种监管类型。", "从列表中选择；不清楚时选“其他”。"))
    if found:
        raise invalid(found)
    if await conn.fetchval(Q.known_enterprise, credit_code):
        raise DomainError(
            "registered-already", "该统一社会信用代码的企业已登记，无需重复申请。", 409,
            [FieldProblem("credit_code", "企业已登记。", "请直接登录；忘记密码可在登录页找回。")],
        )  # fmt: skip
    receipt = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    now = await clock.database_now(conn)
    number = await conn.fetchval(
        Q.apply, asked.region_code, asked.sector, credit_code, asked.name.strip(), asked.industry.strip(),
        asked.address.strip(), asked.contact_name.strip(), asked.contact_phone.strip(), asked.words.strip(),
        address, _hash(receipt), now,
    )  # fmt: skip
    if number is None:
        raise DomainError(
            "applied-already", "该企业已有一份申请在审核中。", 409,
            [FieldProblem("credit_code", "已提交过申请。", "凭受理号查询结果，或联系县级监管部门。")],
        )  # fmt: skip
    await messages.tell_keepers(
        conn, "enterprise-life", asked.region_code, f"application/{number}", "enterprise",
        "有企业申请注册", now, text=f"{asked.name.strip()}（{credit_code}）", link="/enterprise-applications",
    )  # fmt: skip
    return Receipt("-".join(receipt[i : i + 4] for i in range(0, _LENGTH, 4)))


async def outcome(conn: Connection, receipt: str) -> Outcome:
    """How an application went.

    Raises:
        NotFoundError: no such receipt.
    """
    row = await conn.fetchrow(Q.by_receipt, _hash(receipt.replace("-", "").strip().upper()))
    if row is None:
        raise NotFoundError("没有这个受理号，请核对。")
    return Outcome(**{name: row[name] for name in Outcome.__struct_fields__})


async def listing(
    conn: Connection, person: Person, state: str, text: str, before_id: int | None, limit: int
) -> list[Application]:
    """Applications of the scope, newest first; telephones are whole for those who decide: they call."""
    _refuse_others(person)
    return [
        _shown(row, person) for row in await conn.fetch(Q.applications, state, before_id, None, text, limit)
    ]


async def decide(
    web: Connection, worker: Connection, passwords: Passwords, person: Person, number: int, decision: Decision
) -> Decided:
    """Approves (enterprise and account), or refuses with an opinion.

    Args:
        web: a transaction of the person's scope: what lies outside cannot be decided, nor an enterprise made.
        worker: a worker transaction in the person's name, for the account.
        passwords: the hasher.
        person: who decides.
        number: of the application.
        decision: yes or no.

    Raises:
        NotFoundError: none, or not in this scope.
        DomainError: 400 a refusal without an opinion, 409 decided already or registered meanwhile.
    """
    _refuse_others(person)
    if await web.fetchrow(Q.applications, "", None, number, "", 1) is None:
        raise NotFoundError("没有找到这份申请，或不在您的管辖范围内。")
    held = await worker.fetchrow(Q.lock_application, number)
    if held is None:
        raise NotFoundError
    if held["state"] != "open":
        raise DomainError("decided", "该申请已处理。", 409)
    opinion = decision.opinion.strip()
    if not decision.approve and not opinion:
        raise invalid([FieldProblem("opinion", "退回须写明意见。", "写明要补正什么，申请人会看到。")])
    enterprise_id, account, password = None, "", ""
    if decision.approve:
        await life.because(worker, opinion or "自助注册审核通过")
        enterprise_id = await life.create(worker, _form(held))
        # The code of the enterprise: that of one removed before keeps its login.
        made = await worker.fetchrow(life.Q.facts, enterprise_id)
        assert made is not None
        account = str(made["code"]).lower()
        new = NewAccount(
            login=account, password=credentials.one_time_password(), display_name=held["contact_name"],
            role="enterprise", enterprise_id=enterprise_id, phone=held["contact_phone"],
        )  # fmt: skip
        account_id = await identity.create_account(worker, passwords, new, any_password=True)
        password = await credentials.hand_out(worker, passwords, account_id, why=opinion, first=True)
    await worker.execute(
        Q.decide, number, "approved" if decision.approve else "refused", await clock.database_now(worker),
        person.account_id, person.display_name, opinion, enterprise_id,
    )  # fmt: skip
    row = await worker.fetchrow(Q.applications, "", None, number, "", 1)
    return Decided(application=_shown(row, person), account=account, password=password)


def _form(held: asyncpg.Record) -> NewEnterpriseForm:
    names = (
        *("name", "credit_code", "region_code", "sector", "industry", "address"),
        *("contact_name", "contact_phone"),
    )
    return NewEnterpriseForm(**{name: held[name] for name in names})


def _problems(asked: Applying, credit_code: str) -> list[FieldProblem]:
    found = []
    wrong = rules.credit_code_problem(credit_code)
    if wrong is not None:
        remedy = "对照营业执照逐位核对，注意数字 0 与字母 O、数字 1 与字母 I。"
        found.append(FieldProblem("credit_code", wrong, remedy))
    for place, value, least, what in (
        ("name", asked.name, 2, "营业执照上的全称"),
        ("address", asked.address, 4, "实际生产经营的地址"),
        ("contact_name", asked.contact_name, 2, "能接电话的负责人姓名"),
    ):
        if len(value.strip()) < least:
            found.append(FieldProblem(place, "没有填写完整。", f"填写{what}。"))
    digits = asked.contact_phone.strip().lstrip("+").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        found.append(FieldProblem("contact_phone", "电话号码不正确。", "填写手机号，或带区号的座机号。"))
    return found


def _refuse_others(person: Person) -> None:
    if "enterprise-life" not in person.may:
        raise ForbiddenError


def _shown(row: asyncpg.Record | None, person: Person) -> Application:
    assert row is not None
    facts = dict(row)
    # Whoever decides calls the applicant; afterwards the number is as personal as any other.
    if facts["state"] != "open" and "personal" not in person.may:
        facts["contact_name"] = masking.name(facts["contact_name"])
        facts["contact_phone"] = masking.phone(facts["contact_phone"])
    return Application(**facts)


def _hash(receipt: str) -> bytes:
    return hashlib.sha256(receipt.encode()).digest()
