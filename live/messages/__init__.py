"""What goes over the wire, declared once: what a page may tell a run, and what it hears from it. Both sides read it.

`scripts/wire.py` makes the page's types of it, web/wire/messages.d.ts.
"""

from typing import Any

from live.messages.answers import (
    Code,
    Cost,
    Done,
    Examples,
    ForwardEnd,
    ForwardInput,
    ForwardLayer,
    Health,
    LandscapePlane,
    Microscope,
    MicroscopeCheck,
    Past,
    Refused,
    Slice,
)
from live.messages.carries import ARRAYS
from live.messages.commands import FROM_PAGE, FROM_SERVER, PageCommand, ServerCommand
from live.messages.frame import Died, Frame, Rest
from live.messages.more_answers import (
    Blank,
    Invent,
    Mistakes,
    NoWindow,
    Progress,
    RacePlane,
    RaceRunning,
    RaceStart,
    Sentences,
    Translate,
    Window,
    Words,
)
from live.messages.scene import Scene

#: What each instrument may answer; any of them also `Refused`.
ANSWERS: dict[str, Any] = {
    "blank": Blank,
    "code": Code,
    "cost": Cost,
    "examples": Examples,
    "forward": ForwardInput | ForwardLayer | ForwardEnd,
    "health": Health,
    "invent": Invent,
    "landscape": LandscapePlane | Slice | Done,
    "microscope": Microscope | MicroscopeCheck,
    "mistakes": Progress | Mistakes,
    "past": Past,
    "race": RaceStart | RaceRunning | RacePlane | Slice | Done,
    "sentences": Sentences,
    "translate": Translate,
    "window": NoWindow | Window,
    "words": Progress | Words,
}

__all__ = ["ANSWERS", "ARRAYS", "FROM_PAGE", "FROM_SERVER", "Died", "Frame", "PageCommand", "Refused", "Rest", "Scene",
           "ServerCommand"]
