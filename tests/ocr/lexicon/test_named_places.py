import pytest

from ocr.lexicon.named_places import Surroundings, is_told, place_itself, places_in, surroundings
from ocr.lexicon.place_names import Standing

NOWHERE = Surroundings()
GIONG_RIENG = surroundings(("ỦY BAN NHÂN DÂN", "HUYỆN GIỒNG RIỀNG", "tỉnh Kiên Giang"))


def standings(text: str, around: Surroundings = NOWHERE) -> list[tuple[str, str, str]]:
    return [(one.name, one.standing.value, one.listed) for one in places_in(text, around, address=True)]


def test_a_chain_from_the_commune_up() -> None:
    assert standings("ấp Thạnh Tân, xã Thạnh Hưng, huyện Giồng Riềng, tỉnh Kiên Giang") == [
        ("Thạnh Hưng", "listed", "Thạnh Hưng"),
        ("Giồng Riềng", "listed", "Giồng Riềng"),
        ("Kiên Giang", "listed", "Kiên Giang"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "standing", "listed"),
    [
        ("xã Thạnh Hưng, huyện Giồng Riêng, tỉnh Kiên Giang", "Giồng Riêng", "alike", "Giồng Riềng"),
        ("xã Thanh Hưng, huyện Giồng Riêng, tỉnh Kiên Giang", "Thanh Hưng", "alike", "Thạnh Hưng"),
        ("tổ 3, xã Đăk Mar, huyện Đấk Hà, tỉnh Kon Tum", "Đấk Hà", "alike", "Đăk Hà"),
        ("tổ 3, xã Đắk Mar, huyện Đăk Hà, tỉnh Kon Tum", "Đắk Mar", "unsure", "Đăk Mar"),
        ("Tổ 3, Tân Lập, Đông Phú, Bình Phước", "Đông Phú", "alike", "Đồng Phú"),
        ("Tổ 3, Tân Láp, Đồng Phú, Bình Phước", "Tân Láp", "alike", "Tân Lập"),
        ("xã Thạnh Hưnq, huyện Giồng Riềng, tỉnh Kiên Giang", "Thạnh Hưnq", "near", "Thạnh Hưng"),
        ("xã Đặk Mar, huyện Đăk Hà, tỉnh Kon Tum", "Đặk Mar", "alike", "Đăk Mar"),
        ("Xã Thạnh Hưng Huyện Giồng Riêng Tỉnh Kiên Giang", "Giồng Riêng", "alike", "Giồng Riềng"),
        ("xã Nghĩa Vịnh, huyện Đồng Phú, tỉnh Bình Phước", "Nghĩa Vịnh", "unlisted", ""),
        ("xã Thạnh Hưng, huyện Đồng Phú, tỉnh Bình Phước", "Thạnh Hưng", "astray", "Thạnh Hưng"),
        ("xã Minh Quán, huyện Trấn Yên, tỉnh Yên Bái", "Minh Quán", "rivaled", "Minh Quán"),
        ("xã Gio Linh, tỉnh Quảng Trị", "Gio Linh", "listed", "Gio Linh"),
        ("Phường 12, Quận 3, Thành phố Hồ Chí Minh", "12", "listed", "12"),
        ("Phường 02, Quận 3, Thành phố Hồ Chí Minh", "02", "listed", "2"),
        ("xã Cao Minh, huyện Cao Lãnh, tỉnh Đồng Tháp", "Cao Lãnh", "listed", "Cao Lãnh"),
        ("xã Yên Lợi, huyện Ý Yên, tỉnh Nam Định", "Yên Lợi", "unlisted", ""),  # merged, and not Yên Lộc
        ("thị trấn Ea T’ling, huyện Cư Jút, tỉnh Đắk Nông", "Ea T’ling", "listed", "Ea T'Ling"),
        ("xã Vĩnh Hoà Hiệp, huyện Châu Thành, tỉnh Kiên Giang", "Vĩnh Hoà Hiệp", "listed", "Vĩnh Hòa Hiệp"),
        ("thị trấn KBang, huyện KBang, tỉnh Gia Lai", "KBang", "listed", "KBang"),
        ("HUYỆN ĐỒNG PHÚ - TỈNH BÌNH PHƯỚC", "ĐỒNG PHÚ", "listed", "Đồng Phú"),
        ("xã Tân Lập, huyện Đồng Phú - Bình Phước", "Tân Lập", "listed", "Tân Lập"),
        ("phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", "1", "listed", "1"),
        ("huyện Đồng Phú, tỉnh Đồng Nai", "Đồng Phú", "known", "Đồng Phú"),  # merged since
        ("xã Tân Lập, huyện Đan Phượng, tỉnh Hà Tây", "Đan Phượng", "known", "Đan Phượng"),  # of another time
    ],
)
def test_what_the_list_says_of_a_name(text: str, name: str, standing: str, listed: str) -> None:
    assert (name, standing, listed) in standings(text)


