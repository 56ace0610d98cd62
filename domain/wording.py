"""What the operating system, the TOML reader and strangers' texts say, in words that can be shown to a person."""

import errno
import re
import tomllib
import unicodedata

_SYSTEM = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "hết chỗ trống trên ổ đĩa",
    errno.EDQUOT: "hết dung lượng được cấp",
    errno.EISDIR: "đây là thư mục",
    errno.ENOTDIR: "đường dẫn đi qua một tệp",
    errno.EEXIST: "đã có tệp cùng tên",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết vòng quanh",
    errno.EIO: "ổ đĩa đọc ghi lỗi",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
    errno.EFBIG: "tệp quá lớn",
    errno.EADDRINUSE: "đã có chương trình khác dùng",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ đó",
}
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def system_reason(error: OSError) -> str:
    """Return why the operating system refused, in a few Vietnamese words."""
    known = _SYSTEM.get(error.errno) if error.errno is not None else None
    return known or f"hệ điều hành báo lỗi {error.errno or type(error).__name__}"


def toml_reason(error: tomllib.TOMLDecodeError) -> str:
    """Return where a TOML file is wrong."""
    place = _PLACE.search(str(error))
    return f"sai cú pháp ở dòng {place[1]}, cột {place[2]}" if place else "sai cú pháp ở cuối tệp"


def harmless(text: str, *, keep: str = "") -> str:
    """Return a text from outside with a question mark for every character that steers a terminal or is no character.

    Args:
        keep: Control characters that stay.
    """
    return "".join("?" if unicodedata.category(c)[0] == "C" and c not in keep else c for c in text)
