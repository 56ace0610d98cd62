from ocr.lexicon.title_items import names_office, title_items


def test_an_agency_is_no_office_though_its_words_are_alike() -> None:
    assert not names_office("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")


def test_the_words_of_a_title_are_parted() -> None:
    items = title_items(["TM.", "ỦY", "BAN", "NHÂN", "DÂN", "KT.", "CHỦ", "TỊCH", "PHÓ", "CHỦ", "TỊCH"])

    assert [(item.sort, item.text) for item in items] == [
        ("short", "TM"),
        ("body", "ỦY BAN NHÂN DÂN"),
        ("short", "KT"),
        ("office", "CHỦ TỊCH"),
        ("office", "PHÓ CHỦ TỊCH"),
    ]
