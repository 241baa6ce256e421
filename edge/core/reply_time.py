"""How long an instrument takes to answer: a moving mean and the time that one reply in a hundred exceeds.

Times are counted in 68 classes, four to each doubling, so a percentile is at most a quarter too long; old
counts are halved now and then, so that it follows an instrument that changes. Runs on MicroPython as it is.
"""

CLASSES = 68  # up to 2**18 ms
HALVE = 1024  # replies after which all counts are halved


class ReplyTime:
    """Reply times of one instrument, in milliseconds."""

    def __init__(self) -> None:
        """Begin without any reply."""
        self.count = 0
        self._weight = 0
        self._mean = 0  # in sixteenths of a millisecond
        self._classes = [0] * CLASSES

    def take(self, ms: int) -> None:
        """Note that a reply took so long."""
        self._mean = self._mean + (((ms << 4) - self._mean) >> 4) if self.count else ms << 4
        self.count += 1
        self._weight += 1
        octave = 0
        while ms > 7:
            ms >>= 1
            octave += 1
        place = 4 * octave + ms
        self._classes[place if place < CLASSES else CLASSES - 1] += 1
        if self._weight >= HALVE:
            self._classes = [number >> 1 for number in self._classes]
            self._weight = sum(self._classes)

    def mean_ms(self) -> int:
        """Return the mean of the last dozens of replies; 0 before the first."""
        return (self._mean + 8) >> 4

    def p99_ms(self) -> int:
        """Return what at most one reply in a hundred exceeds, rounded up; 0 before the first."""
        above = 0
        for place in range(CLASSES - 1, -1, -1):
            above += self._classes[place]
            if above * 100 > self._weight:
                if place < 8:
                    return place
                octave = place // 4 - 1
                return ((place - 4 * octave + 1) << octave) - 1
        return 0
