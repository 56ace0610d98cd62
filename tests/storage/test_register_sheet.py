import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

from register_workers import application

from storage.database import Database
from storage.register import count_book, issue, list_entries, open_book, reserve_number, void
from storage.register_sheet import COLUMNS, write_register_csv

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def test_the_sheet_has_the_columns_of_the_form_every_number_and_the_totals(database: Database) -> None:
    with database.transaction() as transaction:
        book = open_book(transaction, unit="H19.15", year=2026, act="SCTĐT/BS", now=NOW)
        odd = replace(application("b"), requester="=HYPERLINK(1)", title='Giấy "khai sinh", bản chính')
        lines = [
            reserve_number(transaction, book, asked, now=NOW)
            for asked in (application("a", copies=3, fee=6000), odd, application("c"))
        ]
        issue(transaction, lines[0], "0123456789abcdef", now=NOW)
        void(transaction, lines[1], "Người yêu cầu rút hồ sơ", now=NOW)
        sheet = write_register_csv(list_entries(transaction, book), count_book(transaction, book))
    rows = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))))

    assert sheet.startswith("\ufeff")
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == [
        "01",
        "01/2026-SCTĐT/BS",
        "22/11/2026",
        "Nguyễn Văn An, 070300000001",
        "Giấy khai sinh",
        "Trần Thị Bình, Phó Chủ tịch",
        "3",
        "2",
        "6000",
        "",
    ]
    assert rows[2][3].startswith("'=HYPERLINK")
    assert rows[2][4] == 'Giấy "khai sinh", bản chính'
    assert (rows[2][6], rows[2][9]) == ("0", "Đã hủy: Người yêu cầu rút hồ sơ")
    assert rows[3][9] == "Đang giữ chỗ"
    assert rows[4][0] == "Tổng số: 3 số; đã cấp 1; hủy 1; giữ chỗ 1"
    assert rows[4][6:9] == ["3", "2", "6000"]
