"""How far a pattern is from the part of a text that is most like it."""


def least_edits(pattern: str, text: str) -> int:
    """Return the least edits between a pattern and any part of a text (Myers 1999, with the columns in one integer)."""
    masks: dict[str, int] = {}
    for place, letter in enumerate(pattern):
        masks[letter] = masks.get(letter, 0) | 1 << place
    last = 1 << (len(pattern) - 1)
    rising, falling, distance = (last << 1) - 1, 0, len(pattern)
    least = distance
    for letter in text:
        match = masks.get(letter, 0)
        same = (((match & rising) + rising) ^ rising) | match | falling
        up, down = falling | ~(same | rising), rising & same
        distance += bool(up & last) - bool(down & last)
        up, down = up << 1, down << 1
        rising, falling = (down | ~(same | up)) & ((last << 1) - 1), up & same
        least = min(least, distance)
    return least


def align(pattern: str, text: str) -> tuple[int, tuple[int | None, ...]]:
    """Return the least edits between a pattern and any part of a text, and the place of each of its letters there."""
    columns = len(text) + 1
    costs = [[0] * columns]
    for row, letter in enumerate(pattern, 1):
        above, here = costs[-1], [row]
        for column in range(1, columns):
            same = above[column - 1] + (letter != text[column - 1])
            here.append(min(same, above[column] + 1, here[-1] + 1))
        costs.append(here)
    column = min(range(columns), key=lambda place: costs[-1][place])
    distance, row = costs[-1][column], len(pattern)
    places: list[int | None] = [None] * row
    while row:
        if column and costs[row][column] == costs[row - 1][column - 1] + (pattern[row - 1] != text[column - 1]):
            row, column = row - 1, column - 1
            places[row] = column
        elif costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
    return distance, tuple(places)
