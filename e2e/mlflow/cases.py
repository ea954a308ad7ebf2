"""What scripts of cases for the unmodified MLflow client share."""

import contextlib
import json
import os
import sys
import time
import traceback
import uuid

from mlflow.exceptions import MlflowException


def fresh(name):
    """A name that no other run of these cases used."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


def refused(code, call, *texts):
    """The call fails with the code, at once, and says each text."""
    began = time.monotonic()
    try:
        call()
    except MlflowException as error:
        assert error.error_code == code, (error.error_code, str(error))
        for text in texts:
            assert text in str(error), (text, str(error))
        assert time.monotonic() - began < 60, "the client tried again and again"
        return
    raise AssertionError(f"not refused: {code}")


@contextlib.contextmanager
def variables(**changed):
    """The surroundings of a client, for a moment; None takes a variable away."""
    before = dict(os.environ)
    for name, value in changed.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_cases(cases):
    """Runs the cases, or those that the arguments name; prints a line of JSON for each: its name, and its traceback or null."""
    wanted = sys.argv[1:]
    for case in cases:
        if wanted and case.__name__ not in wanted:
            continue
        began = time.monotonic()
        problem = None
        try:
            case()
        except BaseException:
            problem = traceback.format_exc()
        seconds = round(time.monotonic() - began, 2)
        print(json.dumps({"case": case.__name__, "seconds": seconds, "problem": problem}), flush=True)
