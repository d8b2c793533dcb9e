"""
An embedded Alive5, for tests and experiments.

``Sandbox().client()`` needs no key and no network.
"""

from .data.ledger import Delivery, Request
from .embedded.faults import FAULTS
from .quirks import FaultPlan, Quirks
from .sandbox import Sandbox

__all__ = ["FAULTS", "Delivery", "FaultPlan", "Quirks", "Request", "Sandbox"]
