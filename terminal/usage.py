"""What was wrong in the way that the command was used, in Vietnamese; the library says it in English."""

import re

_WORDS = (
    (r"No such command '(.+?)'\. Did you mean (.+?)\?$", "Không có lệnh {0} (có phải {1}?)"),
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


_HELP_WORDS = (
    (r"^Usage:", "Cách dùng:"),
    (r"\[OPTIONS\]", "[TÙY CHỌN]"),
    (r"COMMAND \[ARGS\]\.\.\.", "LỆNH [THAM SỐ]..."),
    (r"^Arguments:$", "Tham số:"),
    (r"^Options:$", "Tùy chọn:"),
    (r"^Commands:$", "Lệnh:"),
    (r"\[default:", "[mặc định:"),
    (r"\[required\]", "[bắt buộc]"),
    (r"; required\]", "; bắt buộc]"),
    (r"Show this message and exit\.", "Xem hướng dẫn này."),
    (r"Install completion for the current shell\.", "Cài gợi ý bằng phím Tab cho trình lệnh đang dùng."),
    (
        r"Show completion for the current shell, to copy it or\s+customize the\s+installation\.",
        "In phần gợi ý đó ra, không cài.",
    ),
)


def help_words(text: str) -> str:
    """Return the help of a command with the library's own words in Vietnamese."""
    for pattern, words in _HELP_WORDS:
        text = re.sub(pattern, words, text, flags=re.MULTILINE)
    return text
