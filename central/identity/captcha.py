"""A question that people answer more easily than programs, made here: a picture, or a sum in words."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from captcha.image import ImageCaptcha

from central import clock
from central.identity import signing_store as store
from central.identity.signing_models import Captcha

if TYPE_CHECKING:
    from central.db.pool import Connection

_LETTERS = "ACDEFHJKLMNPRTUVWXY34679"  # none that looks like another when bent
_LENGTH = 5
_GOOD_FOR = timedelta(minutes=5)
_DIGITS = "零一二三四五六七八九"


async def ask(conn: Connection, *, in_words: bool) -> Captcha:
    """Makes a question and keeps its answer for five minutes.

    Args:
        conn: a worker transaction.
        in_words: a sum in words, for those who do not see the picture.
    """
    number = secrets.token_bytes(16)
    if in_words:
        first, second = 11 + secrets.randbelow(80), 2 + secrets.randbelow(8)
        answer = str(first + second)
        image, question = "", f"{_spoken(first)}加{_spoken(second)}等于多少？请填阿拉伯数字。"
    else:
        answer = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        image, question = await asyncio.to_thread(_picture, answer), ""
    now = await clock.database_now(conn)
    await store.new_captcha(conn, number, _hash(number, answer), now + _GOOD_FOR)
    return Captcha(number.hex(), image, question)


async def answered(conn: Connection, number: str, answer: str) -> bool:
    """Whether an answer is right; whatever it is, the question is gone."""
    try:
        key = bytes.fromhex(number)
    except ValueError:
        return False
    kept = await store.take_captcha(conn, key)
    if kept is None:
        return False
    answer_hash, expires_at = kept
    right = hmac.compare_digest(answer_hash, _hash(key, "".join(answer.split()).upper()))
    return right and await clock.database_now(conn) < expires_at


def _hash(number: bytes, answer: str) -> bytes:
    return hashlib.sha256(number + answer.encode()).digest()


def _picture(answer: str) -> str:
    png = ImageCaptcha(width=180, height=64).generate(answer, format="png").getvalue()
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _spoken(number: int) -> str:
    """A number below one hundred as it is said."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones or not tens else "")
