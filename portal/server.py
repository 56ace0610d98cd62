"""Running the web front end."""

import uvicorn

from pipeline.services import Services
from portal.app import create_app


def run(services: Services, *, host: str, port: int) -> None:
    """Serve until interrupted; requests are not logged, since a path names a paper."""
    uvicorn.run(create_app(services), host=host, port=port, access_log=False, log_level="warning", server_header=False)
