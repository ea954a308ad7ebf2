"""Predictions and truth: what is sent, in how many pieces, and what comes back."""

import datetime
import importlib.util
import tempfile
import unittest
from unittest import mock

import causeway
from causeway import gateway
from causeway.errors import CausewayError
from tests.stub_server import Answer, StubServer, problem

HAS_PANDAS = importlib.util.find_spec("pandas") is not None
ID = "01a1ff1a-cb75-7748-b623-3687f2531710"


class World:
    """A deployment with its gateway in one server."""

    def __init__(self):
        self.keys = 0
        self.state = "ready"
        self.gateways = [{"gateway": "g1", "state": "ready", "golden": {"equal": 3, "rows": 3}, "loadMs": 4.0, "problem": None}]
        self.inputs = [
            {"name": "tenure", "type": "integer", "nullable": True, "categories": None, "range": None},
            {"name": "plan", "type": "string", "nullable": True, "categories": None, "range": None},
        ]
        self.key = "customer"
        self.predict = lambda asked: {
            "id": ID,
            "model": "churn",
            "version": 3,
            "predictions": [{"value": "Yes", "scores": {"No": 0.25, "Yes": 0.75}} for _ in asked.json["records"]],
        }
        self.created = None
        self.server = StubServer(self.answer)

    def facts(self):
        revision = {"number": 1, "model": "churn", "version": 3, "digest": "0" * 64, "createdAt": "2026-01-31T09:30:00.000Z"}
        return {
            "name": "churn",
            "project": "default",
            "environment": "dev",
            "serve": "churn@champion",
            "state": self.state,
            "revision": revision,
            "serving": revision if self.state == "ready" else None,
            "gateways": self.gateways,
            "url": f"{self.server.url}/predict/churn",
            "signature": {"task": "classification", "target": "Churn", "classes": ["No", "Yes"], "inputs": self.inputs},
            "key": self.key,
        }

    def answer(self, asked):
        if asked.path == "/predict/churn":
            return self.predict(asked)
        if asked.path.endswith("/keys"):
            self.keys += 1
            return {"key": {"id": f"id-{self.keys}"}, "secret": f"key-{self.keys}"}
        if asked.path.endswith("/truth"):
            return {"accepted": len(asked.json["records"]), "unchanged": 0, "corrected": 0, "held": 0}
        if asked.path == "/api/deployments/deployments" and asked.method == "POST":
            return self.created or self.facts()
        return self.facts()

    def asked(self, end):
        return [one for one in self.server.asked if one.path.endswith(end)]


