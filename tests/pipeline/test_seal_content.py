"""What the code of a paper says without a network, for every kind of paper."""

from datetime import date
from importlib.resources import files

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from domain.models import SealContent
from ocr.fields.kinds import Kind, load_kinds
from signing.qr import qr_matrix, seal_room, verification_link
from signing.seal import make_seal, mask_name, read_seal
from signing.seal_keys import SealKeySet, published_key, seal_key

ID = "bevs2fv1m9a2q0sn"
LINK = verification_link("tracuu.khodulieu.binhphuoc.gov.vn", ID)
KEY = seal_key(derive_private_key(0x5EA1, SECP256R1()), issuer="UBND xã Tân Tiến")
KEYS = SealKeySet((published_key(KEY, unit="H05.12", valid_from=date(2026, 1, 1)),))
KINDS = load_kinds(files("configs") / "kinds").kinds


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_kind_number_and_holder_stand_whole_in_the_code(kind: Kind) -> None:
    content = SealContent(
        document_id=ID,
        issuer=KEY.issuer,
        key_id=KEY.key_id.hex(),
        kind=kind.title["vi"],
        number="1234/UBND-XNTTHN",
        issue_date="2024-09-17",
        register_number="1234/2026-SCTĐT/BS",
        certified_on=date(2026, 11, 23),
        holder=mask_name("NGUYỄN THỊ HỒNG PHƯƠNG"),
        status_index=123_456,
        content_sha256="5d" * 32,
    )

    seal = make_seal(content, KEY, room=seal_room(LINK))

    assert read_seal(seal, KEYS).content == content
    assert qr_matrix(LINK, seal)
