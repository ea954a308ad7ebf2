"""Evaluations of versions: what is asked, what is waited for, and what comes back."""

import tempfile
import unittest

import causeway
from causeway.datasets import DatasetVersion
from causeway.errors import CausewayError
from tests.stub_server import StubServer

DATASET = "9" * 64
REPORT = {"metrics": [{"name": "auc", "value": 0.84, "low": 0.8, "high": 0.88, "confidence": 0.95, "method": "delong-logit"}]}


class World:
    """A model with one version, whose evaluation takes a look or two."""

    def __init__(self):
        self.looks = 0
        self.ending = {"state": "succeeded", "problem": None}
        self.report = None
        self.server = StubServer(self.answer)

    def version(self):
        return {
            "model": "churn",
            "version": 1,
            "digest": "0" * 64,
            "format": "mlflow",
            "files": [],
            "bytes": 10,
            "signature": {"task": "classification", "target": None, "classes": ["No", "Yes"], "inputs": []},
            "golden": [],
            "preparation": {"state": "ready", "problem": None},
            "report": self.report,
            "run": None,
            "aliases": [],
            "createdAt": "2026-01-31T09:30:00.000Z",
        }

    def evaluation(self):
        if self.looks < 2:
            return {"state": "running", "problem": None, "endedAt": None}
        self.report = REPORT if self.ending["state"] == "succeeded" else None
        return {**self.ending, "endedAt": "2026-01-31T09:31:00.000Z"}

    def answer(self, asked):
        if asked.path.endswith("/evaluation"):
            self.looks += asked.method == "GET"
            return self.evaluation()
        if asked.path == "/api/registry/models/churn":
            return {"name": "churn", "aliases": [], "versions": 1, "latest": self.version()}
        return self.version()

    def asked(self, method, end):
        return [one for one in self.server.asked if one.method == method and one.path.endswith(end)]


class Evaluations(unittest.TestCase):
    def setUp(self):
        self.world = World()
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.world.server.__enter__()
        self.addCleanup(self.world.server.__exit__, None, None, None)
        self.client = causeway.connect(self.world.server.url, token="t", cache=made.name)
        self.addCleanup(self.client.close)

    def test_waits_for_the_report_and_gives_the_version_with_it(self):
        version = self.client.model_version("churn@1")
        self.assertEqual(version.metrics, {})
        self.assertIs(version.evaluate("held-out@latest", target="Churn"), version)
        self.assertEqual(version.metrics, {"auc": 0.84})
        self.assertIn("auc 0.840", repr(version))
        [asked] = self.world.asked("POST", "/models/churn/versions/1/evaluation")
        self.assertEqual(asked.json, {"dataset": "held-out@latest", "target": "Churn"})
        self.assertEqual(self.world.looks, 2)

    def test_takes_a_version_of_a_dataset_and_the_judged_class(self):
        rows = DatasetVersion(None, None, {"dataset": "held-out", "id": DATASET})
        self.client.model_version("churn@1").evaluate(rows, target="Churn", positive="Yes")
        [asked] = self.world.asked("POST", "/evaluation")
        self.assertEqual(asked.json, {"dataset": f"held-out@{DATASET}", "target": "Churn", "positive": "Yes"})

    def test_says_why_it_could_not_be_judged(self):
        self.world.ending = {"state": "failed", "problem": "None of the 2 rows has a Churn"}
        with self.assertRaises(CausewayError) as caught:
            self.client.model_version("churn@1").evaluate("held-out@latest", target="Churn")
        self.assertEqual(caught.exception.code, "BAD_DATA")
        self.assertIn("None of the 2 rows has a Churn", str(caught.exception))

    def test_waits_no_longer_than_it_is_told(self):
        self.world.looks = -1_000
        with self.assertRaises(CausewayError) as caught:
            self.client.model_version("churn@1").evaluate("held-out@latest", target="Churn", timeout=0.05)
        self.assertEqual(caught.exception.code, "DEADLINE_EXCEEDED")


if __name__ == "__main__":
    unittest.main()
