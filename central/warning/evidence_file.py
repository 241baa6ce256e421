"""The form of an evidence pack, and the proof that no byte of one was changed, taken away or put in.

A pack is a zip file of which every byte follows from its manifest: the manifest is signed, it holds of each
file the SHA-256 of its content and of its bytes as they lie in the pack, and all that stands around them
(headers, directory, end) is computed from it and compared. Nothing but the standard library and
`cryptography` is needed: this file alone verifies a pack, without the product and without its database:

    python evidence_file.py PACK.zip CENTRE-KEY
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import mmap
import struct
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT: Final = "fengsui-evidence-1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
# Keeps these signatures apart from frames, commands and audit heads, which the same key signs.
DOMAIN: Final = b"fengsui-evidence-v1\n"
MOST_BYTES: Final = (1 << 32) - 1  # of a zip file without its 64-bit form
_BLOCK: Final = 1 << 20

# APPNOTE.TXT 6.3.3 of PKWARE, 4.3.7, 4.3.12, 4.3.16; the date is the first that a zip file knows.
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<IHHHHIIH")
_UTF8: Final = 0x0800
_DATE: Final = 0x21
_READABLE: Final = 0o100644 << 16
_START: Final = f'{{"format":"{FORMAT}"'.encode()
_SIGNATURE_START: Final = b'{"key":"'


@dataclass(frozen=True)
class Member:
    """A file of a pack: size, CRC-32 and hash of its content; size and hash of its bytes as they lie."""

    path: str
    title: str
    size: int
    sha256: str
    crc32: int
    packed: bool
    packed_size: int
    packed_sha256: str

    @staticmethod
    def read(said: Any) -> Member:
        """A line of the manifest.

        Raises:
            ValueError: it is none.
        """
        kinds = {
            "path": str, "title": str, "size": int, "sha256": str, "crc32": int, "packed": bool,
            "packed_size": int, "packed_sha256": str,
        }  # fmt: skip
        if not isinstance(said, dict) or any(
            type(said.get(name)) is not kind for name, kind in kinds.items()
        ):
            raise ValueError("not a file of a manifest")
        found = Member(**{name: said[name] for name in kinds})
        if not all(0 <= number <= MOST_BYTES for number in (found.size, found.crc32, found.packed_size)):
            raise ValueError("not a file of a manifest")
        return found


def plain(path: str, content: bytes) -> Member:
    """A file that lies in the pack as it is."""
    digest = hashlib.sha256(content).hexdigest()
    return Member(path, "", len(content), digest, zlib.crc32(content), False, len(content), digest)


def local_header(member: Member) -> bytes:
    """What stands before a file."""
    name = member.path.encode()
    return (
        _LOCAL.pack(
            0x04034B50, 20, _UTF8, 8 if member.packed else 0, 0, _DATE, member.crc32, member.packed_size,
            member.size, len(name), 0,
        )
        + name
    )  # fmt: skip


def directory(members: list[tuple[int, Member]], begins: int) -> bytes:
    """What stands behind all files: one line for each, with where it begins, and the end."""
    lines = b""
    for offset, member in members:
        name = member.path.encode()
        lines += (
            _CENTRAL.pack(
                0x02014B50, 3 << 8 | 20, 20, _UTF8, 8 if member.packed else 0, 0, _DATE, member.crc32,
                member.packed_size, member.size, len(name), 0, 0, 0, 0, _READABLE, offset,
            )
            + name
        )  # fmt: skip
    return lines + _END.pack(0x06054B50, 0, 0, len(members), len(members), len(lines), begins, 0)


def signature_text(public: bytes, signature: bytes) -> bytes:
    """The content of the signature's file."""
    words = {"key": base64.b64encode(public).decode(), "signature": base64.b64encode(signature).decode()}
    return json.dumps(words, separators=(",", ":")).encode() + b"\n"


_SIGNATURE_SIZE: Final = len(signature_text(bytes(32), bytes(64)))


# --- the proof ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was signed: where, and what, in plain words."""

    where: str
    words: str


