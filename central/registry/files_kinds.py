"""What kind of file something is, by its content alone; pure but for looking into a zip's list of names.

Sources: the signatures of the formats themselves (from memory): PNG 1.2 §3.1, JPEG SOI (ITU-T T.81 B.1.1),
WebP and AVI in RIFF, ISO 14496-12 `ftyp`, MS-CFB §2.2, ISO/IEC 29500-2, GB/T 33190 (OFD), AutoCAD "AC10".
"""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, Final

from msgspec import Struct

HEAD_BYTES: Final = 4096
_MOST_NAMES: Final = 20_000
_LONGEST_LIST: Final = 4 << 20


class Kind(Struct, frozen=True):
    """A kind of file that may be attached.

    Attributes:
        media_type: what browsers are told.
        words: what people are told.
        endings: of file names, the first is given to one that has another.
        picture: whether Pillow may look at it.
    """

    media_type: str
    words: str
    endings: tuple[str, ...]
    picture: bool = False


JPEG = Kind("image/jpeg", "JPEG 图片", (".jpg", ".jpeg"), True)
PNG = Kind("image/png", "PNG 图片", (".png",), True)
WEBP = Kind("image/webp", "WebP 图片", (".webp",), True)
GIF = Kind("image/gif", "GIF 图片", (".gif",), True)
BMP = Kind("image/bmp", "BMP 图片", (".bmp",), True)
PDF = Kind("application/pdf", "PDF", (".pdf",))
MP4 = Kind("video/mp4", "MP4 视频", (".mp4", ".m4v", ".mov"))
TEXT = Kind("text/plain", "文本", (".txt", ".csv"))
OLD_OFFICE = Kind(
    "application/x-ole-storage", "Office 97 或 WPS 文档", (".doc", ".xls", ".ppt", ".wps", ".et", ".dps")
)
DRAWING = Kind("image/vnd.dwg", "CAD 图纸", (".dwg",))
OFD = Kind("application/ofd", "OFD 版式文档", (".ofd",))
_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = Kind(_OFFICE + "wordprocessingml.document", "Word 文档", (".docx",))
SHEET = Kind(_OFFICE + "spreadsheetml.sheet", "Excel 表格", (".xlsx",))
SLIDES = Kind(_OFFICE + "presentationml.presentation", "PowerPoint 演示文稿", (".pptx",))
ALLOWED: Final = (
    JPEG, PNG, WEBP, GIF, BMP, PDF, MP4, TEXT, OLD_OFFICE, DRAWING, OFD, WORD, SHEET, SLIDES,
)  # fmt: skip
BY_MEDIA_TYPE: Final = {kind.media_type: kind for kind in ALLOWED}
PICTURES: Final = frozenset(kind.media_type for kind in ALLOWED if kind.picture)
ALLOWED_WORDS: Final = "、".join(kind.words for kind in ALLOWED)

_CFB = bytes.fromhex("d0cf11e0a1b11ae1")
_MACROS = "vbaproject.bin"
_MOVIES = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"qt  ")


def kind_of(source: IO[bytes]) -> tuple[Kind | None, str]:
    """Says what a file is.

    Args:
        source: the whole file, seekable; its position afterwards is its beginning.

    Returns:
        The kind and "", or None and what is wrong in plain Chinese.
    """
    source.seek(0)
    head = source.read(HEAD_BYTES)
    source.seek(0)
    kind = _by_signature(head)
    if kind is not None:
        return kind, ""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        try:
            return _in_zip(source)
        finally:
            source.seek(0)
    # A page or a drawing that a browser would run is text, too; so is a script.
    if _is_text(head) and not _is_markup(head):
        return TEXT, ""
    return None, f"不支持这种文件。可以上传：{ALLOWED_WORDS}。"


def _by_signature(head: bytes) -> Kind | None:
    for kind, signature in (
        (JPEG, b"\xff\xd8\xff"), (PNG, b"\x89PNG\r\n\x1a\n"), (PDF, b"%PDF-"), (GIF, b"GIF87a"),
        (GIF, b"GIF89a"), (OLD_OFFICE, _CFB), (DRAWING, b"AC10"),
    ):  # fmt: skip
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _MOVIES:
        return MP4
    # The length in the header of a bitmap is often wrong; reserved words are zero, its own header is short.
    if (
        head[:2] == b"BM"
        and head[6:10] == bytes(4)
        and int.from_bytes(head[14:18], "little") in {12, 40, 108, 124}
    ):
        return BMP
    return None


def _in_zip(source: IO[bytes]) -> tuple[Kind | None, str]:
    """Office documents and OFD are zips; nothing is unpacked, only their names are read."""
    broken = None, "文件已损坏，无法打开：请重新导出后再上传。"
    try:
        source.seek(0, 2)
        if _directory_bytes(source) > _LONGEST_LIST:
            return broken
        with zipfile.ZipFile(source) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError):
        return broken
    if len(names) > _MOST_NAMES:
        return broken
    lower = {name.lower() for name in names}
    if any(name.rsplit("/", 1)[-1] == _MACROS for name in lower):
        return None, "文件含有宏，不能上传：请另存为不含宏的文档（docx、xlsx、pptx）。"
    if "ofd.xml" in lower:
        return OFD, ""
    if "[content_types].xml" in lower:
        for folder, kind in (("word/", WORD), ("xl/", SHEET), ("ppt/", SLIDES)):
            if any(name.startswith(folder) for name in lower):
                return kind, ""
    return None, "不支持压缩包：请解压后逐个上传文件。"


def _directory_bytes(source: IO[bytes]) -> int:
    """How long a zip says that its list of names is (APPNOTE 4.3.16), so that a huge one is not even read."""
    size = source.seek(0, 2)
    source.seek(max(0, size - 66_000))
    tail = source.read()
    at = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    # The last character may be cut in the middle.
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return all(letter.isprintable() or letter in "\r\n\t\ufeff\u3000\u00a0" for letter in text)
    return False


def _is_markup(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return (
        start.startswith((b"<", b"#!", b"{\\rtf")) or b"<script" in head.lower() or b"<html" in head.lower()
    )


def fitting_name(name: str, kind: Kind) -> str:
    """A file name that is safe to show and to save: no path, no control characters, the ending of its kind.

    Args:
        name: as it came, from any system.
        kind: what the file is.

    Returns:
        At most 120 characters.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if dot and f".{ending.lower()}" in kind.endings:
        return f"{stem.strip(' .')[:110] or '文件'}.{ending.lower()}"
    return f"{shown[:110] or '文件'}{kind.endings[0]}"
