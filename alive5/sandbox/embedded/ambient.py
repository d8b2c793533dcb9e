"""The sandbox of ``ALIVE5_SANDBOX=1``: one for all clients of the process."""

from __future__ import annotations

from ..._port.protocol import Port
from ..._port.threads import BlockingVerbs
from ..._port.verbs import AsyncVerbs
from ..._sansio.events import logger
from ..._sansio.options import SANDBOX_VARIABLE
from .service import Service

_shared: dict[str, Service] = {}


def ambient_port(*, blocking: bool) -> Port:
    """
    Return a port to the sandbox of the process; making that one writes a warning.
    """
    found = _shared.get(SANDBOX_VARIABLE)
    if found is None:
        made = Service()
        found = _shared.setdefault(SANDBOX_VARIABLE, made)
        if found is made:
            logger.warning("%s is set: an embedded sandbox answers, nothing reaches Alive5", SANDBOX_VARIABLE)
    return found.port(BlockingVerbs() if blocking else AsyncVerbs())
