"""What a broken constraint of these tables means to the person whose entry broke it, field by field."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import asyncpg

from central.db.errors import DomainError, FieldProblem, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEANING: Final = {
    "agency_name_key": ("name", "已有同名机构。"),
    "agency_code_key": ("code", "机构代码已被使用。"),
    "agency_code_form": ("code", "机构代码只含字母、数字和横线，至多 32 位。"),
    "agency_not_own_parent": ("parent_id", "上级机构不能是自己。"),
    "agency_detail_position": ("longitude", "经度与纬度须同时填写。"),
    "department_name_key": ("name", "同一上级下已有同名科室。"),
    "department_not_own_parent": ("parent_id", "上级科室不能是自己。"),
    "post_name_key": ("name", "已有同名职务。"),
    "staff_account_key": ("account_id", "该账号已属于另一名人员。"),
    "committee_unit_name_key": ("name", "已有同名成员单位。"),
    "committee_unit_code_key": ("code", "单位代码已被使用。"),
    "intermediary_credit_code_key": ("credit_code", "该统一社会信用代码的机构已登记。"),
    "intermediary_qualification_key": ("qualification_no", "该资质证书编号已登记。"),
    "intermediary_validity": ("valid_until", "有效期止须晚于有效期起。"),
    "number_format_kind_key": ("kind", "本机构已有这种文书的编号格式。"),
    "number_format_pattern_key": ("pattern", "本机构另一种文书已用同样的格式，编号会重复。"),
    "account_login_key": ("login", "账号名已被使用，请换一个。"),
    "account_login_form": (
        "login",
        "账号名须为 2 至 63 位小写字母、数字、点、横线或下划线，以字母或数字开头。",
    ),
    "account_role_fkey": ("role", "没有这种角色。"),
    "account_role_has_its_place": ("agency_id", "监管账号须属于一个机构，企业账号须属于一家企业。"),
    "account_area_form": ("areas", "辖区须为 2、4、6、9 或 12 位区划代码，或企业位置。"),
    "agency_area_form": ("areas", "辖区须为 2、4、6、9 或 12 位区划代码，或企业位置。"),
}


@contextmanager
def in_words() -> Iterator[None]:
    """Turns what PostgreSQL refuses into the error that a person reads.

    Raises:
        DomainError: 409, with the field that collides; 409 in-use where something still refers to a row.
        NotFoundError: the row would lie outside the jurisdiction.
    """
    try:
        yield
    except asyncpg.ForeignKeyViolationError as exc:
        known = _MEANING.get(exc.constraint_name or "")
        if known is not None:
            raise conflict(*known) from exc
        raise DomainError("in-use", "仍有其他记录引用这一条，不能删除。", 409) from exc
    except asyncpg.IntegrityConstraintViolationError as exc:
        place, problem = _MEANING.get(exc.constraint_name or "", ("", "数据不符合要求，未保存。"))
        raise conflict(place, problem) from exc
    except asyncpg.InsufficientPrivilegeError as exc:
        raise NotFoundError from exc


def conflict(place: str, problem: str) -> DomainError:
    """409: one field collides with what is there."""
    return DomainError("conflict", problem, 409, [FieldProblem(place, problem)])


def invalid(problems: list[FieldProblem]) -> DomainError:
    """400: every field that does not fit."""
    return DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, problems)


def changed(version: int) -> DomainError:
    """412: somebody else was faster; the current version is told."""
    return DomainError(
        "changed", "内容刚刚被他人更新，请查看最新状态后再操作。", 412, data={"version": version}
    )
