"""An import as people see it: how far it is, and what is wrong with which row."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class ImportProblem(Struct, frozen=True):
    """One thing that is wrong: sheet and row of the file, head of the column, problem and remedy."""

    sheet: str
    row: int
    column: str
    problem: str
    remedy: str


class Import(Struct, frozen=True, kw_only=True):
    """One file on its way into a register.

    Attributes:
        state: waiting, running, checked (a dry run ended; nothing was written), done or failed.
        total: rows of the file; null until it was read.
        done: rows that were dealt with: created + changed + unchanged + bad.
        submit: whether records count at once (or wait for review); otherwise they become drafts.
        overwrite: rows whose records changed since the file was taken away are written all the same, as far
            as the file changes them.
        outdated: of the bad rows those that were refused for that reason.
        notices: what people should know, such as formulas that were read as their results.
        error: why the file as a whole failed.
        problems: of the first bad rows; the report has all.
        may_run: a dry run that can be carried out as it is.
    """

    id: int
    register: str
    register_title: str
    file_name: str
    bytes: int
    dry_run: bool
    submit: bool
    overwrite: bool
    state: str
    total: int | None
    done: int
    created: int
    changed: int
    unchanged: int
    bad: int
    outdated: int
    notices: list[str]
    error: str
    problems: list[ImportProblem]
    may_run: bool
    created_at: datetime
    began_at: datetime | None
    ended_at: datetime | None


class ImportPage(Struct, frozen=True):
    items: list[Import]
    next: str | None
