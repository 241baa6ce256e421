"""Words for people, telephones and places that many registers say in the same way.

A telephone by which a person is called (手机, 联系电话) is personal and masked; the number of a desk that
somebody always answers (值班电话, 单位电话) is not. Names of personal fields end as those that the audit
masks.
"""

from __future__ import annotations

from typing import Any

from msgspec import Meta

from central.organisation.credit_code import credit_code_problem
from central.registry.forms.checks import IDENTITY_EXAMPLE, IDENTITY_PATTERN, identity_problem
from central.registry.forms.fields import day, files, link, long_text, pictures, spot, text, whole

# Land lines with an extension, mobiles, short numbers such as 119, and two numbers side by side.
_PHONE = "[0-9+][0-9 +()转、/-]{2,39}"

SEX = "male 男 male\nfemale 女 female"
EDUCATION = """
    primary 小学及以下 primary school or less
    junior 初中 junior middle school
    senior 高中 senior middle school
    vocational 中专（技校） vocational school
    college 大专 college
    bachelor 本科 bachelor
    master 硕士 master
    doctor 博士 doctor
"""


def person(zh: str, en: str, **more: Any) -> Meta:
    """The name of a person."""
    return text(zh, en, **{"longest": 50, **more})


def mobile(zh: str = "手机", en: str = "mobile", **more: Any) -> Meta:
    """A telephone of a person: personal. The field is called `phone`, `mobile` or `…_phone`, `…_mobile`."""
    return _phone(zh, en, personal="phone", **more)


def desk_phone(zh: str = "值班电话", en: str = "duty phone", **more: Any) -> Meta:
    """A telephone of a desk, not of a person."""
    return _phone(zh, en, **more)


def _phone(zh: str, en: str, **more: Any) -> Meta:
    words = "应为电话号码，例如 0724-2312345。"
    return text(
        zh, en, longest=40, pattern=_PHONE, pattern_words=words, **{"example": "0724-2312345", **more}
    )


def identity_number(zh: str = "身份证号", en: str = "identity number", **more: Any) -> Meta:
    """The number of an identity card: personal. The field is called `identity_number`."""
    return text(
        zh, en, longest=18, personal="identity", pattern=IDENTITY_PATTERN, check=identity_problem,
        pattern_words="应为 18 位，末位可为大写 X。", example=IDENTITY_EXAMPLE, **more,
    )  # fmt: skip


def credit_code(zh: str = "统一社会信用代码", en: str = "unified social credit code", **more: Any) -> Meta:
    """A credit code (GB 32100-2015) of somebody who is no managed enterprise."""
    return text(zh, en, longest=18, check=credit_code_problem, example="91330100799655058B", **more)


def year(zh: str = "年度", en: str = "year", **more: Any) -> Meta:
    """A year."""
    return whole(zh, en, "年", low=1949, high=2100, **more)


ADDRESS = text("地址", "address", longest=200)
WHERE = spot("地图位置", "place on the map")
REGION = link("行政区划", "administrative area", "region")
NOTE = long_text("备注", "remarks", longest=500)
# A renewal may be a new paper with a new number: the old record then says since when it holds no more.
ENDED = day("失效（换证、注销）日期", "ended", note="填写后不再提醒到期。")
FILES = files("附件", "attachments")
PHOTOS = pictures("照片", "photographs")
