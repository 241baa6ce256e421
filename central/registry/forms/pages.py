"""The documentation of the registers: one page a register and an index, written from the declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.registry.forms.register import GROUPS, Bound, Register, Reminder, catalogue, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msgspec import Struct

INDEX = "index.md"

_KINDS = {
    "text": "one line", "long-text": "text", "number": "number", "whole": "whole number", "day": "date",
    "span": "dates from–to", "yes-no": "yes or no (是/否)", "choice": "one of", "choices": "any of",
    "spot": "place on the map", "mark": "point on the picture", "link": "from a list", "file": "files",
    "picture": "pictures", "group": "rows", "block": "block",
}  # fmt: skip
_OWNERS = {
    "enterprise": "an enterprise",
    "agency": "a supervising agency",
    "either": "a supervising agency or an enterprise",
}
_GIVEN = {"owner": "the owner of the record", "row": "the number of the row"}
_DECLARED = (
    "Each is declared once under `central/registry/registers/`; check, table, JSON Schema, list, form, Excel "
    "template, import, export, history, review and these pages follow from that."
)
_UNCERTAIN = (
    "the customers' documents leave open what they ask, in which unit, or which choices there are. The forms "
    "say so too, and each page ends with its list."
)
_HEAD = "| Field | Asks for | Unit | Limits | Required | Note |\n|---|---|---|---|---|---|"
_WRITTEN = "<!-- Written by `fengsui central registers --write` from the declarations: edit those. -->"


def pages() -> dict[str, str]:
    """Every page by its file name, index included."""
    registers = catalogue().values()
    return {INDEX: _index(), **{f"{register.name}.md": _page(register) for register in registers}}


def every_field(record: type[Struct], labels: tuple[str, ...] = ()) -> Iterator[tuple[str, Bound]]:
    """All fields in order with their full label, such as "排水系统 / 水泵数量"; groups and blocks too."""
    for bound in fields_of(record):
        label = (*labels, bound.field.zh)
        yield " / ".join(label), bound
        if bound.inside is not None:
            yield from every_field(bound.inside, label)


def _values(register: Register) -> int:
    """How many values a record holds, each row of a group counted once."""
    return sum(bound.inside is None for _, bound in every_field(register.record))


def _uncertain(register: Register) -> list[tuple[str, Bound]]:
    return [(label, bound) for label, bound in every_field(register.record) if bound.field.uncertain]


# ── the index ─────────────────────────────────────────────────────────────────────────────────────────────


def _index() -> str:
    registers = list(catalogue().values())
    open_fields = sum(len(_uncertain(register)) for register in registers)
    lines = [
        "# Registers (台账)",
        "",
        _WRITTEN,
        "",
        f"{len(registers)} registers with {sum(map(_values, registers))} fields. {_DECLARED}",
        "",
        f"{open_fields} fields are *uncertain*: {_UNCERTAIN}",
    ]
    for group, title in GROUPS.items():
        of_group = [register for register in registers if register.group == group]
        if of_group:
            lines += ["", f"## {title}", "", "| Register | | Fields | Uncertain | Reviewed | Source |"]
            lines += ["|---|---|---|---|---|---|", *map(_index_row, of_group)]
    return "\n".join(lines) + "\n"


def _index_row(register: Register) -> str:
    reviewed = "yes" if register.reviewed else ""
    return (
        f"| [{_cell(register.zh)}]({register.name}.md) | {_cell(register.en)} | {_values(register)} "
        f"| {len(_uncertain(register)) or ''} | {reviewed} | {_cell(register.source)} |"
    )


# ── one page ──────────────────────────────────────────────────────────────────────────────────────────────


def _page(register: Register) -> str:
    lines = [
        f"# {register.zh}", "", _WRITTEN, "",
        f"{register.en} · `{register.name}` · [all registers]({INDEX})", "",
        "| | |", "|---|---|",
        *(f"| {name} | {_cell(words)} |" for name, words in _facts(register)),
        "", "## Fields", "",
        *_table(register.record, ()),
    ]  # fmt: skip
    if register.given:
        lines += ["", "## Printed on the form, typed by nobody", ""]
        lines += [f"- {given.zh}: {_given_by(register, given.by)}" for given in register.given]
    lines += ["", "## Uncertain fields", ""]
    uncertain = _uncertain(register)
    lines += [f"- **{label}**: {bound.field.note or 'not certain'}" for label, bound in uncertain]
    lines += [] if uncertain else ["None."]
    return "\n".join(lines) + "\n"


def _facts(register: Register) -> Iterator[tuple[str, str]]:
    names = {bound.name: bound.field.zh for bound in fields_of(register.record)}

    def said(fields: tuple[str, ...]) -> str:
        return "、".join(names[name] for name in fields)

    yield "Source", register.source or "–"
    yield "Group", GROUPS[register.group]
    yield "Belongs to", _OWNERS[register.owner] + (", which has one record" if register.single else "")
    yield "Asked of", f"sectors {', '.join(register.sectors)}" if register.sectors else "all sectors"
    yield "Written by", ", ".join(sorted(register.writers))
    yield (
        "Reviewed",
        "a record counts only after the supervising agency approved it" if register.reviewed else "no",
    )
    if register.dated:
        yield "Dated", "states follow each other by date; the past stays as it was"
    if register.shared:
        yield "Shared", "what an agency keeps here is read by everyone of its area"
    if register.coded:
        yield "Code", f"each record has one; whoever scans it reads {said(register.public) or 'no field'}"
    yield "Named by", names[register.title]
    yield "List", said(register.columns)
    yield "Filters", said(register.filters) or "–"
    if register.key:
        yield "Unique", f"{said(register.key)} (of one owner)"
    if register.open_days is not None:
        yield "Handed in", f"on its day or up to {register.open_days} days later"
    if register.check is not None:
        yield "Whole record", "is checked too: its fields must fit each other"
    if register.totals or register.tallies:
        yield "Totals", "、".join(filter(None, (said(register.totals), said(register.tallies))))
    yield "Reminders", "; ".join(_reminder(one, names) for one in register.reminders) or "none"


def _reminder(reminder: Reminder, names: dict[str, str]) -> str:
    when = (
        f"{reminder.days} days before {names[reminder.field]}" if reminder.field else "after the last change"
    )
    when = when if reminder.field else f"{reminder.days} days {when}"
    until = f", until {names[reminder.until]} is filled in" if reminder.until else ""
    return f"“{reminder.words}” {when}{until}"


def _given_by(register: Register, by: str) -> str:
    if by in _GIVEN:
        return _GIVEN[by]
    link, _, name = by.partition(".")
    leads = next(bound.field for bound in fields_of(register.record) if bound.name == link)
    there = next(bound.field.zh for bound in fields_of(catalogue()[leads.to].record) if bound.name == name)
    return f"{there} of [{catalogue()[leads.to].zh}]({leads.to}.md), to which {leads.zh} leads"


def _table(record: type[Struct], labels: tuple[str, ...]) -> list[str]:
    """The fields of a block, and below it a table for each block or group inside."""
    lines = [_HEAD]
    inner: list[str] = []
    for bound in fields_of(record):
        lines.append(_row(bound, record))
        if bound.inside is not None:
            label = (*labels, bound.field.zh)
            inner += ["", f"### {' / '.join(label)}", "", *_table(bound.inside, label)]
    return lines + inner


def _row(bound: Bound, record: type[Struct]) -> str:
    field = bound.field
    asks = _KINDS[field.kind]
    if field.choices:
        asks += ": " + " · ".join(f"{choice.zh}" for choice in field.choices)
    if field.to:
        asks += f" ({field.to})"
    notes = [field.note] if field.note else []
    if field.when is not None:
        notes.append(f"asked when {_condition(bound, record)}")
    if field.personal:
        notes.append("personal, masked")
    if field.uncertain:
        notes.append("*uncertain*")
    cells = (f"{field.zh}<br>{field.en} `{bound.name}`", asks, field.unit, _limits(bound),
             "yes" if field.required else "", "; ".join(notes))  # fmt: skip
    return f"| {' | '.join(map(_cell, cells))} |"


def _condition(bound: Bound, record: type[Struct]) -> str:
    assert bound.field.when is not None
    when = bound.field.when
    on = next(other.field for other in fields_of(record) if other.name == when.field)
    words = {"yes": "是", "no": "否"} | {choice.code: choice.zh for choice in on.choices}
    return f"{on.zh} is {' or '.join(words[code] for code in when.values)}"


def _limits(bound: Bound) -> str:
    field = bound.field
    match field.kind:
        case "number" | "whole":
            low = "" if field.low is None else f"from {field.low:g}"
            high = "" if field.high is None or field.high >= 10**12 else f"to {field.high:g}"
            return " ".join(filter(None, (low, high)))
        case "text" | "long-text":
            return f"{field.longest} characters" + (f", {field.pattern_words}" if field.pattern_words else "")
        case "file" | "picture":
            return f"{field.longest} files"
        case "group":
            return f"{field.longest} rows"
        case _:
            return ""


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
