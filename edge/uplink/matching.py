"""Which question a receipt answers, told by what it says.

MQTT brings receipts on a topic, not as replies. Their correlation data names the question where the way
between kept it (a bridge of MQTT 3.1.1 does not); otherwise the receipt's own content does, and never the
order in which receipts come. Pure; nothing here is believed before its signature was checked.
"""

from protocol import codec
from protocol import messages as m


def about(frame: bytes) -> bytes:
    """What a frame to the centre is about: the hash of its batch or birth, empty for anything else.

    A receipt is about the `hash` that it repeats; one that repeats none (BUSY, REFUSED at the gate) is about
    everything that this gateway has under way.
    """
    try:
        message = codec.decode(codec.open_frame(frame))
    except codec.ProtocolError:
        return b""
    if isinstance(message, m.Batch):
        return codec.hash_of(message)
    if isinstance(message, m.Birth):
        return codec.birth_hash(message.description)
    return message.hash if isinstance(message, m.Receipt) else b""
