"""What is sent again, what is not, and what is kept."""

import contextlib
import hashlib
import pathlib
import pickle
import tempfile
import threading
import time
import unittest
from unittest import mock

from causeway import transport
from causeway.api import Api
from causeway.discovery import Connection
from causeway.errors import CausewayError
from causeway.transport import Transport
from tests.stub_server import Answer, StubServer, problem


def api_of(url, timeout=5.0, **connection):
    return Api(Connection(url=url, **connection), Transport(timeout))


class Calls(unittest.TestCase):
    def test_scope_and_token_travel_with_every_call(self):
        with StubServer(lambda asked: {}) as server:
            api_of(server.url, token="t", project="p", environment="prod").get("/api/x", limit=3, after=None)
        asked = server.asked[0]
        self.assertEqual(asked.query, {"project": "p", "environment": "prod", "limit": "3"})
        self.assertEqual(asked.headers["authorization"], "Bearer t")

    def test_one_connection_serves_many_calls(self):
        with StubServer(lambda asked: {}) as server:
            api = api_of(server.url)
            for _ in range(5):
                api.get("/api/x")
        self.assertEqual({asked.connection for asked in server.asked}, {1})

    def test_threads_share_the_client(self):
        with StubServer(lambda asked: {"n": asked.query["n"]}) as server:
            api = api_of(server.url)
            found = {}

            def ask(n):
                found[n] = [api.get("/api/x", n=n)["n"] for _ in range(20)]

            threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(found, {n: [str(n)] * 20 for n in range(12)})
        self.assertLessEqual(len({asked.connection for asked in server.asked}), 12)

    def test_a_connection_that_the_server_closed_while_idle_is_not_used(self):
        with StubServer(lambda asked: Answer(headers={"connection": "close"})) as server:
            api = api_of(server.url)
            api.get("/api/x")
            api.get("/api/x")
        self.assertEqual([asked.connection for asked in server.asked], [1, 2])

    def test_a_call_that_broke_off_is_sent_again_under_its_key(self):
        answers = iter([Answer(silent=True), {"done": 1}])
        with StubServer(lambda asked: next(answers)) as server:
            self.assertEqual(api_of(server.url).post("/api/x", a=1), {"done": 1})
        keys = [asked.headers["idempotency-key"] for asked in server.asked]
        self.assertEqual(len(keys), 2)
        self.assertEqual(keys[0], keys[1])

    def test_an_answer_that_broke_off_is_asked_for_again_and_not_for_ever(self):
        answers = iter([Answer(body={"done": 1}, cut=4), {"done": 1}])
        with StubServer(lambda asked: next(answers)) as server:
            self.assertEqual(api_of(server.url).post("/api/x"), {"done": 1})
        self.assertEqual(len({asked.headers["idempotency-key"] for asked in server.asked}), 1)
        with StubServer(lambda asked: Answer(body={"done": 1}, cut=4)) as server:
            with self.assertRaisesRegex(CausewayError, "broke off before its end"):
                api_of(server.url).get("/api/x")
        self.assertEqual(len(server.asked), 3)

    def test_an_unsafe_request_takes_no_connection_that_was_idle_for_long(self):
        with StubServer(lambda asked: {}) as server, mock.patch.object(transport, "_FRESH_SECONDS", 0.05):
            used = Transport(5)
            for wait in (0, 0, 0.1):
                time.sleep(wait)
                with used.open("POST", f"{server.url}/predict/x", headers={}, body=b"{}", safe=False) as reply:
                    reply.read()
            used.close()
        self.assertEqual([asked.connection for asked in server.asked], [1, 1, 2])

    def test_a_server_that_is_not_ready_is_asked_again(self):
        answers = iter([problem(503, "UNAVAILABLE", "starting"), problem(429, "OVERLOADED", "busy"), {"ok": True}])
        with StubServer(lambda asked: next(answers)) as server:
            self.assertEqual(api_of(server.url).get("/api/x"), {"ok": True})

    def test_patience_ends_with_what_the_server_said(self):
        with mock.patch.object(transport, "PATIENCE_SECONDS", 0.3), StubServer(
            lambda asked: problem(503, "UNAVAILABLE", "the database is away")
        ) as server, self.assertRaises(CausewayError) as refused:
            api_of(server.url).get("/api/x")
        self.assertEqual((refused.exception.code, refused.exception.message), ("UNAVAILABLE", "the database is away"))

    def test_nobody_there_is_said_with_the_way_out(self):
        with mock.patch.object(transport, "PATIENCE_SECONDS", 0.2), self.assertRaises(CausewayError) as refused:
            api_of("http://127.0.0.1:9").get("/api/x")
        self.assertEqual(refused.exception.code, "UNAVAILABLE")
        self.assertIn("no answer from http://127.0.0.1:9", str(refused.exception))
        self.assertIsInstance(refused.exception.__cause__, OSError)

    def test_an_answer_that_does_not_come_is_a_deadline(self):
        held = threading.Event()
        with StubServer(lambda asked: held.wait(5) and {}) as server, self.assertRaises(CausewayError) as refused:
            try:
                api_of(server.url, timeout=0.2).get("/api/x")
            finally:
                held.set()
        self.assertEqual(refused.exception.code, "DEADLINE_EXCEEDED")

    def test_an_unsafe_request_that_broke_off_is_not_sent_again(self):
        with StubServer(lambda asked: Answer(silent=True)) as server, self.assertRaises(CausewayError) as refused:
            with Transport(5).open("POST", f"{server.url}/predict/x", headers={}, body=b"{}", safe=False):
                pass
        self.assertEqual(len(server.asked), 1)
        self.assertIn("not known whether it was done", refused.exception.help)

    def test_an_error_carries_all_that_the_server_said(self):
        issues = [{"field": "tenure", "expected": "integer", "got": '"x"'}]
        said = problem(400, "INVALID_FIELD", "wrong", field="tenure", value="x", help="fix it", issues=issues, requestId="r1")
        with StubServer(lambda asked: said) as server, self.assertRaises(CausewayError) as refused:
            api_of(server.url).get("/api/x")
        error = refused.exception
        self.assertEqual((error.code, error.field, error.value, error.help), ("INVALID_FIELD", "tenure", "x", "fix it"))
        self.assertEqual((error.status, error.request_id, list(error.issues)), (400, "r1", issues))
        self.assertEqual(str(error), "wrong [INVALID_FIELD]\n  what to do: fix it\n  request r1")
        copied = pickle.loads(pickle.dumps(error))
        self.assertEqual((copied.code, copied.help, list(copied.issues)), ("INVALID_FIELD", "fix it", issues))

    def test_what_is_no_answer_of_ours_is_shown(self):
        with StubServer(lambda asked: Answer(404, b"<html>nginx")) as server, self.assertRaises(CausewayError) as refused:
            api_of(server.url).get("/api/x")
        self.assertIn("answered 404 without a description: <html>nginx", str(refused.exception))

    def test_an_address_that_is_none_is_refused(self):
        with self.assertRaisesRegex(CausewayError, "no address of a server"):
            api_of("ftp://somewhere").get("/api/x")

    def test_a_list_is_read_page_by_page_up_to_what_was_asked(self):
        def answer(asked):
            after = int(asked.query.get("after", 0))
            size = int(asked.query["limit"])
            items = list(range(after, min(after + size, 2500)))
            return {"items": items, "next": str(after + size) if after + size < 2500 else None}

        with StubServer(answer) as server:
            api = api_of(server.url)
            self.assertEqual(list(api.items("/api/x")), list(range(2500)))
            self.assertEqual(list(api.items("/api/x", 1200)), list(range(1200)))
        self.assertEqual([asked.query["limit"] for asked in server.asked], ["1000", "1000", "1000", "1000", "200"])


