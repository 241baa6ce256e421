"""Files that people bring for a register: asked for, looked at, carried out after a dry run, reported."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from central.clock import database_now
from central.db.errors import DomainError, ForbiddenError, NotFoundError
from central.identity import service as identity
from central.registry import imports_store as store
from central.registry import records_rules as rules
from central.registry.forms.register import catalogue
from central.registry.imports_models import Import, ImportProblem
from central.registry.sheets import layout, limits

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.forms.register import Register
    from central.registry.sheets.reading import Row

_MOST_OPEN = 5
_SHOWN_ROWS = 20
_LONGEST_NAME = 200


async def ask(
    conn: Connection,
    person: Person,
    register: Register,
    file_name: str,
    content: bytes,
    *,
    dry_run: bool,
    submit: bool,
    overwrite: bool = False,
) -> Import:
    """Takes a file in; a worker reads it soon after.

    Args:
        conn: a transaction of the person's scope.
        person: who imports; rows are judged with what this person may at the time they are written.
        register: of which register.
        file_name: as the person calls it.
        content: of the file.
        dry_run: only says what would happen.
        submit: whether records count at once, or wait for review; otherwise they become drafts.
        overwrite: rows whose records changed since the file was taken away write what they change all the
            same; otherwise they are refused.

    Raises:
        ForbiddenError: the person does not fill in this register.
        DomainError: 400 no table, 413 too large, 409 too many files wait already.
    """
    if not rules.writes(person, register):
        raise ForbiddenError("您的账号不能填报这个台账。")
    if person.key_prefix:
        raise ForbiddenError("接口密钥不能导入文件，请登录后办理。")
    limits.form_of(content)
    if await store.open_jobs(conn, person.account_id) >= _MOST_OPEN:
        raise DomainError("too-many-imports", f"您已有 {_MOST_OPEN} 个文件正在导入，请等其中一个完成。", 409)
    digest = hashlib.sha256(content).hexdigest()
    name = file_name.replace("\\", "/").rpartition("/")[2].replace("\0", "")[-_LONGEST_NAME:] or "未命名"
    number = await store.insert_job(
        conn, register.name, person.account_id, name, content, digest, dry_run=dry_run, submit=submit,
        overwrite=overwrite, now=await database_now(conn),
    )  # fmt: skip
    await identity.audit(
        conn, "import-asked", "import", number,
        after={
            "register": register.name, "file": name, "sha256": digest, "dry_run": dry_run, "submit": submit,
            "overwrite": overwrite,
        },
    )  # fmt: skip
    return await one(conn, number)


async def run(conn: Connection, import_id: int, *, overwrite: bool = False) -> Import:
    """Carries out what a dry run tried.

    Args:
        conn: a transaction of the person's scope.
        import_id: which.
        overwrite: writes rows whose records changed since the file was taken away as well.

    Raises:
        NotFoundError: there is none of this person.
        DomainError: 409 it is no dry run that ended, or its file is kept no longer.
    """
    found = await one(conn, import_id)
    if found.state != "checked":
        raise DomainError("wrong-state", "只有试导入完成后才能正式导入。", 409)
    if not await store.start_again(conn, import_id, overwrite=overwrite):
        raise DomainError("file-gone", "文件已过保留期，请重新上传。", 409)
    await identity.audit(
        conn, "import-asked", "import", import_id, after={"dry_run": False, "overwrite": overwrite}
    )
    return await one(conn, import_id)


async def one(conn: Connection, import_id: int) -> Import:
    """An import with its first problems.

    Raises:
        NotFoundError: there is none of this person.
    """
    found = await store.jobs(conn, import_id)
    if not found:
        raise NotFoundError("没有找到这次导入。")
    rows = await store.bad_rows(conn, import_id, -1, _SHOWN_ROWS)
    return _import(found[0], [problem for _, row in rows for problem in _problems(row)])


async def newest(conn: Connection, before: int | None, register: str, limit: int) -> list[Import]:
    """A person's imports, newest first, without their problems."""
    return [_import(row, []) for row in await store.jobs(conn, None, before, register, limit)]


async def bad_rows(conn: Connection, import_id: int, after: int, limit: int) -> list[tuple[int, Row]]:
    """Bad rows in the order of the file, after a place in it."""
    return await store.bad_rows(conn, import_id, after, limit)


async def dictionary_words(conn: Connection, register: Register) -> dict[str, dict[str, str]]:
    """The code of each word of the dictionaries that a register links to."""
    return await store.words(conn, dictionaries_of(register))


def dictionaries_of(register: Register) -> list[str]:
    """The dictionaries that a register links to, sorted."""
    return sorted(
        {
            leaf.field.to.removeprefix("dictionary/")
            for sheet in layout.laid_out(register).walk()
            for leaf in sheet.leaves
            if leaf.field.to.startswith("dictionary/")
        }
    )


def _problems(row: Row) -> list[ImportProblem]:
    return [ImportProblem(row.sheet, row.number, p.column, p.problem, p.remedy) for p in row.problems]


def _import(row: asyncpg.Record, problems: list[ImportProblem]) -> Import:
    register = catalogue().get(row["register"])
    fields = {name: row[name] for name in Import.__struct_fields__ if name in row.keys()}  # noqa: SIM118
    return Import(
        **fields,
        register_title=register.zh if register else row["register"],
        problems=problems,
        may_run=row["state"] == "checked"
        and row["has_content"]
        and row["done"] > row["bad"] - row["outdated"],
    )
