"""Where a client finds its server."""

import json
import pathlib
import tempfile
import unittest

from causeway.discovery import discover
from causeway.errors import CausewayError


class Discovery(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name).resolve()

    def up(self, folder, url="http://127.0.0.1:1", token="secret"):
        data = folder / ".causeway"
        data.mkdir(parents=True)
        (data / "up.json").write_text(json.dumps({"url": url, "dataDir": str(data)}))
        (data / "admin-token").write_text(f"{token}\n")
        return data

    def test_what_is_given_goes_before_variables_and_those_before_files(self):
        self.up(self.folder)
        variables = {"CAUSEWAY_URL": "http://b", "CAUSEWAY_TOKEN": "t", "CAUSEWAY_PROJECT": "p", "CAUSEWAY_ENVIRONMENT": "prod"}
        given = discover({"url": "http://a/", "project": "q"}, variables, self.folder)
        self.assertEqual((given.url, given.token, given.project, given.environment), ("http://a", "t", "q", "prod"))

    def test_the_nearest_data_folder_upwards_gives_address_and_token(self):
        self.up(self.folder)
        inner = self.folder / "a" / "b"
        inner.mkdir(parents=True)
        found = discover({}, {}, inner)
        self.assertEqual((found.url, found.token), ("http://127.0.0.1:1", "secret"))
        self.up(self.folder / "a", url="http://127.0.0.1:2", token="other")
        self.assertEqual(discover({}, {}, inner).token, "other")

    def test_a_data_folder_that_is_named_is_the_only_one_that_is_read(self):
        data = self.up(self.folder)
        self.assertEqual(discover({}, {"CAUSEWAY_DATA_DIR": str(data)}, "/").token, "secret")
        with self.assertRaises(CausewayError) as refused:
            discover({"data_dir": str(self.folder / "none")}, {}, self.folder)
        self.assertEqual(refused.exception.code, "UNAVAILABLE")
        self.assertIn("no Causeway runs on", str(refused.exception))

    def test_the_token_of_a_data_folder_is_not_sent_to_another_address(self):
        self.up(self.folder)
        self.assertIsNone(discover({"url": "http://elsewhere"}, {}, self.folder).token)

    def test_a_damaged_up_file_counts_as_none(self):
        data = self.up(self.folder)
        (data / "up.json").write_text("{")
        with self.assertRaises(CausewayError) as refused:
            discover({}, {}, self.folder)
        self.assertIn("npx --no causeway up", refused.exception.help)

    def test_an_environment_that_there_is_not_is_refused(self):
        with self.assertRaises(CausewayError) as refused:
            discover({"url": "http://a", "environment": "test"}, {}, self.folder)
        self.assertEqual((refused.exception.field, refused.exception.value), ("environment", "test"))

    def test_secrets_do_not_show(self):
        shown = repr(discover({"url": "http://a", "token": "hush", "key": "quiet"}, {}, self.folder))
        self.assertNotIn("hush", shown)
        self.assertNotIn("quiet", shown)


if __name__ == "__main__":
    unittest.main()
