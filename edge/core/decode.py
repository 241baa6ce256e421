"""Takes the bytes of one reply apart into raw numbers: every kind, every byte and word order.

    registers --picked--> big-endian numbers --unpacked--> words --dug out--> raw numbers, one a point

Orders, with A the most significant byte of a number, as they stand in its registers on the wire:

    order            16 bits   32 bits      64 bits
    HIGH_FIRST       A B       A B  C D     A B  C D  E F  G H     ABCD: Modbus as it is meant
    LOW_FIRST        A B       C D  A B     G H  E F  C D  A B     CDAB: low register first
    HIGH_FIRST_SWAP  B A       B A  D C     B A  D C  F E  H G     BADC: bytes of each register exchanged
    LOW_FIRST_SWAP   B A       D C  B A     H G  F E  D C  B A     DCBA: both

A block whose points have one order is unpacked by one compiled format, big- or little-endian, from its bytes
or (CDAB, BADC) from a copy whose bytes are exchanged inside each register. Where orders are mixed, or several
bit fields stand in one register, a compiled permutation brings all bytes into order first. Only BCD and bit
fields cost Python a value.

Runs on MicroPython as it is (no `struct.Struct`, no `operator`, no `array.byteswap` there).
"""

import struct
from array import array

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INT16 = 1
UINT16 = 2
INT32 = 3
UINT32 = 4
FLOAT32 = 5
INT64 = 6
UINT64 = 7
FLOAT64 = 8
BCD16 = 9  # four decimal digits, each in four bits; no sign
BCD32 = 10  # eight of them
BIT = 11  # one bit of a register, or one coil or discrete input
BITS = 12  # a field of bits in one register, an unsigned number

HIGH_FIRST = 1  # "ABCD"
LOW_FIRST = 2  # "CDAB"
HIGH_FIRST_SWAP = 3  # "BADC"
LOW_FIRST_SWAP = 4  # "DCBA"
ORDERS = (HIGH_FIRST, LOW_FIRST, HIGH_FIRST_SWAP, LOW_FIRST_SWAP)

# kind -> (struct code, registers, least rank, greatest rank); a rank orders the raw numbers of a kind.
# The ranks of floats are their bit patterns without infinities and NaN: 0 is +0.0, -1 is -0.0.
KINDS = {
    INT16: ("h", 1, -0x8000, 0x7FFF),
    UINT16: ("H", 1, 0, 0xFFFF),
    INT32: ("i", 2, -0x80000000, 0x7FFFFFFF),
    UINT32: ("I", 2, 0, 0xFFFFFFFF),
    FLOAT32: ("f", 2, -0x7F800000, 0x7F7FFFFF),
    INT64: ("q", 4, -0x8000000000000000, 0x7FFFFFFFFFFFFFFF),
    UINT64: ("Q", 4, 0, 0xFFFFFFFFFFFFFFFF),
    FLOAT64: ("d", 4, -0x7FF0000000000000, 0x7FEFFFFFFFFFFFFF),
    BCD16: ("H", 1, 0, 9999),
    BCD32: ("I", 2, 0, 99999999),
    BIT: ("H", 1, 0, 1),
    BITS: ("H", 1, 0, 0xFFFF),
}
FIELDS = (BIT, BITS)
DECIMALS = (BCD16, BCD32)
NAN = float("nan")


class Place:
    """Where one number stands among the registers of its block."""

    __slots__ = ("bits", "index", "kind", "order", "width")

    def __init__(self, kind: int, order: int, index: int, bits: "tuple[int, int]" = (0, 0)) -> None:
        """Describe it.

        Args:
            kind: INT16 to BITS.
            order: HIGH_FIRST to LOW_FIRST_SWAP.
            index: first register (or coil), counted from the block's first.
            bits: lowest and highest bit of BIT and BITS, 0 is the least significant of the register after its
                bytes were put in order.

        Raises:
            ValueError: a field cannot be meant; says which.
        """
        if kind not in KINDS:
            raise ValueError("unknown kind %r" % (kind,))
        if order not in ORDERS:
            raise ValueError("unknown byte order %r" % (order,))
        if index < 0:
            raise ValueError("register offset %d is before the block" % index)
        lowest, highest = bits
        if not 0 <= lowest <= highest <= 15:
            raise ValueError("bits %d to %d are not inside a register (0 to 15)" % (lowest, highest))
        if kind == BIT and lowest != highest:
            raise ValueError("one bit cannot be %d to %d" % (lowest, highest))
        self.kind = kind
        self.order = order
        self.index = index
        self.bits = (lowest, highest)
        self.width = KINDS[kind][1]

    def ranks(self) -> "tuple[int, int]":
        """Give the least and the greatest rank of its raw numbers."""
        if self.kind == BITS:
            return (0, _mask(self.bits))
        return KINDS[self.kind][2:]


