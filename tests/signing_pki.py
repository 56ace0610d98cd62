"""A public key infrastructure on loopback: certificates good and bad, a time-stamp server, OCSP and CRLs."""

import asyncio
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.types import WSGIApplication

from aiohttp import web
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from csc_dummy.csc_dummy_server import CSCWithCertomancer
from werkzeug.serving import WSGIRequestHandler, make_server

from signing.signing_key import PrivateKey, SigningKey, loaded_key

_DAY = timedelta(days=1)
_SIGNERS = ("certifier", "agency", "rsa", "revoked", "expired", "early", "server")


@dataclass(frozen=True)
class Pki:
    """The infrastructure and where its services answer."""

    config: CertomancerConfig
    url: str
    folder: Path

    @property
    def tsa_url(self) -> str:
        return f"{self.url}/vn/tsa/tsa"

    @property
    def roots(self) -> tuple[bytes, ...]:
        return (self.certificate("root"),)

    @property
    def intermediates(self) -> tuple[bytes, ...]:
        return (self.certificate("interm"),)

    def certificate(self, name: str) -> bytes:
        data: bytes = self.config.get_pki_arch(ArchLabel("vn")).get_cert(CertLabel(name)).dump()
        return data

    def private_key(self, name: str) -> PrivateKey:
        key = serialization.load_pem_private_key((self.folder / f"{name}.pem").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
        return key

    def key(self, name: str) -> SigningKey:
        return loaded_key(self.private_key(name), self.certificate(name), [*self.intermediates, *self.roots])


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serve(application: WSGIApplication) -> Iterator[str]:
    """Serve a web application on a free port of the loopback address; gives its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running_pki(folder: Path, now: datetime) -> Iterator[Pki]:
    """Make the keys in the folder and serve the infrastructure."""
    application: list[WSGIApplication] = []

    def forward(environment: dict[str, object], start: Callable[..., Callable[[bytes], object]]) -> object:
        return application[0](environment, start)

    with serve(forward) as url:  # type: ignore[arg-type]
        for name in ("root", "interm", "ocsp", "tsa", *_SIGNERS):
            _write_key(folder / f"{name}.pem", rsa_key=name == "rsa")
        config = CertomancerConfig(_configuration(url, now), key_search_dir=str(folder), config_search_dir=str(folder))
        application.append(Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False))
        yield Pki(config=config, url=url, folder=folder)


def _write_key(path: Path, *, rsa_key: bool) -> None:
    key: PrivateKey = rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _configuration(url: str, now: datetime) -> dict[str, object]:
    def moment(time: datetime) -> str:
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")

    def validity(start: datetime = now - 400 * _DAY, end: datetime = now + 400 * _DAY) -> dict[str, str]:
        return {"valid-from": moment(start), "valid-to": moment(end)}

    names = ("root", "interm", "ocsp", "tsa", *_SIGNERS)
    signer = {"issuer": "interm", "validity": validity(), "profiles": ["digsig-commitment"]}

    def purpose(name: str) -> dict[str, object]:
        return {"id": "extended_key_usage", "critical": True, "value": [name]}

    certificates: dict[str, dict[str, object]] = {
        "root": {
            "issuer": "root",
            "validity": validity(),
            "profiles": [{"id": "simple-ca", "params": {"crl-repo": "root"}}],
        },
        "interm": {
            "issuer": "root",
            "validity": validity(),
            "profiles": [
                {"id": "simple-ca", "params": {"crl-repo": "interm", "ocsp-service": "ocsp", "max-path-len": 0}}
            ],
        },
        "ocsp": {"issuer": "interm", "validity": validity(), "profiles": ["ocsp-responder"]},
        "tsa": {**signer, "profiles": [], "extensions": [purpose("time_stamping")]},
        **{name: dict(signer) for name in _SIGNERS},
    }
    certificates["revoked"]["revocation"] = {"revoked-since": moment(now - 10 * _DAY), "reason": "key_compromise"}
    certificates["expired"]["validity"] = validity(end=now - _DAY)
    certificates["early"]["validity"] = validity(start=now + _DAY)
    certificates["server"]["extensions"] = [purpose("server_auth")]
    return {
        "external-url-prefix": url,
        "keysets": {"main": {"path-prefix": ".", "keys": {name: {"path": f"{name}.pem"} for name in names}}},
        "pki-architectures": {
            "vn": {
                "keyset": "main",
                "entity-defaults": {"country-name": "VN", "organization-name": "Thử nghiệm"},
                "entities": {name: {"common-name": f"Thử nghiệm {name}"} for name in names},
                "certs": {name: {"subject": name, **spec} for name, spec in certificates.items()},
                "services": {
                    "ocsp": {"ocsp": {"for-issuer": "interm", "responder-cert": "ocsp", "signing-key": "ocsp"}},
                    "crl-repo": {
                        name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P1D"}
                        for name in ("root", "interm")
                    },
                    "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
                },
            }
        },
    }


@contextmanager
def running_csc(config: CertomancerConfig) -> Iterator[str]:
    """Serve the keys of the infrastructure as a remote signing service."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", web.NotAppKeyWarning)  # the test server's business
        service = CSCWithCertomancer(config)
    service.register_routes()
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(service.app)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port: int = runner.addresses[0][1]
        return port

    port = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
