"""Causeway from Python: ``cw = causeway.connect()``; inside a pipeline step ``from causeway import step``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causeway._step import Step, StepError
from causeway.errors import CausewayError

if TYPE_CHECKING:
    from causeway.client import Client, connect

    #: The step that this process runs.
    step: Step

__all__ = ["CausewayError", "Client", "Step", "StepError", "connect", "step"]


def __getattr__(name: str) -> Any:
    # A step starts faster without the client, and outside of a step there is no order to read.
    if name == "step":
        value: Any = Step.current()
    elif name in ("Client", "connect"):
        from causeway import client

        value = getattr(client, name)
    else:
        raise AttributeError(f"module 'causeway' has no attribute {name!r}")
    globals()[name] = value
    return value
