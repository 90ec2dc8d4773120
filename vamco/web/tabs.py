"""The tabs above the pages of a room: `{% include "vamco/parts/tabs.html" with label=… %}`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """One of the room's pages."""

    label: str
    url: str
    current: bool
