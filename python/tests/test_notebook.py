"""What things look like: every text of a stranger is escaped, every thing links to its page."""

import datetime
import html.parser
import unittest

from causeway.discovery import Connection
from causeway.notebook import Link, Listing, Summary, as_html, as_text, bytes_text
from causeway.places import experiment_segment, place, place_of_id


class Item:
    def __init__(self, **row):
        self.row = row

    def _row(self):
        return self.row


class Tags(html.parser.HTMLParser):
    """Fails on tags that do not close in order; collects links and text."""

    VOID = ()

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.text = [], [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


EVIL = '<script>alert("1")</script>&"\''


class Notebook(unittest.TestCase):
    def test_text_of_strangers_is_escaped_everywhere(self):
        link = Link(EVIL, f"http://x/{EVIL}")
        shown = as_html(Summary(EVIL, link, [(EVIL, EVIL), ("link", link)], (EVIL,), [(EVIL,)] * 20))
        self.assertNotIn("<script", shown)
        tags = Tags(shown)
        self.assertEqual(tags.links, [f"http://x/{EVIL}"] * 2)
        listed = Listing([Item(**{EVIL: EVIL, "name": link})])._repr_html_()
        self.assertNotIn("<script", listed)
        Tags(listed)

    def test_colours_are_left_to_the_theme(self):
        shown = as_html(Summary("dataset", Link("a", "http://x"), [("rows", 3)], ("column",), [("a",)]))
        self.assertNotRegex(shown, r"(?<![-\w])(color|background):(?!none)")

    def test_numbers_stand_to_the_right_and_long_lists_are_cut(self):
        listing = Listing(Item(name=f"run {n}", auc=n / 100) for n in range(120))
        self.assertIn("text-align:right", listing._repr_html_())
        self.assertIn("and 70 more", listing._repr_html_())
        lines = repr(listing).splitlines()
        self.assertEqual(len(lines), 52)
        self.assertEqual(lines[1], "run 0      0")

    def test_many_columns_are_left_to_the_frame(self):
        listing = Listing([Item(**{f"params.{n}": "x" for n in range(30)})])
        self.assertIn("and 16 more columns: frame() has them", listing._repr_html_())
        self.assertIn("and 16 more columns", repr(listing))

    def test_nothing_is_said(self):
        self.assertEqual(repr(Listing([])), "nothing")
        self.assertIn("nothing", Listing([])._repr_html_())

    def test_a_slice_of_a_list_is_still_a_list(self):
        part = Listing([Item(name="a"), Item(name="b"), Item(name="c")])[1:]
        self.assertEqual(repr(part), "name\nb\nc")

    def test_facts_without_a_value_are_left_out_and_times_are_utc(self):
        saigon = datetime.timezone(datetime.timedelta(hours=7))
        when = datetime.datetime(2026, 1, 31, 9, 30, tzinfo=saigon)
        text = as_text(Summary("run", Link("first", "http://x/r"), [("ended", None), ("started", when), ("rows", 7043)]))
        self.assertEqual(text, "run first\n  started  2026-01-31 02:30 UTC\n  rows     7,043\n  page     http://x/r")

    def test_sizes_are_decimal(self):
        sizes = {0: "0 B", 999: "999 B", 57_700: "57.7 kB", 148_000: "148 kB", 3 * 10**12: "3.0 TB"}
        self.assertEqual({size: bytes_text(size) for size in sizes}, sizes)


class Places(unittest.TestCase):
    def test_pages_have_the_addresses_that_the_web_gives_them(self):
        plain = Connection("http://x")
        scoped = Connection("http://x", project="shop", environment="prod")
        self.assertEqual(place(plain, "registry", "churn", 3), "http://x/dev/registry/churn/3")
        self.assertEqual(place(scoped, "data", "a b/ü"), "http://x/shop/prod/data/a%20b%2F%C3%BC")
        self.assertEqual(place_of_id(scoped, "7f02ab"), "http://x/shop/go/7f02ab")
        self.assertEqual(experiment_segment({"id": "3", "name": "compare"}), "3")
        self.assertEqual(experiment_segment({"id": "3", "name": "/Users/me"}), "3")


if __name__ == "__main__":
    unittest.main()
