"""Signed statements: lines of text under the key of the seals, e.g. the state of the access log."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from signing.seal_keys import KeyUse, SealKey, SealKeySet


def sign_statement(statement: bytes, key: SealKey) -> bytes:
    """Return the key's identifier and its signature (ECDSA with SHA-256, DER) over the statement.

    A statement begins with a line that says what it is, so that it can be taken for no seal and no status list: what
    is signed for these begins with a byte of CBOR.
    """
    return key.key_id + key.private_key.sign(statement, ECDSA(SHA256()))


def statement_holds(statement: bytes, signature: bytes, keys: SealKeySet) -> bool:
    """Return whether one of the published keys signed the statement and was not compromised."""
    key = next((key for use in KeyUse if (key := keys.find(signature[:4], use)) is not None), None)
    if key is None or key.compromised:
        return False
    try:
        key.public_key.verify(signature[4:], statement, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
