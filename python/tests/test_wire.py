"""Values as they travel."""

import datetime
import decimal
import json
import unittest

from causeway.wire import encode, moment, timestamp, to_wire


class Wire(unittest.TestCase):
    def test_integers_beyond_2_53_are_text_to_control_and_digits_to_a_gateway(self):
        large = {"id": 2**53 + 1, "small": 2**53}
        self.assertEqual(json.loads(encode(large)), {"id": "9007199254740993", "small": 2**53})
        self.assertEqual(encode(large, "digits"), b'{"id":9007199254740993,"small":9007199254740992}')

    def test_nan_and_infinities_are_words(self):
        values = [float("nan"), float("inf"), float("-inf"), 0.1]
        self.assertEqual(to_wire(values), ["NaN", "Infinity", "-Infinity", 0.1])

    def test_floats_keep_every_bit(self):
        for value in (0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.0):
            self.assertEqual(json.loads(encode(value)), value)

    def test_times_are_utc_with_milliseconds(self):
        saigon = datetime.timezone(datetime.timedelta(hours=7))
        self.assertEqual(timestamp(datetime.datetime(2026, 1, 31, 9, 30, 0, 123_999, saigon)), "2026-01-31T02:30:00.123Z")
        self.assertEqual(timestamp(datetime.datetime(2026, 1, 31)), "2026-01-31T00:00:00.000Z")
        self.assertEqual(to_wire(datetime.date(2026, 1, 31)), "2026-01-31")
        self.assertEqual(timestamp(moment("2026-01-31T02:30:00.123Z")), "2026-01-31T02:30:00.123Z")

    def test_what_libraries_give_becomes_plain(self):
        class Scalar:
            def item(self):
                return 3

        class Array:
            def tolist(self):
                return [1.5, float("nan")]

        class NAType:
            pass

        given = {"n": Scalar(), "a": Array(), "none": NAType(), "d": decimal.Decimal("1.5"), 7: (True, None)}
        self.assertEqual(to_wire(given), {"n": 3, "a": [1.5, "NaN"], "none": None, "d": 1.5, "7": [True, None]})

    def test_what_json_cannot_carry_is_named(self):
        with self.assertRaisesRegex(TypeError, "a complex cannot be sent as JSON"):
            encode({"z": 1j})


if __name__ == "__main__":
    unittest.main()
