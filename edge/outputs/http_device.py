"""An IP loudspeaker or screen that takes texts by HTTP (its own synthesis speaks them)."""

import asyncio
import http.client
import urllib.error
import urllib.request
from typing import Final

from edge.outputs.models import NotTold
from edge.outputs.payload import as_form, as_json, filled
from edge.outputs.settings import Http

TIMEOUT_S: Final = 5.0
ANSWER: Final = 65_536  # bytes of an answer that are read; nobody looks at them
TYPES: Final = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class HttpDevice:
    """One request a text; basic and digest sign-in by what the device asks for."""

    def __init__(self, table: Http, password: str) -> None:
        self.where = table.url
        self._table = table
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if table.user:
            passwords.add_password(None, table.url, table.user, password)
        # No proxy: what protects the people on the floor hangs on the plant's own network.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPBasicAuthHandler(passwords),
            urllib.request.HTTPDigestAuthHandler(passwords),
        )

    async def send(self, text: str, volume: int, priority: int) -> None:
        """Ask the device to speak or show a text.

        Raises:
            NotTold: it is not there, or refuses.
        """
        table = self._table
        fields = filled(table.fields, text, volume, priority)
        if table.form == "query":
            url, body = f"{table.url}{'&' if '?' in table.url else '?'}{as_form(fields).decode()}", None
        else:
            url, body = table.url, as_json(fields) if table.form == "json" else as_form(fields)
        headers = {"Content-Type": f"{TYPES[table.form]}; charset=utf-8"} if body is not None else {}
        request = urllib.request.Request(url, body, headers, method=table.method)  # noqa: S310  # http(s) by its type
        try:
            await asyncio.to_thread(self._ask, request)
        except urllib.error.HTTPError as exc:
            exc.close()
            raise NotTold(f"answered {exc.code} {exc.reason}") from exc
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise NotTold(str(getattr(exc, "reason", exc)) or type(exc).__name__) from exc

    def _ask(self, request: urllib.request.Request) -> None:
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            answer.read(ANSWER)

    async def close(self) -> None:
        """Nothing is held between requests."""
