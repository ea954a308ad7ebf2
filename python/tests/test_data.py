"""Datasets: what is downloaded once, what is checked, what an import tells."""

import hashlib
import importlib.util
import pathlib
import tempfile
import unittest

import causeway
from causeway.errors import CausewayError
from tests.stub_server import Answer, StubServer, problem

HAS_PANDAS = importlib.util.find_spec("pandas") is not None and importlib.util.find_spec("pyarrow") is not None
PART = b"PAR1 not really PAR1"


def version(**more):
    return {
        "dataset": "customers",
        "id": "9f31c2" + "0" * 58,
        "rows": 2,
        "schema": [{"name": "tenure", "type": "integer", "nullable": False}],
        "parts": [{"digest": "1" * 64, "artifact": hashlib.sha256(PART).hexdigest(), "rows": 2, "bytes": len(PART)}],
        "bytes": len(PART),
        "key": None,
        "findings": [],
        "quarantine": None,
        "parent": None,
        "source": {"kind": "file", "name": "a.csv", "digest": None},
        "createdAt": "2026-01-31T09:30:00.000Z",
        **more,
    }


def imported(state, **more):
    return {
        "id": "5f0c7c9e-0000-7000-8000-000000000000",
        "state": state,
        "progress": None,
        "version": None,
        "problem": None,
        "badRows": None,
        **more,
    }


class Data(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)

    def connect(self, server):
        client = causeway.connect(server.url, token="t", cache=self.folder / "cache")
        self.addCleanup(client.close)
        return client

    def serve(self, asked):
        if asked.path.endswith("/parts/0"):
            return Answer(body=PART)
        return {"name": "customers", "latest": version(), "versions": 1}

    def test_files_are_downloaded_once_and_a_damaged_copy_again(self):
        with StubServer(self.serve) as server:
            dataset = self.connect(server).data("customers")
            (file,) = dataset.files()
            self.assertEqual(file.read_bytes(), PART)
            dataset.files()
            parts = [asked for asked in server.asked if asked.path.endswith("/parts/0")]
            self.assertEqual(len(parts), 1)
            file.write_bytes(b"damaged")
            self.assertEqual(dataset.files()[0].read_bytes(), PART)

    def test_the_cache_tells_its_size_and_can_be_emptied(self):
        with StubServer(self.serve) as server:
            client = self.connect(server)
            client.data("customers").files()
            self.assertEqual(client.cache.bytes(), len(PART))
            client.cache.clear()
            self.assertEqual(client.cache.bytes(), 0)

    def test_a_column_that_there_is_not_is_named_before_anything_is_read(self):
        with StubServer(self.serve) as server, self.assertRaises(CausewayError) as refused:
            self.connect(server).data("customers").frame(["tenur"])
        self.assertEqual((refused.exception.field, refused.exception.value), ("columns", "tenur"))
        self.assertIn("it has tenure", refused.exception.help)

    def test_a_dataset_without_a_version_says_how_to_make_one(self):
        with StubServer(lambda asked: {"name": "customers", "latest": None, "versions": 0}) as server:
            dataset = self.connect(server).data("customers")
            with self.assertRaisesRegex(CausewayError, "no version yet"):
                dataset.frame()
            self.assertIn("versions  0", repr(dataset))

    def test_an_import_tells_its_progress_and_gives_the_version(self):
        states = iter(
            [
                imported("running", progress={"done": 1, "total": 2, "unit": "rows"}),
                imported("succeeded", version=version()),
            ]
        )

        def answer(asked):
            if asked.path == "/api/data/uploads":
                return {"digest": hashlib.sha256(asked.body).hexdigest(), "bytes": len(asked.body)}
            return imported("queued") if asked.method == "POST" else next(states)

        file = self.folder / "telco.csv"
        file.write_text("tenure\n1\n2\n")
        told = []
        with StubServer(answer) as server:
            made = self.connect(server).data.import_file("customers", file, key="tenure", on_progress=told.append)
        self.assertEqual(made.rows, 2)
        self.assertEqual([(one.phase, one.done, one.unit) for one in told], [("upload", 11, "bytes"), ("import", 1, "rows")])
        asked = server.asked[1]
        self.assertEqual(asked.path, "/api/data/datasets/customers/imports")
        self.assertEqual(asked.json["file"], "telco.csv")
        self.assertEqual(asked.json["options"]["key"], "tenure")

    def test_an_import_that_failed_names_its_rows(self):
        failed = imported(
            "failed",
            problem={"code": "BAD_DATA", "message": "1 row cannot be read", "help": "--on-bad-row"},
            badRows={"total": 1, "first": [{"line": 3, "column": "tenure", "value": "x", "reason": "an integer"}]},
        )

        def answer(asked):
            return {"digest": "0" * 64, "bytes": 1} if asked.path == "/api/data/uploads" else failed

        file = self.folder / "telco.csv"
        file.write_text("tenure\nx\n")
        with StubServer(answer) as server, self.assertRaises(CausewayError) as refused:
            self.connect(server).data.import_file("customers", file)
        self.assertEqual(refused.exception.code, "BAD_DATA")
        self.assertEqual(refused.exception.issues[0], {"field": "line 3, tenure", "expected": "an integer", "got": "x"})

    def test_a_file_that_is_not_there_is_named(self):
        with StubServer(lambda asked: {}) as server, self.assertRaisesRegex(CausewayError, "none.csv is no file"):
            self.connect(server).data.import_file("customers", self.folder / "none.csv")
        self.assertEqual(server.asked, [])

    def test_a_name_that_there_is_not_is_the_servers_error(self):
        said = problem(404, "NOT_FOUND", "There is no dataset nope", field="dataset", value="nope")
        with StubServer(lambda asked: said) as server, self.assertRaises(CausewayError) as refused:
            self.connect(server).data("nope")
        self.assertEqual((refused.exception.code, refused.exception.value), ("NOT_FOUND", "nope"))

    @unittest.skipUnless(HAS_PANDAS, "needs pandas and pyarrow")
    def test_a_data_frame_is_sent_as_parquet(self):
        import io

        import pandas

        sent = []

        def answer(asked):
            if asked.path == "/api/data/uploads":
                sent.append(asked.body)
                return {"digest": "0" * 64, "bytes": len(asked.body)}
            return imported("succeeded", version=version())

        frame = pandas.DataFrame({"tenure": [1, 2], "note": ["a", None]}, index=[7, 8])
        with StubServer(answer) as server:
            self.connect(server).data.import_file("customers", frame)
        back = pandas.read_parquet(io.BytesIO(sent[0]))
        self.assertEqual(list(back.columns), ["tenure", "note"])
        self.assertEqual(list(back["tenure"]), [1, 2])

    @unittest.skipIf(HAS_PANDAS, "is about a machine without pandas")
    def test_without_pandas_a_frame_says_what_is_missing(self):
        with StubServer(self.serve) as server, self.assertRaisesRegex(CausewayError, "pip install pandas pyarrow"):
            self.connect(server).data("customers").frame()


if __name__ == "__main__":
    unittest.main()
