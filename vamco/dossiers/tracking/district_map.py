"""Long An's fifteen districts where the two Vàm Cỏ flow, each with its on-time rate: a drawing from data.

Places are in the drawing's own units (820 by 376). A province whose districts are others gets no drawing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..figures import District

WEST, EAST = (
    "M10 96H252Q264 96 276 108L468 300Q480 312 496 312H806",
    "M340 40H406Q418 40 426 48L606 228Q614 236 614 248V288Q614 312 638 312",
)
SOON, LATE = 97, 95
"""Per cent under which a rate is marked: amber under the first, red under the second."""

#: Code of the district: place of the stop, place of its name, anchor of the text. The rate stands 19 below the name.
PLACES = {
    "796": (40, 96, 40, 59, "middle"),  # Tân Hưng
    "797": (120, 96, 120, 125, "middle"),  # Vĩnh Hưng
    "795": (204, 96, 204, 59, "middle"),  # Kiến Tường
    "798": (289, 121, 305, 103, "start"),  # Mộc Hóa
    "799": (330, 162, 310, 165, "end"),  # Tân Thạnh
    "800": (371, 203, 351, 206, "end"),  # Thạnh Hóa
    "804": (412, 244, 392, 247, "end"),  # Thủ Thừa
    "794": (453, 285, 433, 288, "end"),  # Tân An
    "808": (536, 312, 536, 341, "middle"),  # Châu Thành
    "801": (372, 40, 372, 69, "middle"),  # Đức Huệ
    "802": (464, 86, 480, 68, "start"),  # Đức Hòa
    "803": (536, 158, 552, 140, "start"),  # Bến Lức
    "805": (614, 252, 634, 248, "start"),  # Tân Trụ
    "806": (676, 312, 676, 341, "middle"),  # Cần Đước
    "807": (768, 312, 768, 341, "middle"),  # Cần Giuộc
}


@dataclass(frozen=True)
class Mark:
    """A district in the drawing. `state`: ok, soon, late, or "" where nothing was decided yet."""

    district: District
    name: str
    state: str
    x: int
    y: int
    name_x: int
    name_y: int
    rate_y: int
    anchor: str

    @property
    def shape(self) -> str:
        """The outline of a mark that is no circle: a diamond for soon, a triangle for late."""
        x, y = self.x, self.y
        if self.state == "late":
            return f"M{x} {y - 12}L{x + 13} {y + 10}H{x - 13}z"
        return f"M{x} {y - 12}L{x + 12} {y}L{x} {y + 12}L{x - 12} {y}z"


def marks(districts: Sequence[District]) -> list[Mark]:
    """The districts in the order in which the rivers pass them; none unless each has its place."""
    by_code = {district.code: district for district in districts}
    if by_code.keys() != PLACES.keys():
        return []
    return [
        Mark(
            by_code[code],
            short(by_code[code].name),
            state(by_code[code].share.percent),
            x,
            y,
            nx,
            ny,
            ny + 19,
            anchor,
        )
        for code, (x, y, nx, ny, anchor) in PLACES.items()
    ]


def state(percent: float | None) -> str:
    """How a rate is marked."""
    if percent is None:
        return ""
    return "late" if percent < LATE else "soon" if percent < SOON else "ok"


def short(name: str) -> str:
    """«TP Tân An», «TX Kiến Tường», «Bến Lức»."""
    name = re.sub(r"^Thành phố ", "TP ", name)
    return re.sub(r"^Huyện ", "", re.sub(r"^Thị xã ", "TX ", name))
