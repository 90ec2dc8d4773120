"""What every installation runs and looks at, whatever rooms it has."""

from vamco.core import checks
from vamco.core.rooms import Process, Room

ROOM = Room(
    processes=(Process("web", ["web"]), Process("worker", ["worker"])),
    checks=(checks.kept_folders,),
)