class Deployments(unittest.TestCase):
    def setUp(self):
        self.world = World()
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.enterContext_(self.world.server)
        self.client = causeway.connect(self.world.server.url, token="t", cache=made.name)
        self.addCleanup(self.client.close)

    def enterContext_(self, manager):
        # unittest has a method for this from Python 3.11 on.
        manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)

    def test_one_record_gives_one_prediction(self):
        answer = self.client.deployment("churn").predict({"tenure": 3, "plan": "a"})
        self.assertEqual((answer.value, answer.scores, answer.id), ("Yes", {"No": 0.25, "Yes": 0.75}, f"{ID}.0"))
        self.assertEqual((answer.model, answer.version), ("churn", 3))
        (asked,) = self.world.asked("/predict/churn")
        self.assertEqual(asked.json, {"records": [{"tenure": 3, "plan": "a"}]})
        self.assertEqual(asked.headers["authorization"], "Bearer key-1")

    def test_a_key_is_made_once_and_one_that_is_given_is_used(self):
        deployment = self.client.deployment("churn")
        deployment.predict([{"tenure": 1, "plan": "a"}])
        self.client.deployment("churn").predict([{"tenure": 1, "plan": "a"}])
        self.assertEqual(self.world.keys, 1)
        with causeway.connect(self.world.server.url, key="mine") as other:
            other.deployment("churn").predict({"tenure": 1, "plan": "a"})
        self.assertEqual(self.world.asked("/predict/churn")[-1].headers["authorization"], "Bearer mine")
        self.assertEqual(self.world.keys, 1)

    def test_a_key_that_was_revoked_is_replaced_once(self):
        deployment = self.client.deployment("churn")
        deployment.predict({"tenure": 1, "plan": "a"})
        fine = self.world.predict
        refused = problem(401, "UNAUTHENTICATED", "the key was revoked")
        self.world.predict = lambda asked: refused if asked.headers["authorization"].endswith("key-1") else fine(asked)
        with mock.patch.object(gateway, "_KEY_TRAVELS_SECONDS", 0):
            self.assertEqual(deployment.predict({"tenure": 1, "plan": "a"}).value, "Yes")
            self.assertEqual(self.world.keys, 2)
            self.world.predict = lambda asked: refused
            with self.assertRaisesRegex(CausewayError, "the key was revoked"):
                deployment.predict({"tenure": 1, "plan": "a"})
        self.assertEqual(self.world.keys, 3)

    def test_closing_ends_the_keys_that_were_made(self):
        self.client.deployment("churn").predict({"tenure": 1, "plan": "a"})
        self.client.close()
        self.assertEqual(self.world.asked("/revoke")[0].path, "/api/deployments/deployments/churn/keys/id-1/revoke")
        self.client.deployment("churn").predict({"tenure": 1, "plan": "a"})
        self.assertEqual(self.world.keys, 2)

    def test_a_new_key_is_given_time_to_reach_the_gateway(self):
        fine, refusals = self.world.predict, iter([problem(401, "UNAUTHENTICATED", "unknown key")] * 2)
        self.world.predict = lambda asked: next(refusals, None) or fine(asked)
        self.assertEqual(self.client.deployment("churn").predict({"tenure": 1, "plan": "a"}).value, "Yes")
        self.assertEqual(len(self.world.asked("/predict/churn")), 3)

    def test_many_rows_are_asked_in_pieces_and_come_back_in_order(self):
        def predict(asked):
            records = asked.json["records"]
            return {"id": ID, "model": "churn", "version": 3, "predictions": [{"value": one["tenure"]} for one in records]}

        self.world.predict = predict
        rows = [{"tenure": n, "plan": "a"} for n in range(2_500)]
        answers = self.client.deployment("churn").predict(rows)
        self.assertEqual(answers.values, list(range(2_500)))
        self.assertEqual([len(asked.json["records"]) for asked in self.world.asked("/predict/churn")], [1000, 1000, 500])
        self.assertEqual((answers.ids[999], answers.ids[1000]), (f"{ID}.999", f"{ID}.0"))
        self.assertIsNone(answers[0].scores)

    def test_large_rows_make_small_requests(self):
        with mock.patch.object(gateway, "_BYTES_PER_CALL", 1000):
            self.client.deployment("churn").predict([{"tenure": 1, "plan": "x" * 400} for _ in range(5)])
        self.assertEqual([len(asked.json["records"]) for asked in self.world.asked("/predict/churn")], [2, 2, 1])

    def test_a_slow_model_is_asked_fewer_rows_at_once(self):
        fine = self.world.predict
        late = problem(504, "DEADLINE_EXCEEDED", "the request waited for the model past its deadline")
        self.world.predict = lambda asked: late if len(asked.json["records"]) > 300 else fine(asked)
        answers = self.client.deployment("churn").predict([{"tenure": n, "plan": "a"} for n in range(1000)], at="2026-01-31")
        self.assertEqual(len(answers), 1000)
        sizes = [len(asked.json["records"]) for asked in self.world.asked("/predict/churn")]
        self.assertEqual(sizes, [1000, 500, 250, 250, 500, 250, 250])
        self.world.predict = lambda asked: late
        with self.assertRaises(CausewayError) as refused:
            self.client.deployment("churn").predict([{"tenure": n, "plan": "a"} for n in range(300)])
        self.assertEqual(refused.exception.code, "DEADLINE_EXCEEDED")

    def test_no_rows_ask_nothing(self):
        self.assertEqual(len(self.client.deployment("churn").predict([])), 0)
        self.assertEqual(self.world.asked("/predict/churn"), [])

    def test_integers_keep_every_digit(self):
        self.client.deployment("churn").predict({"tenure": 2**62 + 1, "plan": None})
        self.assertIn(b"4611686018427387905", self.world.asked("/predict/churn")[0].body)

    def test_times_are_one_for_all_or_one_for_each(self):
        deployment = self.client.deployment("churn")
        when = datetime.datetime(2026, 1, 31, 9, 30, tzinfo=datetime.timezone.utc)
        rows = [{"tenure": 1, "plan": "a"}, {"tenure": 2, "plan": "b"}]
        deployment.predict(rows, at=when)
        deployment.predict(rows, at=[when, "2026-02-01T00:00:00.000Z"])
        sent = [asked.json["occurredAt"] for asked in self.world.asked("/predict/churn")]
        self.assertEqual(sent, [["2026-01-31T09:30:00.000Z"] * 2, ["2026-01-31T09:30:00.000Z", "2026-02-01T00:00:00.000Z"]])
        with self.assertRaisesRegex(CausewayError, "2 rows and 1 times"):
            deployment.predict(rows, at=[when])

    def test_a_refusal_names_every_wrong_field(self):
        issues = [{"row": 1, "field": "tenure", "expected": "integer", "got": '"x"'}]
        self.world.predict = lambda asked: problem(400, "INVALID_FIELD", "row 1, tenure: ...", issues=issues)
        with self.assertRaises(CausewayError) as refused:
            self.client.deployment("churn").predict([{"tenure": 1, "plan": "a"}, {"tenure": "x", "plan": "a"}])
        self.assertEqual(list(refused.exception.issues), issues)

    def test_a_prediction_that_broke_off_is_not_asked_twice(self):
        self.world.predict = lambda asked: Answer(silent=True)
        with self.assertRaises(CausewayError) as refused:
            self.client.deployment("churn").predict({"tenure": 1, "plan": "a"})
        self.assertEqual(refused.exception.code, "UNAVAILABLE")
        self.assertEqual(len(self.world.asked("/predict/churn")), 1)

    def test_an_answer_that_broke_off_says_that_the_log_has_it(self):
        self.world.predict = lambda asked: Answer(body={"id": ID, "predictions": []}, cut=5)
        with self.assertRaises(CausewayError) as refused:
            self.client.deployment("churn").predict({"tenure": 1, "plan": "a"})
        self.assertIn("are in its log", refused.exception.help)
        self.assertEqual(len(self.world.asked("/predict/churn")), 1)

    def test_what_is_no_record_is_refused_before_it_is_sent(self):
        with self.assertRaisesRegex(CausewayError, "row 0 is a int, no record"):
            self.client.deployment("churn").predict([1, 2])

    def test_truth_goes_by_id_by_key_or_as_a_mapping(self):
        deployment = self.client.deployment("churn")
        answers = deployment.predict([{"tenure": 1, "plan": "a"}, {"tenure": 2, "plan": "b"}])
        self.assertEqual(answers.truth(["Yes", "No"]), {"accepted": 2, "unchanged": 0, "corrected": 0, "held": 0})
        deployment.truth([True], keys=[4711], at=datetime.datetime(2026, 2, 1))
        deployment.truth({f"{ID}.1": float("nan")})
        sent = [asked.json["records"] for asked in self.world.asked("/truth")]
        self.assertEqual(sent[0], [{"predictionId": f"{ID}.0", "value": "Yes"}, {"predictionId": f"{ID}.1", "value": "No"}])
        self.assertEqual(sent[1], [{"key": "4711", "value": True, "occurredAt": "2026-02-01T00:00:00.000Z"}])
        self.assertEqual(sent[2], [{"predictionId": f"{ID}.1", "value": None}])

    def test_truth_of_many_is_sent_in_pieces_and_added_up(self):
        receipt = self.client.deployment("churn").truth(["Yes"] * 25_000, keys=range(25_000))
        self.assertEqual(receipt["accepted"], 25_000)
        self.assertEqual([len(asked.json["records"]) for asked in self.world.asked("/truth")], [10_000, 10_000, 5_000])

    def test_truth_that_belongs_nowhere_is_refused(self):
        deployment = self.client.deployment("churn")
        for call, said in [
            (lambda: deployment.truth(["Yes"]), "either ids or keys"),
            (lambda: deployment.truth(["Yes"], ids=["a"], keys=["b"]), "either ids or keys"),
            (lambda: deployment.truth(["Yes", "No"], ids=["a"]), "1 predictions and 2 values"),
            (lambda: deployment.truth(["Yes"], ids=[None]), "row 0 has no id"),
        ]:
            with self.subTest(said), self.assertRaisesRegex(CausewayError, said):
                call()

    def test_waiting_ends_when_it_is_ready(self):
        self.world.state = "pending"
        deployment = self.client.deployment("churn")
        with mock.patch.object(self.world, "facts", side_effect=self.world.facts) as facts:
            facts.side_effect = [{**World.facts(self.world), "state": state} for state in ("pending", "pending", "ready")]
            self.assertEqual(deployment.wait_ready(5).state, "ready")

    def test_waiting_says_why_it_cannot_be(self):
        self.world.state = "failed"
        self.world.gateways[0]["problem"] = "golden row 2: expected Yes, got No"
        with self.assertRaisesRegex(CausewayError, "does not serve churn 3: golden row 2"):
            self.client.deployment("churn").wait_ready(5)

    def test_waiting_has_an_end(self):
        self.world.state = "pending"
        with self.assertRaises(CausewayError) as refused:
            self.client.deployment("churn").wait_ready(0.2)
        self.assertEqual(refused.exception.code, "DEADLINE_EXCEEDED")

    def test_deploying_what_is_there_switches_it(self):
        self.world.created = problem(409, "ALREADY_EXISTS", "there is a deployment churn")
        self.client.deploy("churn", serve="churn@4", key="customer")
        (put,) = [asked for asked in self.world.server.asked if asked.method == "PUT"]
        self.assertEqual(put.json, {"serve": "churn@4", "key": "customer"})

    @unittest.skipUnless(HAS_PANDAS, "needs pandas")
    def test_of_a_frame_the_models_columns_and_the_key_are_sent_and_blanks_are_null(self):
        import numpy
        import pandas

        frame = pandas.DataFrame(
            {"customer": ["a", "b"], "tenure": [3.0, numpy.nan], "plan": ["x", None], "Churn": ["No", "Yes"]}, index=[10, 20]
        )
        answers = self.client.deployment("churn").predict(frame)
        sent = self.world.asked("/predict/churn")[0].json["records"]
        self.assertEqual(sent[0], {"tenure": 3.0, "plan": "x", "customer": "a"})
        self.assertEqual(sent[1], {"tenure": None, "plan": None, "customer": "b"})
        joined = frame.join(answers.frame())
        self.assertEqual(list(joined["prediction"]), ["Yes", "Yes"])
        self.assertEqual(list(joined["score_No"]), [0.25, 0.25])
        self.assertEqual(list(answers.series().index), [10, 20])
        self.assertEqual(list(answers[1:].series().index), [20])
        self.assertEqual(numpy.asarray(answers).tolist(), ["Yes", "Yes"])
        self.assertEqual(self.client.deployment("churn").predict(frame.iloc[0][["tenure", "plan"]]).value, "Yes")

    @unittest.skipUnless(HAS_PANDAS, "needs pandas")
    def test_the_log_becomes_a_data_frame(self):
        line = {
            "id": f"{ID}.0",
            "occurredAt": "2026-01-31T09:30:00.000Z",
            "version": 3,
            "key": "a",
            "record": {"tenure": 3},
            "prediction": {"value": "Yes"},
            "truth": {"value": "No"},
        }
        fine = self.world.answer
        page = {"items": [line, {**line, "truth": None}], "next": None}
        self.world.answer = lambda asked: page if asked.path.endswith("/predictions") else fine(asked)
        self.world.server.answer = self.world.answer
        log = self.client.deployment("churn").log(10, since=datetime.datetime(2026, 1, 1), truth="wrong")
        self.assertEqual(list(log.columns), ["id", "occurred_at", "version", "key", "prediction", "truth", "input.tenure"])
        self.assertEqual(list(log["truth"].isna()), [False, True])
        asked = self.world.asked("/predictions")[0].query
        self.assertEqual(asked, {"limit": "10", "from": "2026-01-01T00:00:00.000Z", "truth": "wrong"})

    @unittest.skipUnless(HAS_PANDAS, "needs NumPy")
    def test_an_array_goes_by_the_order_of_the_columns(self):
        import numpy

        self.client.deployment("churn").predict(numpy.array([[1, "a"], [2, "b"]], dtype=object))
        self.assertEqual(self.world.asked("/predict/churn")[0].json["records"][1], {"tenure": 2, "plan": "b"})
        with self.assertRaisesRegex(CausewayError, "takes 2 columns, the array has 3"):
            self.client.deployment("churn").predict(numpy.zeros((2, 3)))

    @unittest.skipUnless(HAS_PANDAS, "needs pandas")
    def test_of_a_frame_for_a_tensor_the_columns_are_taken_by_name_or_by_place(self):
        import numpy
        import pandas

        self.world.inputs = [
            {"name": str(at), "type": "double", "nullable": True, "categories": None, "range": None,
             "element": {"tensor": None, "dtype": "float32", "shape": [2], "at": at}}
            for at in range(2)
        ]
        deployment = self.client.deployment("churn")
        for frame in (
            pandas.DataFrame(numpy.array([[1.0, 2.0]])),
            pandas.DataFrame({"width": [1.0], "height": [2.0]}),
            pandas.DataFrame({"1": [2.0], "more": ["x"], "0": [1.0]}),
        ):
            deployment.predict(frame)
            self.assertEqual(self.world.asked("/predict/churn")[-1].json["records"], [{"0": 1.0, "1": 2.0}])
        deployment.predict(pandas.DataFrame({"width": [1.0], "customer": ["a"], "height": [2.0]}))
        sent = self.world.asked("/predict/churn")[-1].json["records"]
        self.assertEqual(sent, [{"0": 1.0, "1": 2.0, "customer": "a"}])


if __name__ == "__main__":
    unittest.main()
