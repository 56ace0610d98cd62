"""What stands on a terminal while papers are read."""

import io
import re

from rich.console import Console

from terminal.screen import Screen


def test_results_never_share_a_line_with_the_progress() -> None:
    terminal = io.StringIO()
    screen = Screen(
        out=Console(file=terminal, force_terminal=True, width=100),
        err=Console(file=terminal, force_terminal=True, width=100),
    )

    with screen.pages("Đang đọc", papers=40) as on_page:
        on_page("giay-01.png", 1)
        on_page.paper(1)
        screen.line("kết quả thứ nhất")
        screen.table(("Cột",), [("ô thứ nhất",)], empty="")
    screen.line("kết quả cuối")

    lines = re.split(r"[\r\n]", terminal.getvalue())
    for result in ("kết quả thứ nhất", "Cột", "ô thứ nhất", "kết quả cuối"):
        (line,) = (line for line in lines if result in line)
        assert "trang" not in line
    assert any("1/40 giấy tờ, 1 trang" in line and "giay-01.png" in line for line in lines)
