"""First letters of the pinyin of a text, by the order of GB 2312: common characters stand by sound."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

# The first character of each letter among the 3,755 of level 1, and the end of that level. No sound begins
# with i, u or v. The rare characters of level 2 stand by radical and are passed over.
_FIRST: Final = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"), (0xD7FA, ""),
)  # fmt: skip
_STARTS: Final = [start for start, _ in _FIRST]


def initials(text: str) -> str:
    """The letters by which somebody would type a text: "化学原料" is "hxyl"; each character has one sound."""
    letters = []
    for character in text:
        if character.isascii():
            letters.append(character.lower() if character.isalnum() else "")
            continue
        try:
            place = int.from_bytes(character.encode("gb2312"))
        except UnicodeEncodeError:
            continue
        if place >= _STARTS[0]:
            letters.append(_FIRST[bisect_right(_STARTS, place) - 1][1])
    return "".join(letters)
