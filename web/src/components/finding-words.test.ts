import { FindingFact } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { reader } from "../../testing/reader.ts";
import { badRowReason, findingText } from "./finding-words.ts";
import { stepWhy } from "./step-why.ts";

const [english, vietnamese] = [reader("en"), reader("vi")];

const FINDINGS: [FindingFact, string, string][] = [
  [
    { says: "blanks", markers: ["NA", ""], where: { column: "tenure", value: "0" } },
    "tenure: 1,100 blanks (NA or nothing), all where tenure = 0",
    "tenure: 1.100 ô trống (NA hoặc không ghi gì), tất cả ở dòng có tenure = 0",
  ],
  [
    { says: "set-aside", first: { file: "a.csv", line: 5, reason: "not a number" } },
    "tenure: 1,100 rows set aside, the first at line 5 of a.csv: not a number",
    "tenure: 1.100 dòng bị cách ly, dòng đầu tiên ở dòng 5 của a.csv: không phải số",
  ],
  [
    { says: "constant", value: "EUR" },
    "tenure: every row has tenure = EUR",
    "tenure: mọi dòng đều có tenure = EUR",
  ],
  [
    { says: "repeated", example: "7590" },
    "tenure: 1,100 rows repeat a tenure, for example 7590",
    "tenure: 1.100 dòng lặp lại tenure, ví dụ 7590",
  ],
  [{ says: "missing-key" }, "tenure: 1,100 rows have no tenure", "tenure: 1.100 dòng không có tenure"],
];

const finding = (fact?: FindingFact) => ({
  kind: "blank" as const,
  severity: "warning" as const,
  column: "tenure",
  rows: 1_100,
  message: "as the server said",
  ...(fact && { fact }),
});

describe("the words of findings", () => {
  it.each(FINDINGS)("X7/vietnamese says what a reader of the data should know: %o", (fact, en, vi) => {
    expect(findingText(finding(fact), english)).toBe(en);
    expect(findingText(finding(fact), vietnamese)).toBe(vi);
  });

  it("has a sentence for every kind of finding, and the server's own where it kept none", () => {
    const kinds = FindingFact.options.map(({ shape }) => shape.says.value).sort();
    expect(FINDINGS.map(([{ says }]) => says).sort()).toEqual(kinds);
    expect(findingText(finding(), vietnamese)).toBe("tenure: as the server said");
    expect(badRowReason("text after a closing quote", vietnamese)).toBe("text after a closing quote");
  });
});

describe("the words of a plan", () => {
  it("X7/vietnamese says why a step ran, and keeps what it cannot read", () => {
    const said = (why: string | null) => stepWhy(why, vietnamese.t);
    expect(said("first run")).toBe("lần chạy đầu");
    expect(said("code changed; param depth 4 → nothing; input rows changed: 9f31c2 → e07a15; 2 more")).toBe(
      "mã nguồn thay đổi; tham số depth 4 → không có; đầu vào rows thay đổi: 9f31c2 → e07a15; 2 lý do khác",
    );
    expect(said("code changed; param note a; b → c")).toBe("code changed; param note a; b → c");
    expect(said(null)).toBe("");
    expect(stepWhy("code changed; lock changed", english.t)).toBe("code changed; lock changed");
  });
});
