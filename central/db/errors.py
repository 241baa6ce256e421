"""The one error that reaches people: a code for programs, a sentence for people, the bad fields."""

from __future__ import annotations

from msgspec import Struct


class FieldProblem(Struct, frozen=True):
    """One bad field: where it is, what is wrong, what would be right."""

    place: str
    problem: str
    remedy: str = ""


class DomainError(Exception):
    """A request that cannot be done, told in plain words (RFC 9457 problem details at the HTTP edge).

    Args:
        code: kebab-case word for programs, for example "warning-changed".
        detail: a sentence in plain Chinese for the person.
        http_status: the HTTP status code.
        fields: every bad field, not only the first.
        data: more members of the problem document, for example the current state after a lost update.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        http_status: int = 400,
        fields: tuple[FieldProblem, ...] | list[FieldProblem] = (),
        data: dict[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.http_status = http_status
        self.fields = tuple(fields)
        self.data = data or {}


class NotFoundError(DomainError):
    """The thing does not exist, or not inside the jurisdiction of the person who asks: both look the same."""

    def __init__(self, detail: str = "没有找到，或不在您的管辖范围内。") -> None:
        super().__init__("not-found", detail, 404)


class ForbiddenError(DomainError):
    """The account may not do this."""

    def __init__(self, detail: str = "您的账号没有此项权限。") -> None:
        super().__init__("forbidden", detail, 403)


class ConfigurationError(Exception):
    """The centre cannot start as it is set up; the message says what is wrong and what would be right."""
