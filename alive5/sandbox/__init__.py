"""
An embedded Alive5, for tests and for trying things out.

``Sandbox().client()`` needs no key and no network.
"""

from .faults import FAULTS
from .quirks import FaultPlan, Quirks
from .records import Delivery, Request
from .server import Sandbox

__all__ = ["FAULTS", "Delivery", "FaultPlan", "Quirks", "Request", "Sandbox"]