def raw_of(kind: int, rank: int) -> float:
    """Give the raw number of a rank; ranks and raw numbers of a kind are in the same order."""
    if kind == FLOAT32:
        bits = rank if rank >= 0 else 0x80000000 - rank - 1
        single: float = struct.unpack(">f", struct.pack(">I", bits))[0]
        return single
    if kind == FLOAT64:
        bits = rank if rank >= 0 else 0x8000000000000000 - rank - 1
        double: float = struct.unpack(">d", struct.pack(">Q", bits))[0]
        return double
    return rank


def decimal(word: int) -> float:
    """Read a BCD number, four bits a digit; NaN where one is no digit (A to F): never a wrong number."""
    try:
        return int("%x" % word)
    except ValueError:
        return NAN


class Registers:
    """How the bytes of register reads (functions 3 and 4) become raw numbers, compiled once."""

    def __init__(self, places: "Sequence[Place]", count: int) -> None:
        """Compile.

        Args:
            places: of the numbers, in the order wanted, not past the block.
            count: registers in the block.
        """
        self._size = 2 * count
        self._count = count
        self._swap: Callable[[bytes], bytes] | None = None
        self._pick: Callable[[bytes], bytes] | None = None
        side = _one_side(places)
        if side is None:
            self._pick = _picker(places)
            self._unpack = _unpacker(">" + "".join([KINDS[place.kind][0] for place in places]))
        else:
            endian, swapped = side
            if swapped:
                self._swap = _swapper(count)
            self._unpack = _unpacker(endian + _layout(places, count))
        self._fields = [
            (i, place.bits[0], _mask(place.bits)) for i, place in enumerate(places) if place.kind in FIELDS
        ]
        self._decimals = [i for i, place in enumerate(places) if place.kind in DECIMALS]
        self._dig = bool(self._fields or self._decimals)

    def read(self, data: bytes) -> "tuple[float, ...]":
        """Take the bytes apart; as many raw numbers as places, in their order.

        Raises:
            ValueError: the bytes are not as many as the block's.
        """
        if len(data) != self._size:
            raise ValueError("block of %d registers got %d bytes" % (self._count, len(data)))
        if self._swap is not None:
            data = self._swap(data)
        elif self._pick is not None:
            data = self._pick(data)
        words = self._unpack(data)
        if not self._dig:
            return words
        raws: list[float] = list(words)
        for i, lowest, mask in self._fields:
            raws[i] = int(words[i]) >> lowest & mask
        for i in self._decimals:
            raws[i] = decimal(int(words[i]))
        return tuple(raws)


class Coils:
    """How the bytes of coil and discrete input reads (functions 1 and 2) become 0 and 1.

    Source: MODBUS Application Protocol V1.1b3, 6.1 and 6.2: the first coil is the least significant bit of
    the first byte; the last byte is filled up with zeros.
    """

    def __init__(self, places: "Sequence[Place]", count: int) -> None:
        """Compile; `count` coils in the block."""
        self._count = count
        self._size = (count + 7) // 8
        self._bits = [(place.index >> 3, place.index & 7) for place in places]

    def read(self, data: bytes) -> "tuple[float, ...]":
        """Take the bytes apart; 0 or 1 for each place.

        Raises:
            ValueError: the bytes are not as many as the block's.
        """
        if len(data) != self._size:
            raise ValueError("block of %d coils got %d bytes" % (self._count, len(data)))
        return tuple([data[byte] >> bit & 1 for byte, bit in self._bits])


