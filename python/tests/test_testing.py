"""The kit that tries a step's script outside of the product."""

import importlib.util
import pathlib
import tempfile
import unittest

import causeway
import causeway.testing
from causeway import StepError

HAS_PANDAS = importlib.util.find_spec("pandas") is not None and importlib.util.find_spec("pyarrow") is not None


class Trial(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)

    def script(self, text):
        path = self.folder / "script.py"
        path.write_text(text)
        return path

    def test_a_script_gets_what_it_is_given_and_its_words_come_back(self):
        script = self.script(
            "from causeway import step\n"
            "print('words', step.path('words').read_text(), end='')\n"
            "step.log(auc=0.5, step=1)\n"
            "step.log(auc=0.75, worst=float('-inf'), step=2)\n"
            "step.log_params(trees=step.params['trees'], facts=step.input('facts')['kind'])\n"
            "step.summarize('auc 0.75')\n"
            "step.save('report', {'n': 3})\n"
            "step.save('model', b'onnx')\n"
        )
        with causeway.testing.step(
            params={"trees": 10}, inputs={"words": b"hello", "facts": {"a": 1}}, outputs={"report": "report", "model": "model"}
        ) as trial:
            trial.run(script)
            self.assertEqual(trial.metrics, {"auc": 0.75, "worst": float("-inf")})
            self.assertEqual(trial.history[0], ("auc", 0.5, 1))
            self.assertEqual(trial.params, {"trees": 10, "facts": "report"})
            self.assertEqual((trial.summary, trial.printed), ("auc 0.75", "words hello"))
            self.assertEqual((trial.read("report"), trial.read("model")), ({"n": 3}, b"onnx"))

    def test_a_script_that_fails_shows_what_it_said(self):
        said = "(?s)ended with 1.*before.*ValueError: why"
        with causeway.testing.step() as trial, self.assertRaisesRegex(AssertionError, said):
            trial.run(self.script("print('before')\nraise ValueError('why')"))

    def test_a_folder_is_handed_in_and_given_back_with_its_files(self):
        given = self.folder / "given"
        (given / "more").mkdir(parents=True)
        (given / "MLmodel").write_text("flavors: {}")
        (given / "more" / "limits.txt").write_text("numpy<3")
        script = self.script(
            "from causeway import step\n"
            "assert (step.path('model') / 'MLmodel').exists()\n"
            "step.save('copy', step.path('model'))\n"
            "step.out('own').mkdir()\n"
            "(step.out('own') / 'a').write_text('b')\n"
        )
        outputs = {"copy": "model", "own": "file"}
        with causeway.testing.step(inputs={"model": given}, outputs=outputs) as trial:
            trial.run(script)
            self.assertEqual(trial.read("copy"), {"MLmodel": b"flavors: {}", "more/limits.txt": b"numpy<3"})
            self.assertEqual(trial.read("own"), {"a": b"b"})

    def test_a_function_can_be_tried_in_place(self):
        with causeway.testing.step(params={"rate": 0.5}, inputs={"file": self.script("x")}) as trial:
            from causeway import step

            step.log(rate=step.params["rate"])
            self.assertEqual(step.path("file").read_text(), "x")
            self.assertEqual(trial.metrics, {"rate": 0.5})
        with self.assertRaises(StepError):
            from causeway import step  # noqa: F401

    def test_a_kind_that_there_is_not_is_named(self):
        with self.assertRaisesRegex(ValueError, "onnx is no kind of output"), causeway.testing.step(outputs={"model": "onnx"}):
            pass

    @unittest.skipUnless(HAS_PANDAS, "needs pandas and pyarrow")
    def test_tables_go_in_and_out_as_data_frames(self):
        import pandas

        rows = pandas.DataFrame({"a": [1, 2, 3]})
        script = self.script("from causeway import step\nstep.save('kept', step.frame('rows').query('a > 1'))")
        with causeway.testing.step(inputs={"rows": rows}, outputs={"kept": "dataset"}) as trial:
            self.assertEqual(list(trial.run(script).read("kept")["a"]), [2, 3])


if __name__ == "__main__":
    unittest.main()
