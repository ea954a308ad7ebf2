"""The Python side of Causeway. ``from causeway import step`` inside a pipeline step."""

from causeway._step import Step, StepError

__all__ = ["Step", "StepError", "step"]


def __getattr__(name):
    # Outside of a step there is no order to read, and importing this package must still work.
    if name == "step":
        value = Step.current()
        globals()["step"] = value
        return value
    raise AttributeError(f"module 'causeway' has no attribute {name!r}")
