from dataclasses import replace

import pytest
from index_entries import document_id, entry, record

from domain.errors import InputError
from domain.models import Filing, RecordState
from storage.database import Database
from storage.index import IndexEntry, RecordFilter, clear_index, delete_record, save_record, save_records
from storage.search import SearchQuery, find_similar, search_records


def named(number: int, name: str, *, text: str = "", **fields: str) -> IndexEntry:
    filing = Filing(owner_id=f"07030000{number:04d}", owner_name=name, dossier=f"D{number}")
    return entry(number, text=text, filing=filing, fields=fields)


def found(database: Database, text: str = "", **parts: object) -> list[int]:
    with database.reading() as transaction:
        query = SearchQuery(text=text, **parts)  # type: ignore[arg-type]  # the tests name real parts
        return [shown.status_index for shown in search_records(transaction, query).records]


def save(database: Database, *entries: IndexEntry) -> None:
    with database.transaction() as transaction:
        save_records(transaction, entries)


@pytest.mark.parametrize("typed", ["nguyen van a", "Nguyễn Văn A", "NGUYEN  VĂN A", "Nguyê\u0303n Va\u0306n A"])
def test_a_name_is_found_with_and_without_diacritics(database: Database, typed: str) -> None:
    save(database, named(1, "Nguyễn Văn A"), named(2, "Đặng Thị Bưởi"))

    assert found(database, typed) == [1]


def test_the_letter_d_with_stroke_is_found_as_d(database: Database) -> None:
    save(database, named(1, "Nguyễn Văn A"), named(2, "Đặng Thị Bưởi"))

    assert found(database, "dang thi buoi") == [2]


def test_whole_names_come_first_then_words_side_by_side(database: Database) -> None:
    save(
        database,
        named(1, "Nguyễn Văn A"),
        named(2, "Nguyễn Văn A Lý"),
        named(3, "Trần Văn A"),
    )

    assert found(database, "nguyen van a") == [1, 2]


def test_words_anywhere_are_found_where_no_paper_has_them_side_by_side(database: Database) -> None:
    save(
        database,
        named(1, "Nguyễn Văn A", text="thửa đất"),
        named(2, "Nguyễn Văn A", text="nhà ở"),
    )

    assert found(database, "thua dat nguyen van a") == [1]
    assert found(database, "nha o thua dat") == []


def test_among_equals_the_diacritics_that_were_typed_come_first_then_the_newest(database: Database) -> None:
    save(database, named(1, "Nguyễn Văn Hoá"), named(2, "Nguyễn Văn Hòa"), named(3, "Nguyễn Văn Hoa"))

    assert found(database, "Nguyễn Văn Hoá") == [1, 3, 2]
    assert found(database, "nguyen van hoa") == [3, 2, 1]


def test_the_text_title_and_holder_of_a_paper_are_searched(database: Database) -> None:
    save(
        database,
        named(1, "Lê Thị C", text="Thửa đất số 15, tờ bản đồ số 7, xã Thuận Lợi"),
        named(2, "Lê Thị D", holder_name="Hoàng Minh Đức"),
        replace(named(3, "Lê Thị E"), record=record(3, title="Giấy phép xây dựng")),
    )

    assert found(database, "ban do thuan loi") == [1]
    assert found(database, "hoàng minh đức") == [2]
    assert found(database, "giay phep xay dung") == [3]


def test_a_field_name_from_outside_cannot_break_the_search(database: Database) -> None:
    save(database, named(1, "A", **{"số ' hiệu\"": "7' | b", "x' & 'y": "\\"}))

    assert found(database, fields={"số ' hiệu\"": "7 b"}) == [1]
    assert found(database, fields={"' | '": "7"}) == []


def test_any_field_is_found_by_its_whole_value(database: Database) -> None:
    save(database, named(1, "A", map_sheet="17", parcel="7"), named(2, "B", map_sheet="7", parcel="17"))

    assert found(database, fields={"map_sheet": "17"}) == [1]
    assert found(database, fields={"parcel": "17", "map_sheet": "7"}) == [2]
    assert found(database, fields={"parcel": "1"}) == []


def test_a_search_keeps_to_owner_kind_and_state(database: Database) -> None:
    withdrawn = replace(named(3, "Nguyễn Văn A"), record=record(3, state=RecordState.WITHDRAWN, kind="diploma"))
    save(database, named(1, "Nguyễn Văn A"), named(2, "Nguyễn Văn A"), withdrawn)

    assert found(database, "nguyen van", chosen=RecordFilter(owner_id="070300000002")) == [2]
    assert found(database, "nguyen van", chosen=RecordFilter(kind="diploma")) == [3]
    assert found(database, "nguyen van", chosen=RecordFilter(states=(RecordState.IN_FORCE,))) == [2, 1]


