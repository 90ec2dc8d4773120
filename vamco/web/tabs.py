"""The tabs above a page: `{% include "vamco/parts/tabs.html" with label=… %}`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """One of the pages or lists that stand side by side; `late` marks one that should be looked at first."""

    label: str
    url: str
    current: bool
    count: str | int | None = None
    late: bool = False
