"""What was wrong in the way that the command was used, in Vietnamese; the library says it in English."""

import re

_WORDS = (
    (r"No such command '?(.+?)'?\.?$", "Không có lệnh {0}"),
    (r"No such option: (\S+)", "Không có tùy chọn {0}"),
    (r"unexpected extra arguments?(?:\(s\))? \((.+)\)", "Thừa tham số {0}"),
    (r"Option '?(.+?)'? requires an argument", "Tùy chọn {0} cần một giá trị"),
    (r"Option '?(.+?)'? does not take a value", "Tùy chọn {0} không nhận giá trị"),
    (r"not one of (.+)", "chỉ được là {0}"),
    (r"valid integer", "phải là số nguyên"),
    (r"valid number", "phải là số"),
    (r"greater than or equal to (\S+)", "phải từ {0} trở lên"),
    (r"less than or equal to (\S+)", "phải không quá {0}"),
)


def is_help(error: Exception) -> bool:
    """Return whether nothing was asked, so that the message is the help."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_words(error: Exception) -> str:
    """Return in one line what was wrong in the use of the command."""
    parameter = getattr(error, "param", None)
    options = getattr(parameter, "opts", None) or [""]
    name = options[0] if options[0].startswith("-") else getattr(parameter, "metavar", None) or options[0]
    if type(error).__name__ == "MissingParameter":
        return f"Thiếu {name or 'tham số'}"
    said = str(error).rstrip(".")
    for pattern, words in _WORDS:
        if found := re.search(pattern, said):
            said = words.format(*found.groups())
            return f"{name} {said}" if name and words[0].islower() else said
    return said
