"""Every refusal as RFC 9457 problem details, in plain Chinese, with all bad fields."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, get_type_hints

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.utils.empty import value_or_default
from litestar.utils.scope.state import ScopeState
from msgspec import Struct

from central.db.errors import DomainError, FieldProblem

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_TITLES = {
    400: "请求有误",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的操作",
    409: "与现有数据冲突",
    412: "内容已变化",
    413: "内容过大",
    415: "内容格式不支持",
    423: "已锁定",
    428: "缺少版本标记",
    429: "请求过于频繁",
    500: "系统内部错误",
    503: "服务暂不可用",
}
_DETAILS = {
    404: "没有找到这个地址。",
    405: "这个地址不支持此操作。",
    413: "提交的内容过大，请缩小，或拆成几个较小的文件后再提交。",
    415: "请以 JSON 提交。",
}


class Problem(Struct):
    """RFC 9457 problem details; further members may follow."""

    type: str
    title: str
    status: int
    detail: str
    fields: list[FieldProblem] = []


def problem(
    status: int,
    code: str,
    detail: str,
    fields: tuple[FieldProblem, ...] | list[FieldProblem] = (),
    data: dict[str, object] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[dict[str, object]]:
    """A refusal.

    Args:
        status: HTTP status.
        code: kebab-case word, the last part of `type`.
        detail: a sentence for the person.
        fields: every bad field.
        data: further members.
        headers: further headers.
    """
    document: dict[str, object] = {
        **(data or {}),
        "type": f"/problems/{code}",
        "title": _TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "fields": [msgspec.to_builtins(field) for field in fields],
    }
    return Response(document, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _domain(_request: Request[Any, Any, Any], exc: DomainError) -> Response[dict[str, object]]:
    return problem(exc.http_status, exc.code, exc.detail, exc.fields, exc.data)


def _validation(request: Request[Any, Any, Any], exc: ValidationException) -> Response[dict[str, object]]:
    fields: list[FieldProblem] = []
    for error in exc.extra if isinstance(exc.extra, list) else []:
        if error.get("source") == "body":
            continue
        place = str(error.get("key", ""))
        fields.append(FieldProblem(place, _in_words(str(error.get("message", "")))))
    fields += _body_problems(request)
    if not fields:
        fields.append(FieldProblem("", _in_words(str(exc.detail))))
    return problem(400, "invalid", "有内容填写不正确，请逐项修改。", fields)


def _body_problems(request: Request[Any, Any, Any]) -> list[FieldProblem]:
    """Judges each field of the body by itself: msgspec stops at the first bad one, people want all."""
    data_field = request.route_handler.parsed_data_field
    # The body was read before its validation failed; this looks at what Litestar kept of it.
    body = value_or_default(ScopeState.from_scope(request.scope).body, b"")
    if data_field is None or not isinstance(body, bytes):
        return []
    model = data_field.annotation
    if not (isinstance(model, type) and issubclass(model, Struct)):
        return []
    try:
        values = msgspec.json.decode(body or b"null")
    except msgspec.DecodeError:
        return [FieldProblem("", "提交的内容不是正确的 JSON。")]
    if not isinstance(values, dict):
        return [FieldProblem("", "提交的内容应是一个 JSON 对象。")]
    return _struct_problems(model, values)


def _struct_problems(model: type[Struct], values: dict[str, Any]) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    types = get_type_hints(model, include_extras=True)
    for field in msgspec.structs.fields(model):
        name = field.encode_name
        if name not in values:
            if field.required:
                found.append(FieldProblem(name, "必须填写。"))
            continue
        try:
            msgspec.convert(values[name], types[field.name], strict=False)
        except msgspec.ValidationError as exc:
            found.append(FieldProblem(name, _in_words(str(exc))))
    if model.__struct_config__.forbid_unknown_fields:
        known = {field.encode_name for field in msgspec.structs.fields(model)}
        found += [FieldProblem(name, "没有这一项。") for name in values if name not in known]
    return found


def _in_words(message: str) -> str:
    """A sentence of msgspec in the words of the console; unknown sentences stay as they are."""
    reason, _, _where = message.partition(" - at ")
    for start, words in (
        ("Expected `str` of length >= ", "至少 {} 个字。"),
        ("Expected `str` of length <= ", "至多 {} 个字。"),
        ("Expected `str` matching regex ", "格式不正确，应符合 {}。"),
        ("Expected `int` >= ", "不能小于 {}。"),
        ("Expected `int` <= ", "不能大于 {}。"),
        ("Expected `float` >= ", "不能小于 {}。"),
        ("Expected `float` <= ", "不能大于 {}。"),
        ("Invalid enum value ", "不能是 {}。"),
    ):
        if reason.startswith(start):
            return words.format(reason.removeprefix(start))
    if reason.startswith("Expected `"):
        wanted = reason.split("`")[1]
        names = {"int": "整数", "str": "文字", "float": "数字", "bool": "是或否", "datetime": "带时区的时间"}
        return f"应为{names.get(wanted, wanted)}。"
    if reason.startswith("Object missing required field"):
        return "必须填写。"
    return reason or "不正确。"


def _http(request: Request[Any, Any, Any], exc: HTTPException) -> Response[dict[str, object]]:
    status = exc.status_code
    if status == 400 and "route_handler" in request.scope:
        # Litestar could not even read the body.
        return problem(400, "invalid", "提交的内容无法读取。", _body_problems(request))
    if status >= 500:
        _log.error("the request failed: %s", exc.detail)
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    detail = _DETAILS.get(status, _TITLES.get(status, "请求未能完成") + "。")
    return problem(status, code, detail, headers=dict(exc.headers or {}))


def _bad_value(_request: Request[Any, Any, Any], exc: Exception) -> Response[dict[str, object]]:
    # A number past its column's type, or a NUL character in a text: nobody types these by mistake.
    _log.info("a value that the database cannot hold: %s", exc)
    return problem(400, "invalid", "有内容超出允许的范围。")


def _unreadable(_request: Request[Any, Any, Any], exc: Exception) -> Response[dict[str, object]]:
    # Bytes that are no UTF-8, or brackets without end: the reader of JSON gives up before our own checks.
    _log.info("a body that cannot be read: %s", exc)
    return problem(400, "invalid", "提交的内容无法读取，请以 UTF-8 编码的 JSON 提交。")


def _unavailable(_request: Request[Any, Any, Any], exc: Exception) -> Response[dict[str, object]]:
    _log.warning("the database did not answer: %s", exc)
    return problem(503, "unavailable", "数据库暂时没有响应，请稍后再试。", headers={"retry-after": "5"})


def _defect(request: Request[Any, Any, Any], exc: Exception) -> Response[dict[str, object]]:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
    return problem(500, "internal", "系统出现内部错误，已记录。请稍后再试，或联系管理员。")


HANDLERS: dict[int | type[Exception], Any] = {
    DomainError: _domain,
    ValidationException: _validation,
    HTTPException: _http,
    UnicodeDecodeError: _unreadable,
    RecursionError: _unreadable,
    asyncpg.DataError: _bad_value,
    asyncpg.InterfaceError: _unavailable,
    asyncpg.InternalClientError: _unavailable,
    asyncpg.PostgresConnectionError: _unavailable,
    asyncpg.CannotConnectNowError: _unavailable,
    asyncpg.AdminShutdownError: _unavailable,
    asyncpg.CrashShutdownError: _unavailable,
    asyncpg.QueryCanceledError: _unavailable,
    asyncpg.TooManyConnectionsError: _unavailable,
    ConnectionError: _unavailable,
    Exception: _defect,
}