def test_an_owner_with_very_many_papers_is_searched_too(database: Database) -> None:
    papers = [replace(entry(n), text="họp định kỳ" if n % 100 == 0 else "") for n in range(1, 402)]
    save(database, *papers)

    assert found(database, "dinh ky", chosen=RecordFilter(owner_id="070300000001")) == [400, 300, 200, 100]


def test_what_was_found_is_paged_without_gap_or_repeat(database: Database) -> None:
    save(database, *[named(n, "Nguyễn Văn A" if n % 3 else "Nguyễn Văn A Lý") for n in range(1, 151)])
    shown: list[int] = []
    with database.reading() as transaction:
        for offset in range(0, 150, 20):
            page = search_records(transaction, SearchQuery(text="nguyen van a"), limit=20, offset=offset)
            shown += [found.status_index for found in page.records]

    assert not page.more
    assert shown[:100] == [n for n in range(150, 0, -1) if n % 3]
    assert shown[100:] == [n for n in range(150, 0, -1) if not n % 3]


def test_a_paper_is_found_by_its_new_text_only_and_not_after_deletion(database: Database) -> None:
    save(database, named(1, "A", text="phường Long Bình"))
    save(database, named(1, "A", text="phường Trảng Dài"))

    assert found(database, "long binh") == []
    assert found(database, "trang dai") == [1]
    with database.transaction() as transaction:
        assert delete_record(transaction, document_id(1))
        assert not delete_record(transaction, document_id(1))
    assert found(database, "trang dai") == []


def test_a_cleared_index_finds_nothing_until_it_is_filled(database: Database) -> None:
    save(database, named(1, "Nguyễn Văn A"))
    with database.transaction() as transaction:
        clear_index(transaction)
    assert found(database, "nguyen van a") == []

    save(database, named(2, "Nguyễn Văn A"))
    assert found(database, "nguyen van a") == [2]


@pytest.mark.parametrize("typed", ["nguyen OR 1=1", "\"a' & b", "a* NEAR(b)", "name=x", "'; DROP TABLE records", "\\"])
def test_signs_of_the_search_language_are_words_or_nothing(database: Database, typed: str) -> None:
    save(database, named(1, "Nguyễn Văn A"))

    if any(letter.isalnum() for letter in typed):
        assert found(database, typed) == []
    else:
        with pytest.raises(InputError, match="nhập từ cần tìm"):
            found(database, typed)


def test_a_place_far_down_the_list_asks_for_a_narrower_search(database: Database) -> None:
    with database.reading() as transaction, pytest.raises(InputError, match="tìm hẹp hơn"):
        search_records(transaction, SearchQuery(text="nguyen"), offset=5000)


HASH = 0x9F3A_0C71_E2D4_8B56


@pytest.mark.parametrize("bits", [(), (0,), (3, 17, 63), (0, 1, 16, 17, 32, 33, 48), (15, 31, 47, 63, 5, 9, 62)])
def test_a_page_that_differs_in_up_to_seven_bits_is_found(database: Database, bits: tuple[int, ...]) -> None:
    near = HASH
    for bit in bits:
        near ^= 1 << bit
    save(database, entry(1, page_hashes=(near,)), entry(2, page_hashes=(HASH ^ 0xFFFF_FFFF,)))
    with database.reading() as transaction:
        similar = find_similar(transaction, [HASH], max_distance=7)

    assert [(paper.document_id, paper.distance) for paper in similar] == [(document_id(1), len(bits))]


def test_the_paper_with_more_of_the_pages_is_the_nearest(database: Database) -> None:
    other = HASH ^ 0xFFFF_0000_FFFF_0000
    save(database, entry(1, page_hashes=(HASH, 5)), entry(2, page_hashes=(other, HASH ^ 1)), entry(3, page_hashes=(6,)))
    with database.reading() as transaction:
        similar = find_similar(transaction, [HASH, other])

    assert [(paper.document_id, paper.pages) for paper in similar] == [(document_id(2), 2), (document_id(1), 1)]


def test_the_pages_of_a_record_are_replaced_with_it(database: Database) -> None:
    save(database, entry(1, page_hashes=(HASH, HASH ^ 1)))
    with database.transaction() as transaction:
        save_record(transaction, entry(1, page_hashes=(5,)))

        assert find_similar(transaction, [HASH]) == ()
        assert len(find_similar(transaction, [5])) == 1