def test_a_name_alone_is_looked_for_where_the_paper_is_at_home() -> None:
    assert standings("Ủy ban nhân dân xã Thanh Hưng", GIONG_RIENG) == [("Thanh Hưng", "alike", "Thạnh Hưng")]
    assert standings("Ủy ban nhân dân xã Thanh Hưng") == [("Thanh Hưng", "known", "Thanh Hưng")]
    assert standings("Ủy ban nhân dân huyện Giồng Riêng") == [("Giồng Riêng", "unsure", "Giồng Riềng")]


@pytest.mark.parametrize(
    "text",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Huyện ủy Giồng Riềng",
        "an sinh xã hội",
        "ấp Thạnh Tân, tổ 5",
        "Bình Phước",
    ],
)
def test_no_place_where_none_is_named(text: str) -> None:
    assert standings(text) == []


def test_what_follows_a_name_is_left_out() -> None:
    assert standings("HUYỆN GIỒNG RIỀNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", GIONG_RIENG) == [
        ("GIỒNG RIỀNG", "listed", "Giồng Riềng")
    ]


def test_a_place_elsewhere_is_doubted_where_one_like_it_lies_at_home() -> None:
    at_home = surroundings(("huyện Di Linh, tỉnh Lâm Đồng",))

    assert standings("Ủy ban nhân dân xã Tân Lân", at_home) == [("Tân Lân", "unsure", "Tân Lân")]
    assert standings("Ủy ban nhân dân xã Tân Lân", GIONG_RIENG) == [("Tân Lân", "known", "Tân Lân")]


def test_other_words_with_capitals_may_follow_a_name() -> None:
    found = places_in("xã Ba Eụm Bắc", GIONG_RIENG)[0]
    followed = places_in("xã Thạnh Hưng Giồng Riềng, Huyện Giồng Riềng", GIONG_RIENG)

    assert (found.name, found.standing) == ("Ba Eụm Bắc", Standing.UNLISTED)  # and not the commune of Ba
    assert [(one.name, one.whole) for one in followed] == [("Thạnh Hưng", False), ("Giồng Riềng", True)]


def test_next_to_the_province_stands_a_district_or_a_commune_without_one() -> None:
    assert ("Thạnh Hòa", "alike", "Thạnh Hóa") in standings("Ấp 9, Tân Đông, Thạnh Hòa, Long An")
    assert ("Giồng Riềng", "listed", "Giồng Riềng") in standings("Ấp 9, Giồng Riềng, An Giang")


def test_a_place_before_a_date() -> None:
    assert place_itself("Giồng Riềng", GIONG_RIENG).standing is Standing.LISTED
    assert place_itself("Giồng Riêng", GIONG_RIENG).listed == "Giồng Riềng"
    assert place_itself("Thanh Hưng", GIONG_RIENG).elsewhere


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("xã Thạnh Hưng, huyện Giồng Riềng, tỉnh Kiên Giang", True),
        ("xã Mong Thọ A, huyện Châu Thành, tỉnh Kiên Giang", False),  # and B
        ("xã Minh Quán, huyện Trấn Yên, tỉnh Yên Bái", False),  # and Minh Quân
        ("Phường 12, Quận 3, Thành phố Hồ Chí Minh", False),
    ],
)
def test_a_name_with_like_neighbors_is_not_told_by_the_list(text: str, told: bool) -> None:
    assert is_told(places_in(text, NOWHERE)[0]) is told


def test_the_paper_is_at_home_in_listed_districts_only() -> None:
    assert surroundings(("huyện Giồng Riêng, tỉnh Kiên Giang",)).districts == frozenset()
    assert GIONG_RIENG.districts == {("Giồng Riềng", "Kiên Giang")}
    assert surroundings(("huyện Giồng Riềng",)).provinces == {"Kiên Giang"}
