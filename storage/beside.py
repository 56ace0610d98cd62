"""What lies beside the papers: how it is called, and the last line that holds a digest."""

import json
import re

from domain.errors import ObjectMissing
from domain.identifiers import is_document_id
from storage.keys import sha512_of

_BESIDE = re.compile(
    r"owners/0=ocfl_1\.1|owner_key\.check|claims/[^/]+|sources/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|drafts/[^/]{2}/[^/]{16}/draft\.\d{6}\.jsonl|status/\d{9}\.cbor|books/[^/]+/[^/]+\.jsonl"
    r"|retention/[^/]{16}/\d{4}-\d\d-\d\d|holds/[^/]{16}/[^/]+\.json"
)


def body_holds(data: bytes) -> bool:
    """Return whether a draft or an entry has the digest that its last line says."""
    body, _, last = data.removesuffix(b"\n").rpartition(b"\n")
    try:
        return bool(json.loads(last)["sha512"] == sha512_of(body))
    except (ValueError, KeyError, TypeError):
        return False


def is_ours(key: str) -> bool:
    """Return whether an object that is no part of a paper has a name as this module and its neighbors give them."""
    return _BESIDE.fullmatch(key) is not None


def source_key(sha256: str) -> str:
    """Return the key of a source."""
    return f"sources/{sha256[:2]}/{sha256}"


def draft_folder(draft_id: str) -> str:
    """Return the prefix of a draft's revisions.

    Raises:
        ObjectMissing: it is no identifier of a draft.
    """
    if not is_document_id(draft_id):
        raise ObjectMissing(f"«{draft_id[:40]}» không phải là mã bản nháp; hãy kiểm tra lại mã.")
    return f"drafts/{draft_id[:2]}/{draft_id}/"


def draft_key(draft_id: str, revision: int) -> str:
    """Return the key of a revision of a draft.

    Raises:
        ObjectMissing: it is no identifier of a draft.
    """
    return f"{draft_folder(draft_id)}draft.{revision:06d}.jsonl"


def with_digest(data: bytes) -> bytes:
    """Return the data with one line more, which holds its digest."""
    return data + b"\n" + json.dumps({"sha512": sha512_of(data)}).encode("ascii") + b"\n"
