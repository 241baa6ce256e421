"""HTTP of calls: the SMS provider's receipts."""

import hmac
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody

from central import clock
from central.db.errors import ForbiddenError
from central.db.pool import Database
from central.db.scope import acting
from central.settings import Settings
from central.warning.notify import service
from central.warning.notify.models import Receipt

SECRET_HEADER = "x-fengsui-secret"  # noqa: S105 -- the name of the header, not what it holds


class SmsReceipt(msgspec.Struct):
    """What a provider posts: `key` is the Idempotency-Key of the message."""

    key: UUID
    status: Annotated[str, msgspec.Meta(pattern="^(accepted|delivered|read|failed)$")]
    id: Annotated[str, msgspec.Meta(max_length=200)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


@post(
    "/notify/sms/receipt", operation_id="smsReceipt", tags=["notify"], opt={"public": True}, status_code=204
)
async def sms_receipt(
    data: JSONBody[SmsReceipt],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    secret: Annotated[str, HeaderParameter(name=SECRET_HEADER, required=False)] = "",
) -> Response[None]:
    """Notes what became of a text message; an unknown key is accepted and forgotten.

    Raises:
        ForbiddenError: not the shared secret, or none is set.
    """
    if not settings.sms_secret or not hmac.compare_digest(secret.encode(), settings.sms_secret.encode()):
        raise ForbiddenError("回执的共享密钥不正确。")
    async with acting(database.worker) as conn:
        told = Receipt(data.status, data.reason)
        await service.receipt(conn, data.key, told, await clock.database_now(conn))
    return Response(None, status_code=204)


routes: list[Any] = [sms_receipt]
