"""Text messages through a provider's HTTP interface.

```
POST {url}/messages        Authorization: Bearer {token}   Idempotency-Key: {key}
     {"to": "139…", "text": "…", "key": "{key}"}      → 2xx {"id": "…"}   4xx refused   5xx try again
GET  {url}/messages/{id}   → {"status": "accepted" | "delivered" | "read" | "failed", "reason": "…"}
```
The provider posts receipts to /api/v1/notify/sms/receipt. Providers of the trade differ in field names only;
each gets a channel like this one that passes the same test.
"""

from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from central.warning.notify.models import Accepted, Answer, Message, Receipt, Refused, Unavailable

_TIMEOUT_S: Final = 3.0
_STATUSES: Final = frozenset({"accepted", "delivered", "read", "failed"})


class SmsOverHttp:
    """One provider; use as an async context manager, which owns the connections.

    Args:
        url: root of the provider's interface.
        token: sent as bearer token.
        timeout_s: after so long an answer counts as lost.
    """

    def __init__(self, url: str, token: str, timeout_s: float = _TIMEOUT_S) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        # trust_env: a proxy for browsing must not carry phone numbers.
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout_s, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def send(self, message: Message) -> Answer:
        """Hand over one message; the provider deduplicates by key if it can, which none has to promise."""
        body = {"to": message.address, "text": message.text, "key": str(message.key)}
        try:
            response = await self._client.post(
                "/messages", json=body, headers={"idempotency-key": str(message.key)}
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            return Unavailable(f"连接短信平台失败：{_name(exc)}")
        except httpx.HTTPError as exc:
            return Unavailable(f"短信平台没有应答：{_name(exc)}", maybe=True)
        if response.is_client_error and response.status_code not in {408, 409, 425, 429}:
            return Refused(f"短信平台拒绝：{response.status_code} {_reason(response)}".rstrip())
        if not response.is_success:
            return Unavailable(f"短信平台故障：{response.status_code}", maybe=response.is_server_error)
        provider_id = _body(response).get("id")
        if not isinstance(provider_id, str) or not provider_id:
            return Unavailable("短信平台的应答无法理解", maybe=True)
        return Accepted(provider_id)

    async def look_up(self, provider_id: str) -> Receipt | None:
        """Ask what became of a message; None when the provider can't say now."""
        try:
            response = await self._client.get(f"/messages/{quote(provider_id, safe='')}")
        except httpx.HTTPError:
            return None
        body = _body(response) if response.is_success else {}
        status = body.get("status")
        if not isinstance(status, str) or status not in _STATUSES:
            return None
        return Receipt(status, str(body.get("reason", "")))


def _name(exc: Exception) -> str:
    return str(exc) or type(exc).__name__


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):  # [[[[… is JSON too, only deeper than anybody reads
        return {}
    return body if isinstance(body, dict) else {}


def _reason(response: httpx.Response) -> str:
    return str(_body(response).get("reason", ""))[:100]
