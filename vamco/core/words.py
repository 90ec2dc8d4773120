"""Numbers and money as Vietnamese words and figures, for papers that state an amount in both."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
LIMIT = 10**18


def in_words(number: int, *, gap: str = "lẻ") -> str:
    """`number` (0 to 10^18 - 1) in words: 1005 is "một nghìn không trăm lẻ năm".

    `gap` stands for an empty place of tens: "lẻ" as in the south, or "linh" as in the north.
    """
    if not 0 <= number < LIMIT:
        raise ValueError("only numbers from 0 to 10^18 - 1 have words here")
    if number == 0:
        return DIGITS[0]
    return " ".join(_words(number, gap, leading=True))


def dong_in_words(amount: int, *, gap: str = "lẻ") -> str:
    """An amount of money for a receipt: 75000 is "Bảy mươi lăm nghìn đồng"."""
    text = in_words(amount, gap=gap)
    return f"{text[0].upper()}{text[1:]} đồng"


def dong(amount: int) -> str:
    """An amount of money in figures: 75000 is "75.000 đồng"."""
    return f"{figures(amount)} đồng"


def figures(number: int) -> str:
    """A whole number with a point between thousands: 1846 is "1.846"."""
    return f"{number:,}".replace(",", ".")


def _words(number: int, gap: str, *, leading: bool) -> list[str]:
    """Billions (tỷ) are counted like numbers of their own, so that 10^12 is "một nghìn tỷ"."""
    billions, rest = divmod(number, 10**9)
    found: list[str] = []
    if billions:
        found += [*_words(billions, gap, leading=leading), "tỷ"]
        leading = False
    for size, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            found += [*_group(group, gap, leading=leading), *([name] if name else [])]
            leading = False
    return found


def _group(number: int, gap: str, *, leading: bool) -> list[str]:
    """Three figures. After a higher group the hundreds are named even when there are none."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    found = [] if leading and not hundreds else [DIGITS[hundreds], "trăm"]
    if tens == 0:
        return [*found, *([gap] if found and ones else []), *([DIGITS[ones]] if ones else [])]
    found += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones:
        found.append(_last(tens, ones))
    return found


def _last(tens: int, ones: int) -> str:
    """The last figure beside a ten changes its sound: mười lăm, hai mươi mốt, hai mươi tư."""
    if ones == 5:
        return "lăm"
    if tens > 1 and ones in (1, 4):
        return "mốt" if ones == 1 else "tư"
    return DIGITS[ones]
