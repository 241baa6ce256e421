"""The console's built files at `/`; every address that is no file is a page of the console."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path

from litestar import MediaType, Response, get
from litestar.params import FromPath

from central.db.errors import NotFoundError

DIST = Path(__file__).parent.parent / "console" / "dist"

# Addresses of the API: a wrong one is an answer for a program, not a page.
_NOT_PAGES = ("api", "health", "schema", "metrics")

_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>烽燧 Fengsui</title>
<body style="font-family:sans-serif;max-width:40rem;margin:4rem auto;line-height:1.7">
<h1>烽燧 Fengsui</h1><p>服务正在运行，但控制台页面尚未构建。</p>
<p>The server is running; the console has not been built yet. Run <code>make console</code> in the source tree
and load this page again.</p>
<p><a href="/schema/openapi.json">OpenAPI</a> · <a href="/health/ready">/health/ready</a></p></body></html>"""


def _read(path: str) -> tuple[bytes, str] | None:
    target = (DIST / path).resolve()
    if not target.is_relative_to(DIST.resolve()) or not target.is_file():
        return None
    kind = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
    return target.read_bytes(), kind


async def _page() -> Response[bytes]:
    index = await asyncio.to_thread(_read, "index.html")
    if index is None:
        return Response(_NOT_BUILT.encode(), media_type=MediaType.HTML, headers={"cache-control": "no-store"})
    return Response(index[0], media_type=MediaType.HTML, headers={"cache-control": "no-cache"})


@get("/", include_in_schema=False, opt={"public": True})
async def home() -> Response[bytes]:
    """The console."""
    return await _page()


@get("/{path:path}", include_in_schema=False, opt={"public": True})
async def file(path: FromPath[str]) -> Response[bytes]:
    """A file of the console, or the console itself for its own addresses.

    Raises:
        NotFoundError: an address of the API that does not exist, or a file that is not there.
    """
    name = path.lstrip("/")
    if name.split("/", 1)[0] in _NOT_PAGES:
        raise NotFoundError("没有找到这个地址。")
    found = None if "\0" in name else await asyncio.to_thread(_read, name)
    if found is None:
        folder, _, last = name.rpartition("/")
        # Elsewhere it is part of what a person was given, a damaged code for example: the page says so.
        if "." in last and (folder in {"", "assets"} or ".." in name):
            raise NotFoundError("没有找到这个文件。")
        return await _page()
    # Names under assets/ carry the hash of their content.
    caching = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    return Response(found[0], media_type=found[1], headers={"cache-control": caching})
