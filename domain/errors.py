"""The errors of the system, each named for who can put it right.

A message is one line in Vietnamese for the person at the counter: what is wrong, and what to do.
A doubtful field is a `Problem` and a forged paper a `Verification`; neither is an error.
"""


class DocumentError(Exception):
    """Anything the system refuses or cannot do, with a message for its user."""


class InputError(DocumentError):
    """What came in cannot be used; the person who handed it in can put it right."""


class UnsupportedDocument(InputError):
    """The bytes are of no format that is read here, or not what their name says."""


class DamagedDocument(InputError):
    """The file is empty, cut short or corrupt."""


class EncryptedDocument(InputError):
    """The file needs a password or forbids reading."""


class OversizedDocument(InputError):
    """The file has too many pages, pixels or bytes, or unpacks to too many."""


class UnknownDocument(InputError):
    """No draft, record or object has this identifier."""


class NotReady(InputError):
    """The paper is not in the state that the verb needs, e.g. fields are still open."""


class CertificationRefused(InputError):
    """The law forbids to certify this paper (NĐ 23/2015 Art. 22)."""


class ConfigurationError(DocumentError):
    """A setting, kind, statement or table is missing or wrong; the administrator can put it right."""


class ToolError(DocumentError):
    """A program or service that we depend on does not do its part."""


class MissingTool(ToolError):
    """A program or its language data is not installed."""


class ToolFailed(ToolError):
    """A program ended with an error."""


class ToolTimeout(ToolError):
    """A program or service did not answer in its time."""


class SigningError(DocumentError):
    """A signature could not be made."""


class SigningKeyUnavailable(SigningError):
    """The key, token or remote service cannot be reached or was pulled out."""


class WrongPin(SigningError):
    """The PIN was refused. It is never tried a second time: tokens lock."""


class CertificateUnusable(SigningError):
    """The signer's certificate is expired, not yet valid, revoked or of the wrong purpose."""


class TimestampUnavailable(SigningError):
    """The time-stamp service did not give a usable token."""


class InvalidSignature(SigningError):
    """A signature that must hold does not."""


class StorageError(DocumentError):
    """The object store or the database does not do its part."""


class ObjectMissing(StorageError):
    """No object has this key."""


class ObjectExists(StorageError):
    """An object with this key is there already; objects are never overwritten."""


class ObjectCorrupt(StorageError):
    """An object's bytes do not have the digest that is on record."""


class StoreUnavailable(StorageError):
    """The store or database cannot be reached, is full or read-only."""
