"""Ed25519 signatures on MicroPython, cut into short steps so that polling and horn never wait for one.

Source: RFC 8032, 5.1 (PureEdDSA). Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z; those of a comb
are (y - x, y + x, 2dxy). A comb holds 31 sums of a point's multiples by 2**(51 i), so a product takes 51
doublings and 51 additions; as bytes, because the integers of its table would take three times the heap. Not
in constant time: whoever can measure this board's signing time to the microsecond stands before it already.
"""

from edge.leaf import sha512

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

P = (1 << 255) - 19
_MASK = (1 << 255) - 1
ORDER = (1 << 252) + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, P - 2, P) % P
_ROOT = pow(2, (P - 1) // 4, P)  # of -1
_TEETH = 5
_SPAN = 51  # bits between two teeth: 5 * 51 = 255


def _double(point: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    x, y, z, _ = point
    a = x * x
    a = (a & _MASK) + 19 * (a >> 255)
    b = y * y
    b = (b & _MASK) + 19 * (b >> 255)
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = 2 * z * z + g
    e, f, g = e % P, f % P, g % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def _add(point: "tuple[int, int, int, int]", tooth: "tuple[int, int, int]") -> "tuple[int, int, int, int]":
    """Add a point of a comb (its Z is 1)."""
    x, y, z, t = point
    a = (y - x) * tooth[0] % P
    b = (y + x) * tooth[1] % P
    c = t * tooth[2] % P
    d = 2 * z
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _affine(point: "tuple[int, int, int, int]") -> "tuple[int, int]":
    inverse = pow(point[2], P - 2, P)
    return point[0] * inverse % P, point[1] * inverse % P


def _tooth(x: int, y: int) -> "tuple[int, int, int]":
    return (y - x) % P, (y + x) % P, 2 * _D * x * y % P


def _encoded(point: "tuple[int, int, int, int]") -> bytes:
    x, y = _affine(point)
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(data: bytes) -> "tuple[int, int]":
    """Find the point (5.1.3).

    Raises:
        ValueError: the bytes name none.
    """
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & _MASK
    u, v = y * y - 1, _D * y * y + 1
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P) % P, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * _ROOT % P
    if len(data) != 32 or y >= P or (v * x * x - u) % P or (x == 0 and sign):
        raise ValueError("no public key: 32 bytes of a point are wanted")
    return (P - x if x & 1 != sign else x), y


class _Comb:
    def __init__(self, x: int, y: int) -> None:
        self.teeth = bytearray(96 << _TEETH)  # while there is still a piece of heap of this size
        powers: list[tuple[int, int, int]] = []
        point = (x, y, 1, x * y % P)
        for i in range(_TEETH):
            if i:
                for _ in range(_SPAN):
                    point = _double(point)
            powers.append(_tooth(*_affine(point)))
        for place in range(1 << _TEETH):
            one = (0, 1, 1, 0)
            for i in range(_TEETH):
                if place >> i & 1:
                    one = _add(one, powers[i])
            for i, part in enumerate(_tooth(*_affine(one))):
                start = 96 * place + 32 * i
                self.teeth[start : start + 32] = part.to_bytes(32, "little")

    def at(self, scalar: int, bit: int) -> "tuple[int, int, int]":
        place = 0
        for i in range(_TEETH):
            place |= (scalar >> (bit + _SPAN * i) & 1) << i
        start = 96 * place
        a, b, c = [int.from_bytes(self.teeth[start + i : start + i + 32], "little") for i in (0, 32, 64)]
        return a, b, c


def _sum(products: "list[tuple[_Comb, int]]") -> "Generator[None, Any, tuple[int, int, int, int]]":
    """Add up scalar times point; a step is one bit of every tooth."""
    point = (0, 1, 1, 0)
    for bit in range(_SPAN - 1, -1, -1):
        point = _double(point)
        for comb, scalar in products:
            point = _add(point, comb.at(scalar, bit))
        yield
    return point


def _hashed(data: bytes) -> "Generator[None, Any, int]":
    digest = yield from sha512.steps(data)
    return int.from_bytes(digest, "little")


_Y = 4 * pow(5, P - 2, P) % P
_BASE = _Comb(*_decoded(_Y.to_bytes(32, "little")))


class Key:
    """A private key."""

    def __init__(self, seed: bytes) -> None:
        """Derive it from its 32 bytes of seed (5.1.5)."""
        digest = run(sha512.steps(seed))
        self._scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self._prefix = digest[32:]
        self.public = _encoded(run(_sum([(_BASE, self._scalar)])))

    def sign(self, data: bytes) -> "Generator[None, Any, bytes]":
        """Sign in steps (5.1.6); the generator returns the 64 bytes of the signature."""
        nonce = (yield from _hashed(self._prefix + data)) % ORDER
        point = yield from _sum([(_BASE, nonce)])
        head = _encoded(point)
        yield
        challenge = yield from _hashed(head + self.public + data)
        return head + ((nonce + challenge * self._scalar) % ORDER).to_bytes(32, "little")


class PublicKey:
    """Somebody else's key."""

    def __init__(self, data: bytes) -> None:
        """Take the 32 bytes of a public key.

        Raises:
            ValueError: they name no point.
        """
        x, y = _decoded(data)
        self._data = data
        self._minus = _Comb(P - x, y)

    def verify(self, signature: bytes, data: bytes) -> "Generator[None, Any, bool]":
        """Check in steps (5.1.7); the generator returns whether the signature is this key's."""
        if len(signature) != 64:
            return False
        scalar = int.from_bytes(signature[32:], "little")
        if scalar >= ORDER:
            return False
        challenge = (yield from _hashed(signature[:32] + self._data + data)) % ORDER
        point = yield from _sum([(_BASE, scalar), (self._minus, challenge)])
        return _encoded(point) == signature[:32]


def run(steps: "Generator[Any, Any, Any]") -> "Any":
    """Take all steps at once and give what the generator returns."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value
