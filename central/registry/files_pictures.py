"""Small pictures of large ones: upright, without what a camera wrote of place and owner, never a bomb."""

from __future__ import annotations

import io
import struct
import zlib
from typing import IO, Final

from PIL import Image, ImageOps

MOST_PIXELS: Final = 80_000_000
"""A phone's largest usual photograph is 50 million; decoded, 80 million take 240 MB for a moment."""
MOST_PIXELS_WHOLE: Final = 40_000_000
"""Of kinds that cannot be decoded at a fraction of their size, as JPEG can."""
LONGEST_SIDE: Final = 480
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # JPEG finds its several-picture form by itself
_QUALITY: Final = 80
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    IndexError,
    OverflowError,
)
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class BadPicture(Exception):
    """A picture that nobody could look at; the message says why, in plain Chinese."""


def thumbnail(source: IO[bytes]) -> bytes:
    """Makes a small JPEG.

    Args:
        source: the picture, seekable; its position afterwards is its beginning.

    Returns:
        At most 480 pixels on the longer side, turned as EXIF says (CIPA DC-008), without any EXIF.

    Raises:
        BadPicture: damaged, or too many pixels.
    """
    try:
        source.seek(0)
        with Image.open(source, formats=_FORMATS) as picture:
            _check_size(picture)
            return _small(picture)
    except _BOMB as exc:
        raise BadPicture(_TOO_LARGE) from exc
    except _BROKEN as exc:
        raise BadPicture("图片已损坏，无法打开：请重新拍照或导出后再上传。") from exc
    finally:
        source.seek(0)


_TOO_LARGE = f"图片像素过多：最多 {MOST_PIXELS // 10_000} 万像素，请缩小后再上传。"


def _check_size(picture: Image.Image) -> None:
    most = MOST_PIXELS if picture.format in {"JPEG", "MPO"} else MOST_PIXELS_WHOLE
    if picture.width * picture.height > most:
        raise BadPicture(f"图片像素过多：最多 {most // 10_000} 万像素，请缩小后再上传。")


def _small(picture: Image.Image) -> bytes:
    # JPEG is decoded at 1/2, 1/4 or 1/8 where that is enough; of moving pictures the first one is taken.
    picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        plain = Image.new("RGB", clear.size, "white")
        plain.paste(clear, mask=clear.getchannel("A"))
    else:
        plain = upright.convert("RGB")
    out = io.BytesIO()
    # A picture that is given no info carries none out.
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
