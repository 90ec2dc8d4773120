"""Pages as tests read them."""

import re
from typing import Any


def one_line(page: Any) -> str:
    """The page of an answer, its runs of white space each one space: how a template is laid out tells nothing."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r"[ \t\r\n]+", " ", text).strip()
