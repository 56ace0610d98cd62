"""Papers of known kinds in layouts of other years and provinces: their tables, columns and labels."""

from kind_reader import read_changed


def test_a_name_behind_a_colon_does_not_make_another_label_of_the_words_before_it() -> None:
    found = read_changed(
        "marriage_certificate",
        ("Họ, chữ đệm, tên vợ:   ", "Bên A                  "),
        ("Họ, chữ đệm, tên chồng:", "Bên B"),
        ("NGUYỄN THỊ HOA MAI   ", "Họ và tên: VÕ HOA MAI"),
        ("TRẦN VĂN BÌNH MINH", "Họ và tên: VI VĂN MINH"),
    )

    assert found.fields["wife_birth_date"].value is None
    assert found.fields["husband_birth_date"].value is None
