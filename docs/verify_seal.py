#!/usr/bin/env python3
"""Check the seal in the QR code of a certified paper, without network and without the program that made it.

    python verify_seal.py KEYS.json CODE [STATUS_LIST.cbor]

KEYS.json is the key set that the issuing office publishes (https://HOST/keys.json), CODE the text of the QR code (or a
file that holds it), STATUS_LIST.cbor the status list (https://HOST/status-list). Needs Python 3.9, `cbor2` and
`cryptography`; written from docs/seal.md alone. Exit code: 0 the seal holds (and the paper is in force, where a list is
given), 1 it does not, 2 wrong use.
"""

import base64
import json
import sys
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
STATES = ("in force", "WITHDRAWN", "UNDER VERIFICATION", "REPLACED BY A NEWER ONE", "EXPIRED")
FIELDS = {2: "kind", 3: "number", 5: "register number", 7: "holder"}
LIST_TYPE = "application/sohoa-status-list+cbor"


class Refused(Exception):
    """What was handed in does not hold."""


def find_key(keys: dict, key_id: bytes, use: str) -> dict:
    """Return the published key with this identifier."""
    if keys["format"] != "sohoa-seal-keys/1":
        raise Refused(f"unknown format of the key set: {keys['format']}")
    for key in keys["keys"]:
        if bytes.fromhex(key["key_id"]) == key_id and use in key["uses"]:
            if key.get("compromised"):
                raise Refused(f"the key of {key['issuer']} fell into wrong hands")
            return key
    raise Refused(f"no key {key_id.hex()} is published for this use")


def open_message(data: bytes, keys: dict, use: str) -> "tuple[dict, dict]":
    """Return the payload of a COSE_Sign1 and the key whose signature holds on it."""
    message = cbor2.loads(data)
    if not isinstance(message, cbor2.CBORTag) or message.tag != 18 or cbor2.dumps(message, canonical=True) != data:
        raise Refused("not a COSE_Sign1 in deterministic CBOR")
    protected, unprotected, payload, signature = message.value
    headers = cbor2.loads(protected)
    expected_type = LIST_TYPE if use == "status_list" else None
    if headers.get(1) != -7 or headers.get(3) != expected_type or set(headers) - {1, 3, 4} or unprotected:
        raise Refused("another algorithm, type or header; is there a newer version of this program?")
    key = find_key(keys, headers[4], use)
    x, y = (base64.urlsafe_b64decode(key["public_key"][axis] + "=") for axis in ("x", "y"))
    point = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
    public = point.public_key()
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != 64 or s > ORDER // 2:
        raise Refused("the signature is not in its one form")
    signed = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    try:
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise Refused(f"FORGED: the signature is not that of {key['issuer']}") from None
    content = cbor2.loads(payload)
    if cbor2.dumps(content, canonical=True) != payload:
        raise Refused("the payload is not deterministic CBOR")
    return content, key


def require_in_time(key: dict, day: date, slack: int = 0) -> None:
    """Check that the key was in use on the day, or so many days before or after it."""
    margin = timedelta(days=slack)
    first, last = key["valid_from"], key["valid_to"]
    if day + margin < date.fromisoformat(first) or (last and day - margin > date.fromisoformat(last)):
        raise Refused(f"dated {day}, when {key['issuer']} did not use this key")


def read_seal(text: str, keys: dict) -> "tuple[dict, dict]":
    """Return what a seal in base32 says, and whose it is."""
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    if base64.b32encode(data).rstrip(b"=").decode() != text:
        raise Refused("not base32 in its one form")
    content, key = open_message(data, keys, "seal")
    if content.get(0) != 1:
        raise Refused(f"version {content.get(0)}: a newer version of this program is needed")
    if set(content) - set(range(11)) or any(value in ("", b"", {}) for value in content.values()):
        raise Refused("the payload has an unknown or empty entry")
    if len(content[1]) != 10 or len(content[9]) != 32 or content[8] < 0:
        raise Refused("the payload has a value out of its bounds")
    require_in_time(key, date(1970, 1, 1) + timedelta(days=content[6]))
    return content, key


def document_id(data: bytes) -> str:
    """Return the identifier as it stands in the link."""
    number = int.from_bytes(data, "big")
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(75, -1, -5))


def show_date(value: "int | str") -> str:
    """Return an issue date as ISO writes it."""
    digits = str(value)
    if isinstance(value, str):
        return value
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)


def show(content: dict, key: dict) -> None:
    """Print what the seal says, for comparison with the paper."""
    print(f"The seal is genuine. Issued by: {key['issuer']}")
    print(f"  document: {document_id(content[1])}")
    for number, name in FIELDS.items():
        if number in content:
            print(f"  {name}: {content[number]}")
    if 4 in content:
        print(f"  issued on: {show_date(content[4])}")
    print(f"  certified on: {date(1970, 1, 1) + timedelta(days=content[6])}")
    for name, value in content.get(10, {}).items():
        print(f"  {name}: {value}")
    print(f"  SHA-256 of the page images: {content[9].hex()}")
    print("Compare each line with the paper. If one differs, the paper is forged.")


def show_state(data: bytes, keys: dict, index: int) -> bool:
    """Print what the status list says about the paper; return whether it is in force."""
    content, key = open_message(data, keys, "status_list")
    issued = datetime.fromtimestamp(content[2], UTC)
    require_in_time(key, issued.date(), slack=1)  # published in the office's time zone, said in UTC
    places = zlib.decompressobj().decompress(content[5], (content[4] + 1) // 2 + 1)
    if content.get(0) != 1 or len(places) != (content[4] + 1) // 2 or index >= content[4]:
        raise Refused("the status list does not know this paper; download a newer one")
    state = (places[index // 2] >> (4 * (index % 2))) & 15
    print(f"Status list {content[1]} of {issued:%Y-%m-%d %H:%M} UTC: {STATES[state]}")
    if datetime.now(UTC).timestamp() > content[3]:
        print("A newer list is due: download it.")
    return state == 0


def main(arguments: "list[str]") -> int:
    """Run the program."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    code = arguments[1]
    if len(code) < 200 and "#" not in code and Path(code).is_file():
        code = Path(code).read_text("utf-8")
    link, _, seal = code.strip().rpartition("#")
    try:
        keys = json.loads(Path(arguments[0]).read_text("utf-8"))
        content, key = read_seal(seal, keys)
        if link and not link.rstrip("/").endswith("/" + document_id(content[1])):
            raise Refused(f"the seal belongs to another paper ({document_id(content[1])}) than the link")
        show(content, key)
        in_force = show_state(Path(arguments[2]).read_bytes(), keys, content[8]) if len(arguments) == 3 else True
        if len(arguments) == 2:
            print("Whether the paper was withdrawn since is not known: no status list was given.")
    except Refused as refusal:
        print(f"NOT ACCEPTED: {refusal}")
        return 1
    except (
        cbor2.CBORDecodeError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        zlib.error,
    ) as error:
        print(f"NOT ACCEPTED: cut short, damaged, or no seal at all ({type(error).__name__})")
        return 1
    return 0 if in_force else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
