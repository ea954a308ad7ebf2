"""What a run is made from."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from causeway.capture import capture


@unittest.skipIf(shutil.which("git") is None, "needs Git")
class Capture(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.root = pathlib.Path(made.name)

    def git(self, *arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=trunk"]
        variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(["git", *who, *arguments], cwd=self.root, env=variables, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def repository(self):
        self.git("init")
        (self.root / "train.py").write_text("one\n")
        self.git("add", ".")
        self.git("commit", "-m", "first")
        self.git("remote", "add", "origin", "https://me:token@example.org/churn.git")

    def test_a_clean_tree_is_its_commit(self):
        self.repository()
        found = capture(self.root)
        self.assertEqual(
            found.record["code"],
            {
                "commit": self.git("rev-parse", "HEAD"),
                "branch": "trunk",
                "repository": "https://example.org/churn.git",
                "diff": None,
                "digest": None,
            },
        )
        self.assertIsNone(found.changes)

    def test_what_is_not_committed_is_a_patch_that_applies_and_the_index_stays(self):
        self.repository()
        (self.root / "train.py").write_text("two\n")
        (self.root / "new.py").write_text("new\n")
        (self.root / "rows.bin").write_bytes(b"x" * 2_000_000)
        before = self.git("status", "--porcelain")
        changes = capture(self.root).changes
        self.assertEqual(self.git("status", "--porcelain"), before)
        self.assertIn("# left out: rows.bin (2000000 bytes)", changes)
        (self.root / "train.py").write_text("one\n")
        (self.root / "new.py").unlink()
        (self.root / "p.diff").write_text(changes)
        self.git("apply", "p.diff")
        self.assertEqual((self.root / "train.py").read_text(), "two\n")
        self.assertEqual((self.root / "new.py").read_text(), "new\n")

    def test_a_folder_without_a_repository_has_packages_and_a_machine(self):
        found = capture(self.root)
        self.assertNotIn("code", found.record)
        self.assertRegex(found.record["runtime"], r"^python 3\.\d+\.\d+$")
        self.assertEqual(len(found.record["lock"]["digest"]), 64)
        self.assertGreaterEqual(found.record["hardware"]["cores"], 1)
        self.assertRegex(found.packages, r"(?m)^\S+==\S+$")


if __name__ == "__main__":
    unittest.main()
