"""Who may use the page: a code, or a press of the plant's own button; pure, given the time.

    code   right ─▶ session        wrong five times ─▶ shut for a minute, then two, four … fifteen
    button "I am Zhang, I press now" ─▶ waits a minute ─▶ the button is pressed ─▶ session

Whoever can press the button stands in the plant; that is what the page asks for. While somebody waits for his
press and nothing sounds, the press signs him in and does nothing else; a sounding horn comes first. Nobody
waits beside another: two could not tell whose press it was.

Time is monotonic milliseconds.
"""

import hmac
from collections.abc import Callable
from typing import Final

import msgspec

WAIT_MS: Final = 60_000
TRIES: Final = 5
SHUT_MS: Final = 60_000
SHUT_MOST_MS: Final = 15 * 60_000
SESSIONS: Final = 20
LEAST_CODE: Final = 6


class Shut(Exception):
    """The door does not open; says why and what to do."""


class Session(msgspec.Struct):
    """Somebody signed in: by which name, how, and until when."""

    name: str
    by: str
    until_ms: int


class _Waiting(msgspec.Struct):
    request: str
    name: str
    until_ms: int
    token: str = ""


class Door:
    """Sessions of one gateway; none outlives the process."""

    def __init__(self, code: str, *, button: bool, session_ms: int, mint: Callable[[], str]) -> None:
        """Begin with nobody inside.

        Args:
            code: "" where none is set: the button alone opens.
            button: whether the plant has one.
            session_ms: how long a session lasts without use.
            mint: gives unguessable texts.
        """
        self.code = bool(code)
        self.button = button
        self._code = code.encode()
        self._session_ms = session_ms
        self._mint = mint
        self._sessions: dict[str, Session] = {}
        self._waiting: _Waiting | None = None
        self._wrong = 0
        self._shut_until = 0

    def by_code(self, name: str, code: str, now: int) -> str:
        """Open by the code; returns the session's token.

        Raises:
            Shut: wrong, too often wrong, or there is no code.
        """
        if not self._code:
            raise Shut("no code is set here; sign in by the button")
        if now < self._shut_until:
            raise Shut(f"too many wrong codes; try again in {(self._shut_until - now) // 1000 + 1} s")
        if not hmac.compare_digest(code.encode(), self._code):
            self._wrong += 1
            if self._wrong >= TRIES:
                self._shut_until = now + min(SHUT_MS << (self._wrong - TRIES), SHUT_MOST_MS)
            raise Shut("that is not the code")
        self._wrong = 0
        return self._open(name, "code", now)

    def wait(self, name: str, now: int) -> str:
        """Begin to wait for the button; returns what `claim` is asked with.

        Raises:
            Shut: there is no button, or somebody else waits.
        """
        if not self.button:
            raise Shut("no button is configured here; sign in by the code")
        waiting = self._waiting
        if waiting is not None and not waiting.token and now < waiting.until_ms:
            raise Shut(f"{waiting.name} waits for the button; try again in a minute")
        self._waiting = _Waiting(self._mint(), name, now + WAIT_MS)
        return self._waiting.request

    def pressed(self, now: int) -> bool:
        """Take a press of the button; True: it signed somebody in and means nothing else."""
        waiting = self._waiting
        if waiting is None or waiting.token or now >= waiting.until_ms:
            return False
        waiting.token = self._open(waiting.name, "button", now)
        return True

    def claim(self, request: str, now: int) -> str | None:
        """Return the token that the press gave, once; None: not pressed yet.

        Raises:
            Shut: nobody waits by this request any more.
        """
        waiting = self._waiting
        if waiting is None or not hmac.compare_digest(waiting.request, request) or now >= waiting.until_ms:
            raise Shut("the button was not pressed in time; begin again")
        if not waiting.token:
            return None
        self._waiting = None
        return waiting.token

    def who(self, token: str, now: int) -> Session | None:
        """Return whose session this is, and keep it for another while; None: nobody's."""
        session = self._sessions.get(token)
        if session is None:
            return None
        if now >= session.until_ms:
            del self._sessions[token]
            return None
        session.until_ms = now + self._session_ms
        return session

    def leave(self, token: str) -> None:
        """End a session."""
        self._sessions.pop(token, None)

    def _open(self, name: str, by: str, now: int) -> str:
        self._sessions = {t: s for t, s in self._sessions.items() if now < s.until_ms}
        while len(self._sessions) >= SESSIONS:
            del self._sessions[min(self._sessions, key=lambda t: self._sessions[t].until_ms)]
        token = self._mint()
        self._sessions[token] = Session(name, by, now + self._session_ms)
        return token
