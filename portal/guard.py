"""What every request and response of the site goes through: headers, HEAD, and a limit to what is sent to us."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
MAXIMUM_UPLOAD = 50 * 2**20
"""Of a file that is compared, in bytes."""
_MAXIMUM_BODY = MAXIMUM_UPLOAD + 2**20
"""With what a form puts around the file."""


class Guard:
    """Adds the headers that keep a page to itself, answers HEAD like GET, and takes in no more than a body may hold."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        announced = Headers(scope=scope).get("content-length", "0")
        taken = int(announced) if announced.isdecimal() and int(announced) > _MAXIMUM_BODY else 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive() if taken <= _MAXIMUM_BODY else {"type": "http.disconnect"}
            taken += len(message.get("body", b""))
            if taken > _MAXIMUM_BODY:
                raise HTTPException(413)
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, limited, guarded)
