"""A label for a candidate whose name is hidden, such as "7F3A"."""

# An odd factor is a permutation of the numbers below a power of two: no two labels are alike.
FACTOR = 0x9E37_79B1
SHORTEST = 4


def label(number: int) -> str:
    """The label of an application's number: 4 hexadecimal digits, more above 65,535 and so on.

    Labels of one length are as unique as the numbers, and say nothing of their order to the eye.
    Raises ValueError for a negative number.
    """
    if number < 0:
        raise ValueError(f"no application has the number {number}")
    digits = SHORTEST
    while number >= 16**digits:
        digits += 1
    return f"{number * FACTOR % 16**digits:0{digits}X}"
