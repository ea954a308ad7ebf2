"""The program: loads one model, answers frames until the gateway closes its end."""

from __future__ import annotations

import argparse
import os
import queue
import sys
import threading
import traceback
from typing import Any, Dict, List, Optional, Tuple

from .frames import read_frame, write_frame

_LONGEST_TEXT = 2000
_MISSING_MODULE = "the model's requirements do not bring a module that it needs"

Frame = Optional[Tuple[Dict[str, Any], bytes]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m causeway.serving")
    parser.add_argument("--model", required=True, help="folder that holds an MLmodel file")
    parser.add_argument("--input", type=int, default=3, help="file descriptor that frames come from")
    parser.add_argument("--output", type=int, default=4, help="file descriptor that frames go to")
    options = parser.parse_args()
    for descriptor in (options.input, options.output):
        os.set_inheritable(descriptor, False)
    # Prints belong into the log; standard output may be somebody else's pipe.
    os.dup2(2, 1)
    frames: "queue.Queue[Frame]" = queue.Queue()
    threading.Thread(target=_receive, args=(options.input, frames), daemon=True).start()

    def send(header: Dict[str, Any], parts: List[bytes]) -> None:
        write_frame(options.output, header, parts)

    served = _load(options.model, send)
    if served is None:
        sys.exit(1)
    while True:
        frame = frames.get()
        if frame is None:
            return
        _answer(served, frame, send)


def _receive(descriptor: int, frames: "queue.Queue[Frame]") -> None:
    """Reads ahead in a thread, so that the end of the gateway ends this process, also in the middle of a prediction."""
    while True:
        frame = read_frame(descriptor)
        if frame is None:
            os._exit(0)
        frames.put(frame)


def _load(folder: str, send: Any) -> Any:
    try:
        from .model import ServedModel

        served = ServedModel(folder)
        send({"kind": "ready", **served.describe()}, [])
        return served
    except ModuleNotFoundError as error:
        send({"kind": "failed", "message": _cut(f"{error}; {_MISSING_MODULE}"), "trace": _trace()}, [])
    except BaseException as error:  # noqa: BLE001 whatever loading raises is the gateway's to tell
        send({"kind": "failed", "message": _cut(f"{type(error).__name__}: {error}"), "trace": _trace()}, [])
    return None


def _answer(served: Any, frame: Tuple[Dict[str, Any], bytes], send: Any) -> None:
    from .model import encode, resident_bytes
    from .records import RefusedRows

    header, body = frame
    number = header["id"]
    try:
        form, columns = served.predict(header, body)
        outputs, parts = encode(columns)
        send({"kind": "answer", "id": number, "form": form, "outputs": outputs, "memoryBytes": resident_bytes()}, parts)
    except RefusedRows as error:
        send({"kind": "refused", "id": number, "message": _cut(str(error)), "memoryBytes": resident_bytes()}, [])
    except Exception as error:  # noqa: BLE001 a model's own error answers its request and ends nothing
        traceback.print_exc()
        text = _cut(f"{type(error).__name__}: {error}")
        send({"kind": "error", "id": number, "message": text, "memoryBytes": resident_bytes()}, [])


def _trace() -> str:
    return traceback.format_exc()[-_LONGEST_TEXT:]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"


main()
