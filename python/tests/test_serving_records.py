"""What the worker of a Python model makes of the columns of a frame."""

import importlib.util
import types
import unittest

HAS_NUMPY = importlib.util.find_spec("numpy") is not None


@unittest.skipUnless(HAS_NUMPY, "needs NumPy")
class TensorRecords(unittest.TestCase):
    def build(self, dtype, values, shape):
        import numpy

        from causeway.serving.records import build_inputs

        spec = types.SimpleNamespace(type=numpy.dtype(dtype), name=None)
        schema = types.SimpleNamespace(is_tensor_spec=lambda: True, inputs=[spec], has_input_names=lambda: False)
        code = "f8" if spec.type.kind == "f" else "i8"
        body = numpy.asarray(values, dtype=code).tobytes()
        column = {"at": 0, "bytes": len(body), "code": code, "shape": shape}
        rows = len(values) // max(1, *shape)
        return build_inputs([column], body, rows, schema, False)

    def test_a_row_has_the_shape_and_the_type_that_the_model_was_logged_with(self):
        built = self.build("float32", [1, 2, 3, 4], [2])
        self.assertEqual((built.tolist(), str(built.dtype)), ([[1.0, 2.0], [3.0, 4.0]], "float32"))

    def test_a_whole_number_that_the_type_does_not_hold_is_refused(self):
        from causeway.serving.records import RefusedRows

        self.assertEqual(self.build("uint8", [0, 255], [2]).tolist(), [[0, 255]])
        for value in (-1, 256):
            with self.assertRaisesRegex(RefusedRows, f"input: {value} does not fit uint8, which goes from 0 to 255"):
                self.build("uint8", [value, 1], [2])


if __name__ == "__main__":
    unittest.main()