@dataclass
class Report:
    """What a pack is, and what is wrong with it."""

    findings: list[Finding] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    files: int = 0
    key: str = ""
    key_given: bool = False

    @property
    def sound(self) -> bool:
        """Whether every byte is as the centre signed it."""
        return not self.findings

    def find(self, where: str, words: str) -> None:
        """Note something that is wrong."""
        self.findings.append(Finding(where, words))


def verify(path: Path, public: bytes | None = None) -> Report:
    """Compare a pack with what was signed of it, byte for byte.

    Args:
        path: the file.
        public: the centre's key, 32 bytes, as it was told by another way; None believes the one in the pack,
            which proves only that the pack is whole, not whose it is.

    Raises:
        OSError: the file cannot be read.
    """
    report = Report(key_given=public is not None)
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            report.find("整个文件", "文件是空的")
            return report
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            _Proof(raw, report, public).run()
    return report


class _Proof:
    """One walk from the manifest through everything that must stand around it."""

    def __init__(self, raw: mmap.mmap, report: Report, public: bytes | None) -> None:
        self.raw = raw
        self.report = report
        self.public = public
        self.at = 0
        self.placed: list[tuple[int, Member]] = []
        self.expected = 0  # where the walk would be, had nothing been put in or taken away

    def run(self) -> None:
        begin = self.raw.rfind(_START)
        if begin < 0:
            self.report.find(
                MANIFEST, "清单缺失，或其开头被改动：这不是完整的证据包，其中任何文件都无法证明。"
            )
            return
        end = self.raw.find(b"\n", begin) + 1
        manifest = bytes(self.raw[begin : end or len(self.raw)])
        signed = self.raw.find(_SIGNATURE_START, begin + len(manifest))
        signature = bytes(self.raw[signed : signed + _SIGNATURE_SIZE]) if signed >= 0 else b""
        self._signature(manifest, signature)
        try:
            said = json.loads(manifest)
            members = [Member.read(line) for line in said["files"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.report.find(MANIFEST, "清单的内容被改动，已无法读取：其中任何文件都无法证明。")
            return
        self.report.manifest, self.report.files = said, len(members)
        for member in members:
            self._member(member)
        self._member(plain(MANIFEST, manifest))
        if len(signature) == _SIGNATURE_SIZE:
            self._member(plain(SIGNATURE, signature))
        self._end()

    def _signature(self, manifest: bytes, text: bytes) -> None:
        if not text:
            self.report.find(SIGNATURE, "签名缺失，或其开头被改动：无法证明清单出自哪个中心。")
            return
        try:
            said = json.loads(text)
            key = base64.b64decode(said["key"], validate=True)
            signature = base64.b64decode(said["signature"], validate=True)
            if signature_text(key, signature) != text:
                raise ValueError("written in another way")
        except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
            self.report.find(SIGNATURE, "签名文件的内容被改动，或文件在此中断。")
            return
        self.report.key = said["key"]
        if self.public is not None and key != self.public:
            self.report.find(
                SIGNATURE, "签名所用的密钥不是给定的中心密钥：证据包出自别处，或整包被重新制作。"
            )
            return
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, DOMAIN + manifest)
        except (InvalidSignature, ValueError):
            self.report.find(MANIFEST, "签名与清单不符：清单或签名被改动，其中所列内容均不可信。")

    def _member(self, member: Member) -> None:
        """A header as it must be, then bytes with the hash that was signed."""
        header = local_header(member)
        where = member.path
        if self.raw[self.at : self.at + len(header)] != header:
            found = self.raw.find(header)
            if found < 0:
                missing = self.raw.find(member.path.encode()) < 0
                words = "文件缺失。" if missing else "文件头（名称、大小、校验码或日期）被改动，或文件缺失。"
                self.report.find(where, words)
            elif found > self.at:
                self.report.find(where, f"此文件之前多出 {found - self.at} 个字节（第 {self.at} 字节起）。")
                self.at = found
            else:
                self.report.find(where, f"此文件之前缺少 {self.at - found} 个字节（第 {found} 字节之前）。")
                self.at = found
        self.placed.append((self.expected, member))
        self.at += len(header)
        self._content(member)
        self.at += member.packed_size
        self.expected += len(header) + member.packed_size

    def _content(self, member: Member) -> None:
        end = self.at + member.packed_size
        if end > len(self.raw):
            self.report.find(member.path, f"文件在此中断：还缺 {end - len(self.raw)} 个字节。")
            return
        digest = hashlib.sha256()
        for start in range(self.at, end, _BLOCK):
            digest.update(self.raw[start : min(start + _BLOCK, end)])
        if digest.hexdigest() != member.packed_sha256:
            self.report.find(
                member.path, f"内容被改动（第 {self.at} 至 {end - 1} 字节之间），与签名时的 SHA-256 不符。"
            )
            return
        self._unpacked(member, end)

    def _unpacked(self, member: Member, end: int) -> None:
        """What a reader's program unpacks is what was signed, too."""
        digest, size = hashlib.sha256(), 0
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.packed else None
        try:
            for start in range(self.at, end, _BLOCK):
                block: bytes = self.raw[start : min(start + _BLOCK, end)]
                while block and size <= member.size:
                    if inflate is None:
                        out, block = block, b""
                    else:
                        out, block = inflate.decompress(block, _BLOCK), inflate.unconsumed_tail
                    digest.update(out)
                    size += len(out)
        except zlib.error:
            size = -1
        if size != member.size or digest.hexdigest() != member.sha256:
            self.report.find(member.path, "解压后的内容与清单所列大小或 SHA-256 不符。")

    def _end(self) -> None:
        wanted = directory(self.placed, self.expected)
        rest = bytes(self.raw[self.at : self.at + len(wanted)])
        if rest != wanted:
            whole = self.raw.rfind(wanted)
            if whole > self.at:
                self.report.find(
                    "文件目录", f"目录之前多出 {whole - self.at} 个字节（第 {self.at} 字节起）。"
                )
                self.at = whole
            elif wanted.startswith(rest):
                self.report.find("文件目录", f"文件在末尾中断：还缺 {len(wanted) - len(rest)} 个字节。")
            else:
                first = next(
                    (n for n, (a, b) in enumerate(zip(rest, wanted, strict=False)) if a != b), len(rest)
                )
                self.report.find("文件目录", f"末尾的文件目录被改动（第 {self.at + first} 字节）。")
        more = len(self.raw) - self.at - len(wanted)
        if more > 0:
            self.report.find("文件末尾", f"末尾之后多出 {more} 个字节。")


def read_key(words: str) -> bytes:
    """The centre's public key: base64, or the name of a file that holds it.

    Raises:
        ValueError: neither.
    """
    path = Path(words)
    text = path.read_text(encoding="utf-8") if len(words) < 200 and path.is_file() else words
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error) as exc:
        raise ValueError(f"{words} is neither a file nor a public key in base64") from exc
    if len(key) != 32:
        raise ValueError(f"a public key has 32 bytes, not {len(key)} (fengsui central audit key shows it)")
    return key


def lines(report: Report) -> list[str]:
    """A report in plain words."""
    said = [f"{finding.where}：{finding.words}" for finding in report.findings]
    if report.sound:
        warning = report.manifest.get("warning", {})
        said.append(
            f"完好：{report.files} 个文件与中心于 {report.manifest.get('made_at')} 签名时逐字节一致"
            f"（预警 {warning.get('number')}，"
            f"审计链位置 {report.manifest.get('audit', {}).get('position')}）。"
        )
    else:
        said.append(f"不可采信：发现 {len(report.findings)} 处与签名不符。")
    if not report.key_given and report.key:
        said.append(
            f"未给定中心密钥，只与包内所附密钥 {report.key} 核对；请另行取得中心公钥后以 --key 再次核验。"
        )
    return said


def main(words: list[str]) -> int:
    """Verify a pack: 0 sound, 1 not, 2 it could not be read."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write("usage: evidence_file.py PACK.zip [CENTRE-KEY]\n")
        return 2
    try:
        report = verify(Path(words[0]), read_key(words[1]) if len(words) == 2 else None)
    except (OSError, ValueError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 2
    sys.stdout.write("\n".join(lines(report)) + "\n")
    return 0 if report.sound else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
