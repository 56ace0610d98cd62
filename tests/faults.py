"""A proxy on the loopback interface that does to the requests passing through what a bad network or service does."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = str
"""What happens to a request.

`503`: the service is too busy. `html`: a gateway answers. `refuse`: the connection ends. `silent`: no answer comes.
`cut`: half of the answer comes. `lost`: it is done, but no answer comes. `ignore`: conditions do not count.
"""


class FaultyProxy:
    """Passes requests on; `fault` says for each one (method, path) what goes wrong with it."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.fault: Callable[[str, str], Fault] = lambda _method, _path: ""
        self.seen: list[tuple[str, str]] = []
        self.lock = threading.Lock()
        self.endpoint = ""

    def next_faults(self, *faults: Fault) -> None:
        """Let these happen to the next requests, one each."""
        left = list(faults)

        def pop(_method: str, _path: str) -> Fault:
            with self.lock:
                return left.pop(0) if left else ""

        self.fault = pop


@contextmanager
def faulty_proxy(upstream: str) -> Iterator[FaultyProxy]:
    proxy = FaultyProxy(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with proxy.lock:
                proxy.seen.append((self.command, self.path))
            fault = proxy.fault(self.command, self.path)
            if fault == "503":
                self.answer(503, {"Content-Type": "application/xml"}, b"<Error><Code>SlowDown</Code></Error>")
            elif fault == "html":
                self.answer(502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>")
            elif fault == "silent":
                self.connection.settimeout(5)
                self.rfile.read(1)
                self.cut()
            elif fault == "refuse":
                self.cut()
            else:
                self.forward(body, fault)

        def forward(self, body: bytes, fault: Fault) -> None:
            connection = http.client.HTTPConnection(proxy.upstream, timeout=20)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            data = response.read()
            connection.close()
            if fault == "ignore" and response.status == 412:
                self.answer(200, {"ETag": '"0"'}, b"")
            elif fault == "lost":
                self.cut()
            else:
                headers = {n: v for n, v in response.headers.items() if n.lower() not in ("transfer-encoding", "date")}
                self.answer(response.status, headers, data, half=fault == "cut")

        def answer(self, status: int, headers: dict[str, str], data: bytes, *, half: bool = False) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            is_head = self.command == "HEAD"
            self.send_header("Content-Length", headers.get("Content-Length", "0") if is_head else str(len(data)))
            self.end_headers()
            if half:
                self.wfile.write(data[: len(data) // 2])
                self.cut()
            elif not is_head:
                self.wfile.write(data)

        def cut(self) -> None:
            self.close_connection = True
            self.wfile.flush()
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.close_connection = True

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_arguments: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    proxy.endpoint = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
