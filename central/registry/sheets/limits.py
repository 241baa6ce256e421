"""How much a file may hold before anybody unpacks it; what is over is refused by size, not by patience."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Final

from central.db.errors import DomainError, FieldProblem

MOST_BYTES: Final = 20 << 20
MOST_ROWS: Final = 100_000
MOST_CELLS: Final = 5_000_000
MOST_COLUMNS: Final = 1_000
MOST_AREA: Final = 40_000_000  # a sheet is laid out whole, with what is empty in it: 24 to 32 bytes a cell
_MOST_UNPACKED: Final = 400 << 20
_MOST_PART: Final = 300 << 20
_MOST_RATIO: Final = 250  # real sheets shrink 10 to 60 times
_SMALL: Final = 4 << 20  # what stays this small may shrink as it likes
_MOST_PARTS: Final = 500
_MOST_LIST_BYTES: Final = 256 << 10  # of the list of these parts
_END: Final = struct.Struct("<4s8xLL2x")  # APPNOTE 4.3.16: length and place of the list
_END_64: Final = struct.Struct("<4s36xQQ")  # APPNOTE 4.3.14
_TAIL: Final = 66_000  # beyond the longest comment at the end
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def form_of(content: bytes) -> str:
    """Whether a file is "xlsx" or "csv", by what it begins with and not by its name.

    Raises:
        DomainError: 400, what is wrong and what to do; 413 too large, packed or unpacked.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    if not content.strip():
        raise refused("文件是空的，请选择填好的文件。")
    if content.startswith(_OLE):
        raise refused(
            "这是旧版 Excel（.xls）或加密的文件，请去掉密码并另存为“Excel 工作簿（.xlsx）”后再上传。"
        )
    if content.startswith(_ZIP):
        _look_into(content)
        return "xlsx"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if b"\0" in content[:65536]:
        raise refused("这不是表格文件，请上传 .xlsx 或 .csv 文件。")
    return "csv"


def too_large() -> DomainError:
    """413: what the most is, and the way out."""
    words = f"文件超过 {MOST_BYTES >> 20} MB，请拆分为几个文件后分别导入。"
    return DomainError("file-too-large", words, 413, [FieldProblem("file", words)])


def refused(words: str) -> DomainError:
    """400: a file that is no table of ours."""
    return DomainError("file-unreadable", words, 400, [FieldProblem("file", words)])


def _look_into(content: bytes) -> None:
    """Judges a workbook by the directory of its archive; nothing is unpacked."""
    if _list_bytes(content) > _MOST_LIST_BYTES:
        raise _unfolds()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as exc:
        raise refused("文件不完整或已损坏，请重新保存后再上传。") from exc
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise refused("这不是 Excel 工作簿，请上传 .xlsx 或 .csv 文件。")
    if any(part.flag_bits & 0x1 for part in parts):
        raise refused("文件有密码，请去掉密码后再上传。")
    unpacked = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if (
        len(parts) > _MOST_PARTS
        or len(names) < len(parts)
        or unpacked > _MOST_UNPACKED
        or any(part.file_size > _MOST_PART for part in parts)
        or dense
        or _overlap(parts)
    ):
        raise _unfolds()


def _unfolds() -> DomainError:
    words = "文件解压后过大，已拒绝读取；请只保留需要导入的工作表，另存后再上传。"
    return DomainError("file-too-large", words, 413, [FieldProblem("file", words)])


def _list_bytes(content: bytes) -> int:
    """How long an archive says that its list of parts is; reading a long one takes seconds by itself."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - _TAIL))
    if at < 0 or at + _END.size > len(content):
        return 0
    size: int = _END.unpack_from(content, at)[1]
    large = content.rfind(b"PK\x06\x06", max(0, at - _TAIL), at)
    if large >= 0 and large + _END_64.size <= len(content):
        size = max(size, _END_64.unpack_from(content, large)[1])
    return size


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Whether parts share their bytes, as in archives that unpack to more than they could hold."""
    ends = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < ends:
            return True
        ends = part.header_offset + 30 + part.compress_size
    return False
