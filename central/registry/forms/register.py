"""A declared register, and the catalogue of all: every module of `central.registry.registers`."""

from __future__ import annotations

import importlib
import pkgutil
import re
import types
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

from central.db.errors import FieldProblem
from central.registry.forms.fields import OTHER, TYPES, Field

GROUPS = {
    "base": "基本信息", "people": "人员与资质", "equipment": "设备设施", "chemical": "危险化学品",
    "sub-dossier": "行业分档", "risk": "风险与隐患", "accident": "事故与处罚", "training": "教育培训",
    "emergency": "应急资源", "knowledge": "知识与文件", "daily": "日常填报",
}  # fmt: skip
WRITERS = frozenset({"supervisor", "enterprise", "inspector", "committee", "intermediary"})
OWNERS = frozenset({"enterprise", "agency", "either"})


class Reminder(Struct, frozen=True):
    """Who forgot something is told: a day field that comes near, or a record that was not touched for long.

    `field`: a day or span whose (end) day counts; empty: the last change counts. `days`: before the day, or
    since the change. `until`: a field that ends it once it is filled in, as the day on which a treatment was
    finished ends the reminder of its plan.
    """

    words: str
    days: int
    field: str = ""
    until: str = ""


class Given(Struct, frozen=True):
    """A label of the paper form that nobody types in, because it is known already.

    `by`: "owner" (the name of whom the record belongs to), "row" (its number in the list), or
    "<link>.<field>": a field of the record that a link leads to.
    """

    zh: str
    by: str


class Register(Struct, frozen=True, kw_only=True):
    """One register.

    Attributes:
        name: its address, kebab-case plural.
        zh: title of the document.
        en: title in English.
        group: a key of `GROUPS`: where it stands in menu and dossier.
        record: the Struct of its fields.
        title: the field that names a record in lists and links.
        columns: fields of the list, in order; the first ones are shown on a phone.
        filters: fields that lists are filtered and sorted by, each a typed column of the store.
        key: fields that together may occur once an owner; empty: any number.
        single: one record an owner, such as the basic information of an enterprise.
        owner: to whom a record belongs: "enterprise", "agency", or "either" where governments and enterprises
            keep their own, such as rescue teams. Each record has one owner all the same.
        sectors: asked of enterprises of these sectors only; empty: of all.
        writers: kinds of role that write it, besides the owner's jurisdiction.
        reviewed: counts only after the supervising agency approved it.
        dated: states follow each other by date, and the past stays as it was.
        reminders: see `Reminder`.
        shared: a record of an agency that is in force is read by everyone of its area, such as a law; those
            of enterprises, where "either" owns, never are.
        coded: each record is a subject with a code of its own (主体赋码), such as a shelter or a team.
        public: fields that anybody who scans that code may read.
        totals: number fields that lists and prints add up (合计).
        tallies: choice fields whose choices lists and prints count beside the totals.
        given: see `Given`.
        check: of the whole record once every field is right: what does not fit together, by place.
        open_days: an enterprise hands in the record of a day (its key) on that day or so many days later,
            never before; None: whenever.
        source: where the customers' documents ask for it.
    """

    name: str
    zh: str
    en: str
    group: str
    record: type[Struct]
    title: str
    columns: tuple[str, ...]
    filters: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    single: bool = False
    owner: str = "enterprise"
    sectors: tuple[str, ...] = ()
    writers: frozenset[str] = frozenset({"enterprise", "supervisor"})
    reviewed: bool = False
    dated: bool = False
    reminders: tuple[Reminder, ...] = ()
    shared: bool = False
    coded: bool = False
    public: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    tallies: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    check: Callable[[dict[str, Any]], list[FieldProblem]] | None = None
    open_days: int | None = None
    source: str = ""


class Bound(Struct, frozen=True):
    """A field with its name in the Struct, its Python type, and the Struct of a group or block."""

    name: str
    field: Field
    type: Any
    inside: type[Struct] | None


@cache
def fields_of(record: type[Struct]) -> tuple[Bound, ...]:
    """The fields of a Struct in the order of the document.

    Raises:
        TypeError: an annotation without a field, or a type that is not the field's.
    """
    hints = get_type_hints(record, include_extras=True)
    return tuple(_bound(record.__name__, name, hints[name]) for name in record.__struct_fields__)


def _bound(record: str, name: str, hint: object) -> Bound:
    where = f"{record}.{name}"
    if get_origin(hint) is not Annotated:
        raise TypeError(f"{where}: write Annotated[type | None, word(…)] = None")
    inner, *marks = get_args(hint)
    fields = [m.extra["field"] for m in marks if isinstance(m, Meta) and m.extra and "field" in m.extra]
    if len(fields) != 1:
        raise TypeError(f"{where}: one word of central.registry.forms.fields describes it")
    field: Field = fields[0]
    kind = _without_none(where, inner)
    inside: type[Struct] | None = None
    if field.kind in {"group", "block"}:
        item = get_args(kind)[0] if field.kind == "group" and get_origin(kind) is list else kind
        if not (isinstance(item, type) and issubclass(item, Struct)):
            wanted = "list[Block] | None" if field.kind == "group" else "Block | None"
            raise TypeError(f"{where}: a {field.kind} is {wanted}, where Block is a Struct")
        inside = item
    elif kind != TYPES[field.kind]:
        raise TypeError(f"{where}: a field of kind {field.kind} is {TYPES[field.kind]}, not {kind}")
    return Bound(name, field, kind, inside)


