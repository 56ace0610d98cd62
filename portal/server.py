"""Running the web front end."""

import socket

import uvicorn

from domain.errors import ConfigurationError
from domain.wording import system_reason
from pipeline.services import Services
from portal.app import create_app


def run(services: Services, *, host: str, port: int) -> None:
    """Serve until interrupted; requests are not logged, since a path names a paper.

    Raises:
        ConfigurationError: Nothing can listen there.
    """
    config = uvicorn.Config(
        create_app(services), access_log=False, log_level="warning", server_header=False, lifespan="off"
    )
    with _listen(host, port) as listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket at exactly this address."""
    if not 0 <= port <= 65535:
        raise ConfigurationError(f"Không có cổng {port}; chọn --port từ 1 đến 65535.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except socket.gaierror as e:
        raise ConfigurationError(f"Không có địa chỉ {host}; chọn --host khác.") from e
    except OSError as e:
        raise ConfigurationError(
            f"Không mở được cổng {port} tại {host} ({system_reason(e)}); chọn --host, --port khác."
        ) from e
