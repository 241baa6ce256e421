from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError, NotFoundError
from central.db.pool import Database
from central.db.scope import Actor, Scope, acting, scoped
from central.registry import service
from central.registry.models import NewEnterprise
from tests.central import county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_an_enterprise_stands_in_its_region(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            async with acting(db.worker) as conn:
                found = await service.enterprise_by_code(conn, "E1")
                assert found.place == "429981101/E1"
                assert found.region_name == "青石镇"
                assert found.agency_name == "青石镇应急办"
                await conn.execute(
                    "UPDATE enterprise SET region_code = '429981102', place = 'x' WHERE id = $1", found.id
                )
                assert (await service.enterprise(conn, found.id)).place == "429981102/E1"

    asyncio.run(run())


def test_an_enterprise_of_elsewhere_does_not_exist(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            async with scoped(db.web, Scope.region("429981102"), Actor(3, "township")) as conn:
                with pytest.raises(NotFoundError):
                    await service.enterprise_by_code(conn, "E1")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"credit_code": "91330100799655058C"}, "invalid"),
        ({"code": "E1"}, "enterprise-code-taken"),
        ({"credit_code": county.credit_code(1)}, "credit-code-taken"),
        ({"region_code": "110101"}, "region-unknown"),
        ({"agency_id": 999}, "agency-unknown"),
        ({"code": "has space"}, "enterprise-code-form"),
    ],
)
def test_what_is_wrong_is_told_in_words(
    database: DatabaseUrls, changed: dict[str, object], code: str
) -> None:
    facts: dict[str, object] = {
        "code": "E77", "name": "新企业", "credit_code": county.credit_code(77), "region_code": "429981101",
    }  # fmt: skip

    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            with pytest.raises(DomainError) as caught:
                async with acting(db.worker) as conn:
                    await service.register(conn, NewEnterprise(**{**facts, **changed}))  # type: ignore[arg-type]
            assert caught.value.code == code

    asyncio.run(run())
