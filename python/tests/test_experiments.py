"""Runs and models: what is sent and how a run ends."""

import importlib.util
import tempfile
import unittest

import causeway
from causeway.errors import CausewayError
from tests.stub_server import StubServer

HAS_PANDAS = importlib.util.find_spec("pandas") is not None
RUN = "7f02ab" + "0" * 26
POINT = {"value": 0.84, "step": 3, "occurredAt": "2026-01-31T09:30:00.000Z"}


def run_facts(**more):
    return {
        "id": RUN,
        "experiment": {"id": "1", "name": "churn"},
        "name": "first",
        "state": "running",
        "params": {"depth": "6"},
        "metrics": [{"name": "auc", "last": POINT, "min": 0.5, "max": "Infinity", "points": 4}],
        "tags": {},
        "step": None,
        "startedAt": "2026-01-31T09:30:00.000Z",
        "endedAt": None,
        **more,
    }


def answer(asked):
    if asked.path == "/api/experiments/experiments" or asked.path.startswith("/api/experiments/experiments/"):
        return {"id": "1", "name": "churn", "runs": 1, "createdAt": "2026-01-31T09:30:00.000Z"}
    if asked.path == "/api/experiments/runs/search":
        return {"items": [run_facts(), run_facts(name="second", params={})], "next": None}
    if asked.path.endswith("/artifacts"):
        return {"items": [], "next": None}
    if asked.path.endswith("/log"):
        return {}
    ended = asked.json["state"] if asked.path.endswith("/end") else "running"
    return run_facts(state=ended, endedAt=None if ended == "running" else "2026-01-31T09:31:00.000Z")


class Experiments(unittest.TestCase):
    def setUp(self):
        self.server = StubServer(answer)
        self.server.__enter__()
        self.addCleanup(self.server.__exit__, None, None, None)
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.client = causeway.connect(self.server.url, cache=made.name)
        self.addCleanup(self.client.close)

    def sent(self, end):
        return [asked.json for asked in self.server.asked if asked.path.endswith(end)]

    def test_a_block_opens_a_run_and_ends_it(self):
        with self.client.run("churn", name="first", params={"depth": 6}, tags={"team": 1}) as run:
            run.log(auc=0.84, worst=float("nan"))
            run.log({"val/loss": 0.3}, step=7)
        self.assertEqual(self.sent("/runs"), [{"experiment": "churn", "name": "first", "tags": {"team": "1"}}])
        logged = self.sent("/log")
        self.assertEqual(logged[0], {"params": {"depth": "6"}})
        self.assertEqual(logged[1]["metrics"][1], {"name": "worst", "value": "NaN", "step": 0})
        self.assertEqual(logged[2]["metrics"], [{"name": "val/loss", "value": 0.3, "step": 7}])
        self.assertEqual(self.sent("/end"), [{"state": "finished"}])
        self.assertEqual((run.state, run.metrics), ("finished", {"auc": 0.84}))

    def test_a_block_that_fails_ends_as_failed_and_an_interrupt_as_killed(self):
        for error, state in ((ValueError, "failed"), (KeyboardInterrupt, "killed")):
            with self.subTest(state), self.assertRaises(error), self.client.run("churn"):
                raise error
            self.assertEqual(self.sent("/end")[-1], {"state": state})

    def test_a_long_series_is_sent_in_pieces(self):
        self.client.get_run(RUN).log_series("loss", range(25_000))
        pieces = [len(one["metrics"]) for one in self.sent("/log")]
        self.assertEqual(pieces, [10_000, 10_000, 5_000])
        self.assertEqual(self.sent("/log")[2]["metrics"][-1], {"name": "loss", "value": 24_999.0, "step": 24_999})
        with self.assertRaisesRegex(CausewayError, "2 values and 1 steps"):
            self.client.get_run(RUN).log_series("loss", [1, 2], steps=[0])

    def test_a_search_passes_filter_and_order_on(self):
        found = self.client.experiment("churn").runs("metrics.auc > 0.8", "metrics.auc DESC", most=10)
        (asked,) = self.sent("/search")
        self.assertEqual(asked["filter"], "metrics.auc > 0.8")
        self.assertEqual((asked["orderBy"], asked["experiments"], asked["limit"]), (["metrics.auc DESC"], ["1"], 10))
        self.assertEqual([run.name for run in found], ["first", "second"])

    def test_a_run_shows_its_metrics_and_links_to_its_page(self):
        run = self.client.get_run(RUN)
        self.assertIn(f"{self.server.url}/dev/experiments/churn/{RUN}", run._repr_html_())
        self.assertRegex(repr(run), r"auc +0\.84 +0\.5 +inf +4")

    def test_a_file_that_a_run_does_not_have_is_named(self):
        with self.assertRaisesRegex(CausewayError, "the run first has no file nope.txt"):
            self.client.get_run(RUN).read("nope.txt")

    @unittest.skipUnless(HAS_PANDAS, "needs pandas")
    def test_runs_become_a_data_frame(self):
        frame = self.client.experiment("churn").runs().frame()
        self.assertEqual(list(frame["metrics.auc"]), [0.84, 0.84])
        self.assertEqual(frame["params.depth"][0], "6")
        self.assertTrue(frame["params.depth"].isna()[1])


if __name__ == "__main__":
    unittest.main()
