"""The kinds of field a register may have, and the words in which a declaration names them.

A field stands in its Struct as `Annotated[type | None, word(…)] = None`: every value may be missing, because
a draft may be saved at any time; what must be there when it is submitted is `required`.

    class Certificate(Struct):
        holder: Annotated[str | None, text("持证人", "holder", required=True, longest=50)] = None
        valid: Annotated[Span | None, span("有效期", "validity", required=True)] = None
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Meta, Struct

from central.registry.forms.values import Chosen, File, Link, Mark, Several, Span, Spot

OTHER = "other"  # the choice that asks for a text of one's own
NONE = "none"  # the choice beside which no other of several may stand, such as 不需要建设


class Choice(Struct, frozen=True):
    """One choice in its order: what is stored, and how both languages name it."""

    code: str
    zh: str
    en: str


class When(Struct, frozen=True):
    """A field that is asked only where another field of the same block has one of these values."""

    field: str
    values: tuple[str, ...]


class Field(Struct, frozen=True, kw_only=True):
    """What is known of a field beside its Python type.

    Attributes:
        kind: text, long-text, number, whole, day, span, yes-no, choice, choices, spot, mark, link, file,
            picture, group, block.
        zh: its label in the document.
        en: its label in English.
        unit: of a number.
        low: the smallest number, or None.
        high: the largest number, or None.
        decimals: digits kept after the point.
        longest: characters of a text; entries of a group; files of a file field.
        pattern: a regular expression that the whole text fits.
        pattern_words: what the pattern asks for, in Chinese.
        check: a check of the value by itself, for example of a credit code: what is wrong, in Chinese.
        example: a text that fits pattern and check, shown in templates; asked for where either is given.
        choices: in their order.
        to: what a link leads to: "enterprise", "account", "region", "industry", "agency", "gateway", "point",
            "dictionary/<name>" (a list of words that an administrator keeps), or the name of a register. It
            must be there and in the writer's sight; what enterprises alone keep (a register of theirs, a
            gateway, a point) is linked by records of the same enterprise only.
        required: must be there when the form is submitted.
        when: asked only where another field has a certain value.
        personal: "phone" or "identity": masked for whoever may not see personal data.
        uncertain: the source of this field is not certain; told in the documentation and by the form.
        note: help under the field.
    """

    kind: str
    zh: str
    en: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    decimals: int = 3
    longest: int = 0
    pattern: str = ""
    pattern_words: str = ""
    check: Callable[[Any], str | None] | None = None
    example: str = ""
    choices: tuple[Choice, ...] = ()
    to: str = ""
    required: bool = False
    when: When | None = None
    personal: str = ""
    uncertain: bool = False
    note: str = ""


# What each kind is in Python; a declaration that says otherwise is refused when it is loaded.
TYPES: dict[str, object] = {
    "text": str, "long-text": str, "number": float, "whole": int, "day": date, "span": Span, "yes-no": bool,
    "choice": Chosen, "choices": Several, "spot": Spot, "mark": Mark, "link": Link,
    "file": list[File], "picture": list[File],
}  # fmt: skip


def text(zh: str, en: str, *, longest: int = 100, **more: Any) -> Meta:
    """One line."""
    return _meta(Field(kind="text", zh=zh, en=en, longest=longest, **more))


def long_text(zh: str, en: str, *, longest: int = 2000, **more: Any) -> Meta:
    """Several lines."""
    return _meta(Field(kind="long-text", zh=zh, en=en, longest=longest, **more))


def number(zh: str, en: str, unit: str = "", **more: Any) -> Meta:
    """A number with a unit, not below 0 unless `low` says so."""
    return _meta(
        Field(**{"kind": "number", "zh": zh, "en": en, "unit": unit, "low": 0.0, "high": 1e15, **more})
    )


def whole(zh: str, en: str, unit: str = "", **more: Any) -> Meta:
    """A count of something."""
    return _meta(
        Field(**{"kind": "whole", "zh": zh, "en": en, "unit": unit, "low": 0, "high": 10**12, **more})
    )


def day(zh: str, en: str, **more: Any) -> Meta:
    """A date."""
    return _meta(Field(kind="day", zh=zh, en=en, **more))


def span(zh: str, en: str, **more: Any) -> Meta:
    """From one date to another."""
    return _meta(Field(kind="span", zh=zh, en=en, **more))


def yes_no(zh: str, en: str, **more: Any) -> Meta:
    """是 or 否."""
    return _meta(Field(kind="yes-no", zh=zh, en=en, **more))


def choice(zh: str, en: str, choices: str, **more: Any) -> Meta:
    """One of several.

    Args:
        zh: label.
        en: label in English.
        choices: a line each, "code 中文 English words", in the order of the document; the code `other` asks
            for a text.
        more: as `Field`.
    """
    return _meta(Field(kind="choice", zh=zh, en=en, choices=_choices(choices), **more))


def several(zh: str, en: str, choices: str, **more: Any) -> Meta:
    """Any of several; `choices` as in `choice`."""
    return _meta(Field(kind="choices", zh=zh, en=en, choices=_choices(choices), **more))


def spot(zh: str, en: str, **more: Any) -> Meta:
    """A place on the map."""
    return _meta(Field(kind="spot", zh=zh, en=en, **more))


def mark(zh: str, en: str, **more: Any) -> Meta:
    """A point on the first picture of the same record, as on a plan of the plant."""
    return _meta(Field(kind="mark", zh=zh, en=en, **more))


def link(zh: str, en: str, to: str, **more: Any) -> Meta:
    """A thing kept elsewhere."""
    return _meta(Field(kind="link", zh=zh, en=en, to=to, **more))


def files(zh: str, en: str, *, longest: int = 10, **more: Any) -> Meta:
    """Attached files."""
    return _meta(Field(kind="file", zh=zh, en=en, longest=longest, **more))


def pictures(zh: str, en: str, *, longest: int = 10, **more: Any) -> Meta:
    """Attached pictures, with thumbnails."""
    return _meta(Field(kind="picture", zh=zh, en=en, longest=longest, **more))


def group(zh: str, en: str, *, longest: int = 200, **more: Any) -> Meta:
    """A block that repeats: the type is `list[Block]`."""
    return _meta(Field(kind="group", zh=zh, en=en, longest=longest, **more))


def block(zh: str, en: str, **more: Any) -> Meta:
    """Fields that belong together under a heading: the type is a Struct."""
    return _meta(Field(kind="block", zh=zh, en=en, **more))


def _meta(field: Field) -> Meta:
    return Meta(title=field.zh, extra={"field": field})


def _choices(lines: str) -> tuple[Choice, ...]:
    found = []
    for line in lines.strip().splitlines():
        code, zh, *en = line.split()
        found.append(Choice(code, zh, " ".join(en)))
    return tuple(found)
