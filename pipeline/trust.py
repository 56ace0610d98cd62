"""Whom this installation trusts: the configured roots, and the demonstration's where it is in use."""

from dataclasses import replace

from domain.errors import DamagedDocument, EncryptedDocument
from domain.models import SignatureReport, Source
from pipeline.desk import configured_trust, demonstration_trust
from pipeline.services import Reader, Services
from signing.trust import TrustStore
from signing.validate import validate_signatures


def trust_store(services: Reader) -> TrustStore:
    """Return the trusted roots.

    Raises:
        ConfigurationError: A certificate file cannot be read.
    """
    store, demonstration = configured_trust(services), demonstration_trust(services)
    return replace(
        store,
        signers=(*store.signers, *demonstration.signers),
        timestamps=(*store.timestamps, *demonstration.timestamps),
        crls=(*store.crls, *demonstration.crls),
    )


def source_signatures(source: Source, services: Services) -> tuple[SignatureReport, ...]:
    """Return the check of each signature in a PDF that came signed; none where they cannot be read."""
    try:
        return validate_signatures(source.data, trust=trust_store(services), at=services.clock())
    except (DamagedDocument, EncryptedDocument):
        return ()
