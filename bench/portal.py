"""How many questions by identifier the site answers in a second on one core, beside an empty page in the same run.

    python -m bench.portal HOME [--rounds 5] [--requests 2000]

HOME is a data directory with at least one certified paper, e.g. `demo-data/data` after `make demo`. The application is
called in process, through its whole stack but the network: what a second process would need for the load is not
counted.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from pipeline.services import open_services
from pipeline.warehouse import list_papers
from portal.app import create_app

Message = MutableMapping[str, Any]  # Any: what ASGI says


def main() -> None:
    """Print requests a second, medians, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=2000)
    given = parser.parse_args()
    with open_services(home=given.home) as services:
        app = create_app(services)
        document = list_papers(services)[0].id
        paths = {"page": f"/v/{document}", "api": f"/api/v1/verify/{document}", "empty": "/healthz"}
        rates: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(given.rounds):
            for name, path in paths.items():
                rates[name].append(asyncio.run(_rate(app, path, given.requests)))
    for name, measured in rates.items():
        print(f"{name:6} {statistics.median(measured):8.0f} requests / CPU s")
    ratio = statistics.median(rates["page"]) / statistics.median(rates["empty"])
    print(f"page / empty page: {ratio:.2f}")


async def _rate(
    app: Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]],
    path: str,
    requests: int,
) -> float:
    """Return how many requests are answered in a second of CPU time."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"{path}: {message['status']}")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    begun = time.process_time()
    for _ in range(requests):
        await app(dict(scope), receive, send)
    return requests / (time.process_time() - begun)


if __name__ == "__main__":
    main()
