"""Refuses to start where the database would not enforce jurisdiction: roles too strong, tables open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.errors import ConfigurationError
from central.db.pool import connect

if TYPE_CHECKING:
    from central.db.pool import Connection, DatabaseUrls

# Tables without forced row level security, each with its reason. Partitions need none as long as no role may
# reach them but through their parent, whose policy holds; that is checked instead.
EXEMPT: dict[str, str] = {}

_ROLE = """
SELECT current_user AS name, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
       pg_has_role(current_user, 'fengsui_owner', 'MEMBER') AS owner,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relowner = r.oid) AS owns,
       current_setting('plan_cache_mode') AS plan_cache_mode
FROM pg_roles r WHERE r.rolname = current_user
"""

_OPEN_TABLES = """
SELECT c.relname AS name,
       CASE WHEN NOT (c.relrowsecurity AND c.relforcerowsecurity) THEN 'row level security is not forced'
            ELSE 'no policy' END AS fault
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
UNION ALL
SELECT c.relname, 'a partition may be read past its parent''s policy'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relispartition AND c.relkind IN ('r', 'p')
  AND has_table_privilege('fengsui_web', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
UNION ALL
SELECT c.relname, 'a view that reads with its owner''s eyes (security_invoker is off)'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'v'
  AND NOT coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false)
UNION ALL
SELECT c.relname, 'a materialised view has no row level security'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'm'
ORDER BY 1
"""


async def open_tables(conn: Connection) -> list[str]:
    """Sentences about every table or view that would show rows without a policy; empty is good."""
    rows = await conn.fetch(_OPEN_TABLES)
    return [f"{r['name']}: {r['fault']}" for r in rows if r["name"] not in EXEMPT]


async def role_faults(conn: Connection) -> list[str]:
    """Sentences about what the connected role may do and should not; empty is good."""
    role = await conn.fetchrow(_ROLE)
    assert role is not None
    faults = {
        "is a superuser": role["rolsuper"],
        "may bypass row level security": role["rolbypassrls"],
        "may make roles": role["rolcreaterole"],
        "is a member of the owner": role["owner"],
        "owns tables": role["owns"],
        "does not plan each statement anew (plan_cache_mode must be force_custom_plan)": (
            role["plan_cache_mode"] != "force_custom_plan"
        ),
    }
    return [f"role {role['name']} {fault}" for fault, found in faults.items() if found]


async def refuse_unsafe(urls: DatabaseUrls) -> None:
    """Looks through the eyes of both application roles.

    Raises:
        ConfigurationError: names everything that is wrong.
    """
    faults: list[str] = []
    for url in (urls.web, urls.worker):
        conn = await connect(url)
        try:
            faults += await role_faults(conn)
            if url == urls.worker:
                faults += await open_tables(conn)
        finally:
            await conn.close()
    if faults:
        raise ConfigurationError("the database would not enforce jurisdiction: " + "; ".join(faults))