class Bytes(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)

    def test_a_file_is_sent_as_it_is_read(self):
        file = self.folder / "rows"
        file.write_bytes(bytes(range(256)) * 10_000)
        told = []
        with StubServer(lambda asked: {"bytes": len(asked.body)}) as server:
            sent = api_of(server.url).upload("/api/data/uploads", file, told.append, path="a b/ü")
        self.assertEqual(sent, {"bytes": 2_560_000})
        self.assertEqual(server.asked[0].query, {"path": "a b/ü"})
        self.assertEqual(hashlib.sha256(server.asked[0].body).digest(), hashlib.sha256(file.read_bytes()).digest())
        self.assertEqual(told, [1 << 20, 2 << 20, 2_560_000])

    def test_an_empty_file_arrives_empty(self):
        file = self.folder / "empty"
        file.touch()
        with StubServer(lambda asked: {"bytes": len(asked.body)}) as server:
            self.assertEqual(api_of(server.url).upload("/api/data/uploads", file), {"bytes": 0})

    def download(self, answer, digest):
        target = self.folder / "target"
        with StubServer(lambda asked: answer) as server:
            api_of(server.url).download("/api/x", target, digest)
        return target

    def test_a_download_is_whole_and_right(self):
        body = b"x" * 3_000_000
        target = self.download(Answer(body=body), hashlib.sha256(body).hexdigest())
        self.assertEqual(target.read_bytes(), body)

    def test_wrong_bytes_are_refused_and_leave_nothing(self):
        with self.assertRaises(CausewayError) as refused:
            self.download(Answer(body=b"other"), hashlib.sha256(b"right").hexdigest())
        self.assertEqual(refused.exception.code, "CORRUPT_ARTIFACT")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_download_that_breaks_off_leaves_nothing(self):
        with self.assertRaises(CausewayError) as refused:
            self.download(Answer(body=b"x" * 3_000_000, cut=1_500_000), hashlib.sha256(b"x" * 3_000_000).hexdigest())
        self.assertEqual(refused.exception.code, "UNAVAILABLE")
        self.assertIn("broke off before its end", str(refused.exception))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_missing_file_is_the_servers_error(self):
        with self.assertRaises(CausewayError) as refused, contextlib.ExitStack():
            self.download(problem(404, "NOT_FOUND", "there is no file"), "0" * 64)
        self.assertEqual(refused.exception.code, "NOT_FOUND")


if __name__ == "__main__":
    unittest.main()
