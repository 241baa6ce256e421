"""SHA-512, which MicroPython's hashlib lacks, cut into steps of one block so that no horn waits for a hash.

Source: FIPS 180-4, 5.3.5 and 6.4. The constants are computed from the primes that define them. Runs on
MicroPython as it is; a word is a Python integer.
"""

from array import array

BLOCK = 128
_WORD = (1 << 64) - 1

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all([candidate % prime for prime in found]):
            found.append(candidate)
        candidate += 1
    return found


def _root(number: int, power: int, low: int, high: int) -> int:
    """Find the greatest whole number whose `power` is at most `number`, by halving."""
    while low < high:
        middle = (low + high + 1) // 2
        if middle**power <= number:
            low = middle
        else:
            high = middle - 1
    return low


# The first 64 bits of the fractional parts of the square and cube roots of the first primes.
_FIRST = [_root(prime << 128, 2, 0, 1 << 69) & _WORD for prime in _primes(8)]
# Of eight bytes each: as a list of integers they would take four times the heap.
_ROUND = array("Q", [_root(prime << 192, 3, 0, 1 << 68) & _WORD for prime in _primes(80)])


def _mixed(state: list[int], data: bytes, start: int) -> list[int]:
    """Work one block of 128 bytes into the state (6.4.2)."""
    mask = _WORD
    words = [int.from_bytes(data[start + 8 * i : start + 8 * i + 8], "big") for i in range(16)]
    a, b, c, d, e, f, g, h = state
    for t in range(80):
        if t < 16:
            word = words[t]
        else:
            # A word written twice is rotated by one shift; what stands above 64 bits falls to the mask.
            x = words[(t - 15) & 15]
            y = words[(t - 2) & 15]
            xx = x << 64 | x
            yy = y << 64 | y
            word = (
                (xx >> 1 ^ xx >> 8 ^ x >> 7)
                + (yy >> 19 ^ yy >> 61 ^ y >> 6)
                + words[t & 15]
                + words[(t - 7) & 15]
            ) & mask
            words[t & 15] = word
        ee = e << 64 | e
        aa = a << 64 | a
        one = h + ((ee >> 14 ^ ee >> 18 ^ ee >> 41) & mask) + (g ^ e & (f ^ g)) + _ROUND[t] + word
        two = ((aa >> 28 ^ aa >> 34 ^ aa >> 39) & mask) + (a & b | c & (a | b))
        h, g, f, e = g, f, e, (d + one) & mask
        d, c, b, a = c, b, a, (one + two) & mask
    return [(old + new) & mask for old, new in zip(state, (a, b, c, d, e, f, g, h))]


def steps(data: bytes) -> "Generator[None, Any, bytes]":
    """Hash `data`, one block a step; the generator returns the 64 bytes of the digest."""
    size = len(data)
    whole = size - size % BLOCK
    tail = data[whole:] + b"\x80"
    tail += bytes(-(len(tail) + 16) % BLOCK) + (8 * size).to_bytes(16, "big")
    state = _FIRST
    for start in range(0, whole, BLOCK):
        state = _mixed(state, data, start)
        yield
    for start in range(0, len(tail), BLOCK):
        state = _mixed(state, tail, start)
        yield
    return b"".join([word.to_bytes(8, "big") for word in state])