def text(data: bytes, order: int = HIGH_FIRST) -> str:
    """Read registers that hold characters, two each: a maker's or model's name.

    Args:
        data: registers, big-endian, as on the wire.
        order: HIGH_FIRST and LOW_FIRST take the high byte of each register first, the SWAP orders the low.

    Returns:
        The characters before the first NUL, without the blanks and 0xFF that fill up; whatever is no
        printable ASCII character is shown as "?".
    """
    if order in (HIGH_FIRST_SWAP, LOW_FIRST_SWAP):
        data = bytes([data[i ^ 1] for i in range(len(data) & ~1)])
    shown = []
    for byte in data:
        if byte == 0:
            break
        shown.append(" " if byte == 0xFF else chr(byte) if 32 <= byte < 127 else "?")
    return "".join(shown).strip()


def _mask(bits: "tuple[int, int]") -> int:
    return (1 << (bits[1] - bits[0] + 1)) - 1


# What one format can read at once: its byte order, and whether bytes are exchanged inside registers first.
# Sides without a copy come first.
_SIDES = ((">", False), ("<", False), ("<", True), (">", True))
_WIDE = {HIGH_FIRST: (0,), LOW_FIRST_SWAP: (1,), LOW_FIRST: (2,), HIGH_FIRST_SWAP: (3,)}
_NARROW = {HIGH_FIRST: (0, 2), LOW_FIRST: (0, 2), HIGH_FIRST_SWAP: (1, 3), LOW_FIRST_SWAP: (1, 3)}


def _one_side(places: "Sequence[Place]") -> "tuple[str, bool] | None":
    """Find the side from which one format reads all places; None: there is none."""
    possible = [0, 1, 2, 3]
    used = 0
    for place in places:
        if place.index < used:
            return None
        used = place.index + place.width
        own = (_NARROW if place.width == 1 else _WIDE)[place.order]
        possible = [side for side in possible if side in own]
    return _SIDES[possible[0]] if possible else None


def _layout(places: "Sequence[Place]", count: int) -> str:
    """Write the struct codes of all places, with pad bytes for all else."""
    codes = []
    at = 0
    for place in places:
        codes.append("%dx" % (2 * (place.index - at)) if place.index > at else "")
        codes.append(KINDS[place.kind][0])
        at = place.index + place.width
    codes.append("%dx" % (2 * (count - at)) if count > at else "")
    return "".join(codes)


def _picker(places: "Sequence[Place]") -> "Callable[[bytes], bytes]":
    """Compile the permutation that gives the bytes of all places, most significant first."""
    wanted: list[int] = []
    for place in places:
        words = list(range(place.index, place.index + place.width))
        if place.order in (LOW_FIRST, LOW_FIRST_SWAP):
            words.reverse()
        for word in words:
            pair = [2 * word, 2 * word + 1]
            if place.order in (HIGH_FIRST_SWAP, LOW_FIRST_SWAP):
                pair.reverse()
            wanted.extend(pair)
    try:
        from operator import itemgetter
    except ImportError:
        return lambda data: bytes([data[i] for i in wanted])
    picked = itemgetter(*wanted)  # two bytes or more: a tuple
    return lambda data: bytes(picked(data))


def _swapper(count: int) -> "Callable[[bytes], bytes]":
    """Give what exchanges the two bytes of each register."""
    if hasattr(array, "byteswap"):

        def swap(data: bytes) -> bytes:
            words = array("H")
            words.frombytes(data)
            words.byteswap()
            return words.tobytes()

        return swap
    words = "%dH" % count
    return lambda data: struct.pack("<" + words, *struct.unpack(">" + words, data))


def _unpacker(layout: str) -> "Callable[[bytes], tuple[float, ...]]":
    """Compile a format where the runtime can (MicroPython has no `struct.Struct`)."""
    compiled = getattr(struct, "Struct", None)
    if compiled is not None:
        unpack: Callable[[bytes], tuple[float, ...]] = compiled(layout).unpack
        return unpack
    return lambda data: struct.unpack(layout, data)
