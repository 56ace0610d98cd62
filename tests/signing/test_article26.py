from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from domain.models import SealContent
from signing.article26 import MAXIMUM_VERSION, Article26, article_26_fields
from signing.qr import qr_matrix, seal_room, verification_link
from signing.seal import make_seal, read_seal
from signing.seal_keys import SealKeySet, published_key, seal_key

VALUES = Article26(
    dossier="H00.12-261121-0001",
    procedure="1.000894",
    owner_id="001099012345",
    title="Giấy khai sinh",
    system="Hệ thống tỉnh Mẫu",
    published_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
)


def test_only_what_is_there_is_named() -> None:
    assert article_26_fields(Article26(dossier="H00")) == {"hs": "H00"}
    assert article_26_fields(Article26()) == {}


def test_all_fields_of_the_article_fit_into_the_larger_code_and_come_back() -> None:
    key = seal_key(derive_private_key(26, SECP256R1()), issuer="UBND xã Tân Tiến")
    keys = SealKeySet((published_key(key, valid_from=date(2026, 1, 1)),))
    link = verification_link("kho.tinhmau.example.vn", "0123456789abcdef")
    content = SealContent(
        document_id="0123456789abcdef",
        issuer=key.issuer,
        key_id=key.key_id.hex(),
        kind="birth_certificate",
        number="45/2026",
        issue_date="2026-11-20",
        register_number="12/2026-SCTĐT/BS",
        certified_on=date(2026, 11, 21),
        holder="Nguyễn Văn An",
        status_index=70001,
        content_sha256="5d" * 32,
        extra=article_26_fields(VALUES),
    )
    seal = make_seal(content, key, room=seal_room(link, maximum_version=MAXIMUM_VERSION))

    assert read_seal(seal, keys).content == content
    assert len(qr_matrix(link, seal, maximum_version=MAXIMUM_VERSION)) <= 17 + 4 * MAXIMUM_VERSION
