import { describe, expect, it, vi } from "vitest";
import { createRowPages } from "./row-pages.ts";

type Row = { id: string; text: string };

/** A list of so many rows in pages of ten; the address of a page is its first row. */
function list(total: number, keep = 3) {
  const asked: (string | undefined)[] = [];
  const load = vi.fn(async (after: string | undefined) => {
    asked.push(after);
    const from = Number(after ?? 0);
    const items = Array.from({ length: Math.min(10, total - from) }, (_, index) => ({
      id: String(from + index),
      text: "old",
    }));
    return { items, next: from + 10 < total ? String(from + 10) : null };
  });
  return { asked, load, pages: createRowPages<Row>({ load, keep }) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("pages of a long list", () => {
  it("E3/keyset reads as far as is looked at, and no page twice at once", async () => {
    const { pages, asked } = list(35);
    pages.show(0, 5);
    pages.show(0, 5);
    await settled();
    expect(asked).toEqual([undefined]);
    expect(pages.state()).toMatchObject({ sizes: [10], isWhole: false, isLoading: false });

    pages.show(0, 25);
    await settled();
    expect(asked).toEqual([undefined, "10", "20"]);
    pages.show(25, 40);
    await settled();
    expect(pages.state()).toMatchObject({ sizes: [10, 10, 10, 5], isWhole: true });
    pages.show(25, 400);
    await settled();
    expect(asked).toHaveLength(4);
  });

  it("lets far pages go and reads them again by their address", async () => {
    const { pages, asked } = list(100);
    for (let row = 0; row < 100; row += 10) {
      pages.show(row, row + 9);
      await settled();
    }
    expect(pages.state().pages.filter((page) => page !== undefined)).toHaveLength(3);
    expect(pages.state().sizes).toHaveLength(10);
    pages.show(15, 18);
    await settled();
    expect(asked.at(-1)).toBe("10");
    expect(pages.state().pages[1]?.[5]?.id).toBe("15");
  });

  it("changes rows in their places", async () => {
    const { pages } = list(20);
    pages.show(0, 5);
    await settled();
    pages.change((row) => (row.id === "3" ? { ...row, text: "new" } : row));
    expect(
      pages
        .state()
        .pages[0]?.map(({ text }) => text)
        .indexOf("new"),
    ).toBe(3);
    expect(pages.state().sizes).toEqual([10]);
  });

  it("stops at an error and goes on when asked to", async () => {
    const { pages, load } = list(20);
    load.mockRejectedValueOnce(new Error("no answer"));
    pages.show(0, 5);
    await settled();
    expect(pages.state().error?.message).toBe("no answer");
    pages.show(0, 5);
    await settled();
    expect(load).toHaveBeenCalledTimes(1);
    pages.retry();
    await settled();
    expect(pages.state()).toMatchObject({ error: null, sizes: [10] });
  });
});
