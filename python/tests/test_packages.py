"""What says whether an interpreter has the packages that a model asks for."""

import os
import platform
import subprocess
import sys
import unittest
from importlib import metadata
from pathlib import Path

# The package is not installed where the tests run from the sources.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def ask(*lines):
    text = "\n".join(lines) + "\n"
    done = subprocess.run(
        [sys.executable, "-m", "causeway.serving.packages"],
        input=text,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip()


class Packages(unittest.TestCase):
    def setUp(self):
        self.name, self.version = next((one.metadata["Name"], one.version) for one in metadata.distributions())

    def test_what_is_there_in_its_version_is_enough(self):
        self.assertEqual(ask(f"{self.name}=={self.version}", ""), (0, platform.python_version()))

    def test_what_is_missing_and_what_is_another_version_is_said(self):
        code, said = ask("no-such-package", f"{self.name}==0.0.0.1")
        self.assertEqual(code, 1)
        self.assertIn("it has no no-such-package", said)
        self.assertIn(f"it has {self.name} {self.version}, not 0.0.0.1", said)

    def test_a_limit_holds_for_what_is_there_and_asks_for_nothing(self):
        self.assertEqual(ask(f"-c {self.name}=={self.version}", "-c no-such-package==1")[0], 0)
        code, said = ask(f"-c {self.name}==0.0.0.1")
        self.assertEqual((code, said), (1, f"it has {self.name} {self.version}, not 0.0.0.1"))


if __name__ == "__main__":
    unittest.main()
