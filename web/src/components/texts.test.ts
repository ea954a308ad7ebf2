import { describe, expect, it } from "vitest";
import { toCsv } from "./csv.ts";
import { readBlocks, readInline } from "./markdown-blocks.ts";

describe("CSV", () => {
  it("quotes what needs it and keeps machine form", () => {
    expect(
      toCsv(
        ["a", "b"],
        [
          [1.5, 'say "x", y'],
          [null, { k: 1 }],
        ],
      ),
    ).toBe('a,b\r\n1.5,"say ""x"", y"\r\n,"{""k"":1}"\r\n');
  });
});

describe("Markdown", () => {
  it("reads headings, paragraphs, lists, code and tables", () => {
    const text =
      "# churn v3\n\nPredicts **Churn**.\nFor one row.\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | a\\|b |\n\n```\ncode | here\n```\n";
    expect(readBlocks(text)).toEqual([
      { kind: "heading", level: 1, text: "churn v3" },
      { kind: "paragraph", text: "Predicts **Churn**. For one row." },
      { kind: "list", items: ["a", "b"] },
      { kind: "table", head: ["x", "y"], rows: [["1", "a|b"]] },
      { kind: "code", text: "code | here" },
    ]);
  });

  it("makes no markup of a text that looks like it", () => {
    expect(readBlocks("<script>alert(1)</script>")).toEqual([
      { kind: "paragraph", text: "<script>alert(1)</script>" },
    ]);
    expect(readInline("a **b** `c` **")).toEqual([
      { kind: "text", text: "a " },
      { kind: "strong", text: "b" },
      { kind: "text", text: " " },
      { kind: "code", text: "c" },
      { kind: "text", text: " **" },
    ]);
  });

  it("ends on an unclosed fence", () => {
    expect(readBlocks("```\nx")).toEqual([{ kind: "code", text: "x" }]);
  });
});