def _without_none(where: str, hint: object) -> Any:
    if get_origin(hint) not in {types.UnionType, Union}:
        raise TypeError(f"{where}: every value may be missing; write `| None`")
    kinds = [part for part in get_args(hint) if part is not types.NoneType]
    if len(kinds) != 1:
        raise TypeError(f"{where}: one type beside None")
    return kinds[0]


_ANY = {*TYPES, "group", "block"}
_NO_COLUMN = {"group", "block", "file", "picture", "long-text"}


def faults(register: Register) -> list[str]:
    """What is wrong with a declaration, in words for whoever writes it; empty when nothing is."""
    wrong = []
    names = {bound.name: bound for bound in fields_of(register.record)}
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,47}", register.name):
        wrong.append(f"the name {register.name!r} must be kebab-case")
    for what, mentioned, kinds, why in (
        ("title", (register.title,), _ANY, ""),
        ("columns", register.columns, _ANY, ""),
        ("filters", register.filters, _ANY - _NO_COLUMN, "which is no column"),
        ("key", register.key, _ANY, ""),
        ("public", register.public, _ANY, ""),
        ("totals", register.totals, {"number", "whole"}, "which is no number"),
        ("tallies", register.tallies, {"choice"}, "which is no choice"),
        ("reminders", [r.field for r in register.reminders if r.field], {"day", "span"}, "which is no day"),
        ("reminders", [r.until for r in register.reminders if r.until], _ANY, ""),
    ):
        wrong += [f"{what} names {name!r}, which is no field" for name in mentioned if name not in names]
        wrong += [
            f"{what} names {name!r}, {why}"
            for name in mentioned
            if name in names and names[name].field.kind not in kinds
        ]
    wrong += [
        f"tallies names {name!r}, which is not among the filters and so no column"
        for name in register.tallies
        if name not in register.filters
    ]
    if register.shared and register.owner == "enterprise":
        wrong.append("only records of agencies are shared")
    for name in (*register.public, register.title):
        if name in names and names[name].field.personal:
            wrong.append(f"{name!r} is personal: neither the title nor public")
    if register.group not in GROUPS:
        wrong.append(f"group {register.group!r} is none of {', '.join(GROUPS)}")
    if register.owner not in OWNERS:
        wrong.append(f"owner {register.owner!r} is none of {', '.join(sorted(OWNERS))}")
    if not register.writers <= WRITERS:
        wrong.append(f"writers {sorted(register.writers - WRITERS)} are no kinds of role")
    return wrong + _field_faults(register.record, "")


def _field_faults(record: type[Struct], where: str) -> list[str]:
    wrong = []
    bounds = {bound.name: bound for bound in fields_of(record)}
    labels = [bound.field.zh for bound in bounds.values()]
    wrong += [
        f"{where or 'the record'}: two fields are called {label}; a sheet could not tell them apart"
        for label in sorted(set(labels))
        if labels.count(label) > 1
    ]
    for name, bound in bounds.items():
        field, at = bound.field, f"{where}{name}"
        codes = [choice.code for choice in field.choices]
        if field.kind in {"choice", "choices"} and not codes:
            wrong.append(f"{at} offers no choice")
        if len(set(codes)) < len(codes):
            wrong.append(f"{at} names a choice twice")
        if OTHER in codes[:-1]:
            wrong.append(f"{at}: `{OTHER}` comes last")
        if (field.pattern or field.check) and not field.example:
            wrong.append(f"{at} asks for a form of text: give an `example` that has it")
        if field.example and field.pattern and not re.fullmatch(field.pattern, field.example):
            wrong.append(f"{at}: the example does not fit the pattern")
        if field.example and field.check and field.check(field.example) is not None:
            wrong.append(f"{at}: the example does not pass the check")
        if field.when:
            on = bounds.get(field.when.field)
            known = {c.code for c in on.field.choices} | {"yes", "no"} if on else set()
            if on is None or not set(field.when.values) <= known:
                wrong.append(
                    f"{at} is asked when {field.when.field!r} is {field.when.values}: there is no such value"
                )
        if bound.inside is not None:
            wrong += _field_faults(bound.inside, f"{at}.")
    return wrong


@cache
def catalogue() -> dict[str, Register]:
    """Every declared register by name.

    Raises:
        TypeError: a declaration that is wrong, with everything that is.
    """
    from central.registry import registers as package

    found: dict[str, Register] = {}
    wrong = []
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        declared = importlib.import_module(f"{package.__name__}.{module}").REGISTERS
        for register in declared:
            wrong += [f"{module}: {register.name}: {fault}" for fault in faults(register)]
            if register.name in found:
                wrong.append(f"{module}: {register.name}: declared twice")
            found[register.name] = register
    for register in found.values():
        wrong += [f"{register.name}: {fault}" for fault in _given_faults(register, found)]
    if wrong:
        raise TypeError("\n".join(wrong))
    return found


def _given_faults(register: Register, registers: dict[str, Register]) -> list[str]:
    """What is wrong with where the given labels come from, which another declaration has to say."""
    wrong = []
    links = {bound.name: bound.field.to for bound in fields_of(register.record) if bound.field.kind == "link"}
    for given in register.given:
        link, _, name = given.by.partition(".")
        if not name and link in {"owner", "row"}:
            continue
        other = registers.get(links.get(link, ""))
        if other is None or name not in {bound.name for bound in fields_of(other.record)}:
            wrong.append(f"{given.zh} is given by {given.by!r}, which leads to no field of a register")
    return wrong
