"""The batcher: whatever readings come, each is in exactly one batch, in order, and none waits too long."""

from hypothesis import given
from hypothesis import strategies as st

from edge.core.batch import Batcher, Closed
from protocol import codec
from protocol import messages as m

MAX_AGE_MS = 800

readings = st.lists(
    st.tuples(
        st.integers(0, 1500),  # ms since the reading before
        st.integers(1, 4),  # block
        st.integers(-5_000, 5_000),  # a step of the wall clock
        st.sampled_from([192, 64, 24]),
        st.one_of(st.none(), st.lists(st.integers(0, 65535), min_size=3, max_size=3).map(tuple)),
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from([16, 80])), max_size=2),
    ),
    max_size=60,
)


def body_of(closed: Closed) -> m.MeasurementBody:
    """Encode a closed batch as the spool does, and decode it as the centre does."""
    rows = [
        m.BlockRows(
            c.block,
            c.seq,
            c.time_ms,
            c.mono_ms,
            c.took_ms,
            c.clock,
            c.quality,
            [None if v is None else list(v) for v in c.values],
            c.exceptions,
        )
        for c in closed.columns
    ]
    body = codec.encode_measurements(m.MeasurementBody(closed.base_ms, closed.base_mono_ms, rows))
    return codec.decode_measurements(body, 1, closed.count)


@given(readings, st.integers(20, 200))
def test_every_reading_is_in_one_batch_as_it_came(
    given_readings: list[tuple[int, int, int, int, tuple[int, ...] | None, list[tuple[int, int]]]],
    max_values: int,
) -> None:
    batcher = Batcher(MAX_AGE_MS, max_values)
    now, utc = 0, 1_700_000_000_000
    expected: list[tuple[object, ...]] = []
    batches: list[Closed] = []
    oldest: int | None = None
    for pause, block, step, quality, values, exceptions in given_readings:
        now += pause
        utc += pause + step
        due = batcher.next_due()
        assert (due is None) == (oldest is None)
        if due is not None:
            assert oldest is not None
            assert due == oldest + MAX_AGE_MS
        closed = batcher.tick(now)
        if due is not None and due <= now:
            assert closed is not None
        if closed is not None:
            batches.append(closed)
            oldest = None
        oldest = now if oldest is None else oldest
        closed = batcher.take(now, block, utc, now, 3, 1, quality, values, exceptions)
        expected.append((block, utc, now, quality, values, tuple(exceptions)))
        if closed is not None:
            batches.append(closed)
            oldest = None
    last = batcher.close()
    batches += [last] if last is not None else []
    assert batcher.close() is None
    found: list[tuple[object, ...]] = []
    for closed in batches:
        rows: dict[int, tuple[object, ...]] = {}
        body = body_of(closed)
        for b in body.blocks:
            for i, seq in enumerate(b.seq):
                own = tuple((point, quality) for row, point, quality in b.exceptions if row == i)
                raws = b.values[i]
                rows[seq] = (
                    b.block,
                    body.base_ms + b.time_ms[i],
                    body.base_mono_ms + b.mono_ms[i],
                    b.quality[i],
                    None if raws is None else tuple(raws),
                    own,
                )
        assert sorted(rows) == list(range(closed.count))
        found += [rows[seq] for seq in range(closed.count)]
    assert found == expected


def test_a_batch_closes_when_it_holds_too_many_values() -> None:
    batcher = Batcher(MAX_AGE_MS, 100)
    closed = [batcher.take(0, 1, 0, 0, 0, 1, 192, tuple(range(42)), ()) for _ in range(4)]
    assert [c is not None for c in closed] == [False, True, False, True]
