"""The one QR code of a paper: a link for any camera, and behind `#` the seal that verifies without a network."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from domain.errors import ConfigurationError, InputError, UnsupportedDocument
from domain.identifiers import is_document_id, normalize_identifier
from domain.models import Reason
from signing.seal import MAXIMUM_LENGTH

QrMatrix = tuple[tuple[bool, ...], ...]
"""Rows from the top, True is dark; without the quiet zone of 4 modules that must be left around it."""

MAXIMUM_VERSION = 14
_DATA_BITS_AT_M = {9: 1456, 10: 1728, 11: 2032, 12: 2320, 13: 2672, 14: 2920, 15: 3320, 16: 3624}
"""What a code of each version holds at level M (ISO/IEC 18004, table 7), mode heads included."""
_MODE_BITS = 4
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_THIS_MACHINE = ("127.0.0.1", "localhost")
_PATH = re.compile(r"/v/([0-9a-zA-Z -]{1,40})/?")
_SEAL = re.compile(r"[A-Z2-7]{60,}")
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "-": "", "_": "", "3": "e", "q": "g"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedCode:
    """What a QR code of ours, or something that looks like one, says."""

    host: str
    """Where the link leads, with a port if it names one; empty where only a seal or an identifier was read."""
    document_id: str
    """Empty where only a seal was read."""
    seal: str
    """In base32; empty where there is none."""


def verification_link(host: str, document_id: str) -> str:
    """Return the address of a paper's public page: HTTPS, but on this very machine, where a trial has no certificate.

    Raises:
        ConfigurationError: the host is no host name.
    """
    lower = host.lower()
    if not _HOST.fullmatch(lower) or not is_document_id(document_id):
        raise ConfigurationError(
            f"Tên máy chủ tra cứu «{host}» hoặc mã giấy tờ không đúng dạng. Vui lòng sửa cấu hình."
        )
    scheme = "http" if lower.partition(":")[0] in _THIS_MACHINE else "https"
    return f"{scheme}://{lower}/v/{document_id}"


def seal_room(link: str, *, maximum_version: int = MAXIMUM_VERSION) -> int:
    """Return how many bytes a seal may have beside the link in a code of at most this version (9 to 16)."""
    wide = maximum_version >= 10
    bits = _DATA_BITS_AT_M[maximum_version]
    bits -= _MODE_BITS + (16 if wide else 8) + 8 * (len(link.encode()) + 1)
    bits -= _MODE_BITS + (11 if wide else 9)
    pairs, rest = divmod(max(bits, 0), 11)
    return (2 * pairs + (1 if rest >= 6 else 0)) * 5 // 8


def qr_matrix(link: str, seal: str, *, maximum_version: int = MAXIMUM_VERSION) -> QrMatrix:
    """Return the code for a link and its seal at error correction level M.

    Raises:
        InputError: it does not fit into the largest version.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(f"{link}#".encode(), mode=MODE_8BIT_BYTE), optimize=0)
    code.add_data(QRData(seal.encode(), mode=MODE_ALPHA_NUM), optimize=0)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as e:
        raise _too_large() from e
    if code.version > maximum_version:
        raise _too_large()
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def parse_code(text: str) -> ScannedCode:
    """Return the host, document and seal that a scanned or typed text names.

    Raises:
        UnsupportedDocument: it is neither a verification link, nor a seal, nor an identifier.
    """
    stripped = text.strip()
    if _SEAL.fullmatch(stripped) and len(stripped) <= MAXIMUM_LENGTH:
        return ScannedCode(host="", document_id="", seal=stripped)
    if is_document_id(normalize_identifier(stripped)):
        return ScannedCode(host="", document_id=normalize_identifier(stripped), seal="")
    try:
        parts = urlsplit(stripped)
        port = parts.port
    except ValueError as e:
        raise _not_ours() from e
    found = _PATH.fullmatch(parts.path)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or not found:
        raise _not_ours()
    identifier = normalize_identifier(found.group(1))
    if not is_document_id(identifier) or len(parts.fragment) > MAXIMUM_LENGTH:
        raise _not_ours()
    host = parts.hostname if port is None else f"{parts.hostname}:{port}"
    return ScannedCode(host=host, document_id=identifier, seal=parts.fragment)


def judge_host(host: str, own_hosts: frozenset[str]) -> Reason:
    """Return whether a code leads to one of our hosts, to one that only looks like it, or elsewhere."""
    if host in own_hosts:
        return Reason(code="host_ours", good=True, values={"host": host})
    for own in sorted(own_hosts):
        if _resembles(host, own):
            return Reason(code="host_look_alike", good=False, values={"host": host, "own": own})
    return Reason(code="host_foreign", good=False, values={"host": host})


def _resembles(host: str, own: str) -> bool:
    name, wanted = host.partition(":")[0], own.partition(":")[0]
    if not name.isascii() or "xn--" in name or name == wanted or wanted in name:
        return True
    plain, wanted_plain = _skeleton(name), _skeleton(wanted)
    return plain == wanted_plain or wanted_plain in plain or _distance(plain, wanted_plain) <= max(2, len(plain) // 7)


def _skeleton(name: str) -> str:
    return name.translate(_LOOK_ALIKES).replace("rn", "m").replace("vv", "w")


def _distance(one: str, other: str) -> int:
    """Return the edit distance of two names."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def _too_large() -> InputError:
    return InputError(
        "Nội dung không vừa mã QR cỡ cho phép. Vui lòng rút ngắn tên máy chủ hoặc bớt trường ghi trong tem."
    )


def _not_ours() -> UnsupportedDocument:
    return UnsupportedDocument(
        "Đây không phải mã QR, đường dẫn hay mã tra cứu của hệ thống này. Vui lòng quét lại mã trên bản sao điện tử."
    )
