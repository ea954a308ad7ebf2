import type { Gate, GateRule, RuleVerdict } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { reader } from "../../testing/reader.ts";
import { gateSummary, verdictText } from "./verdict-words.ts";

const [english, vietnamese] = [reader("en"), reader("vi")];
const estimate = (value: number, half = 0.01) => ({
  name: "auc",
  value,
  low: value - half,
  high: value + half,
  confidence: 0.95,
  method: "bootstrap",
});
const verdict = (rule: GateRule, passed: boolean, found: Partial<RuleVerdict> = {}): RuleVerdict => ({
  rule,
  passed,
  reason: "as the server said",
  champion: null,
  challenger: null,
  difference: null,
  slices: null,
  ...found,
});
const better: GateRule = { rule: "better", metric: "auc", by: 0, confidence: 0.95 };
const floor: GateRule = { rule: "at-least", metric: "recall", value: 0.6 };
const measured = { challenger: estimate(0.881), champion: estimate(0.795), difference: estimate(0.086) };
const slices = [
  { value: "Monthly", rows: 900, challenger: 0.7, champion: null },
  { value: "Yearly", rows: 300, challenger: 0.41, champion: null },
];

const VERDICTS: [string, RuleVerdict, number | null, string, string][] = [
  [
    "a difference",
    verdict(better, true, measured),
    1,
    "auc 0.881 (0.871 to 0.891) against 0.795, difference 0.086 (0.076 to 0.096): better by more than 0",
    "auc 0,881 (0,871 đến 0,891) so với 0,795, chênh lệch 0,086 (0,076 đến 0,096): tốt hơn quá 0",
  ],
  [
    "one that is not shown",
    verdict({ ...better, rule: "not-worse", by: 0.01 }, false, measured),
    1,
    "auc 0.881 (0.871 to 0.891) against 0.795, difference 0.086 (0.076 to 0.096): not shown to be not worse by more than 0.01",
    "auc 0,881 (0,871 đến 0,891) so với 0,795, chênh lệch 0,086 (0,076 đến 0,096): chưa chứng tỏ được là không kém quá 0,01",
  ],
  [
    "no champion",
    verdict(better, true, { challenger: estimate(0.881) }),
    null,
    "auc 0.881 (0.871 to 0.891); there is no champion to compare with",
    "auc 0,881 (0,871 đến 0,891); không có champion để so",
  ],
  [
    "a floor",
    verdict(floor, false, { challenger: estimate(0.5) }),
    null,
    "recall 0.500 (0.490 to 0.510), at least 0.6 is wanted: it does not reach it",
    "recall 0,500 (0,490 đến 0,510), cần ít nhất 0,6: chưa đạt",
  ],
  [
    "slices",
    verdict({ ...floor, slice: "Contract" }, false, { slices }),
    null,
    "recall is 0.410 where Contract is Yearly (300 rows), at least 0.6 is wanted; 1 of 2 values miss it",
    "recall là 0,410 khi Contract là Yearly (300 dòng), cần ít nhất 0,6; 1/2 giá trị không đạt",
  ],
  [
    "agreement",
    verdict({ rule: "agrees", mean: 0.2, golden: 0.8 }, false, {
      agreement: { mean: 0.3, most: 0.9, same: 3, golden: 20 },
    }),
    1,
    "answers differ by 0.300 on average and 0.900 at most, 3 of 20 golden rows are alike; wanted are at most 0.2 on average and 16 golden rows",
    "câu trả lời khác nhau trung bình 0,300, nhiều nhất 0,900; 3/20 golden row trùng nhau; cần trung bình nhiều nhất 0,2 và 16 golden row trùng nhau",
  ],
  [
    "rows",
    verdict({ rule: "rows", least: 5_000 }, false, { rows: 4_200 }),
    1,
    "4,200 rows were judged; at least 5,000 are wanted",
    "đã kiểm định 4.200 dòng; cần ít nhất 5.000",
  ],
  [
    "what was judged before figures were kept",
    verdict({ rule: "rows", least: 500 }, true),
    1,
    "as the server said",
    "as the server said",
  ],
];

describe("the words of a gate", () => {
  it.each(VERDICTS)(
    "X7/vietnamese say %s in both languages",
    (_, found, champion, inEnglish, inVietnamese) => {
      expect(verdictText(found, { champion }, english)).toBe(inEnglish);
      expect(verdictText(found, { champion }, vietnamese)).toBe(inVietnamese);
    },
  );

  it("sum up by what refused, else by the first rule that measured", () => {
    const gate = (verdicts: RuleVerdict[]): Pick<Gate, "champion" | "verdicts" | "summary"> => ({
      champion: 1,
      verdicts,
      summary: "as the server said",
    });
    const rows = verdict({ rule: "rows", least: 500 }, true, { rows: 900 });
    const good = verdict(better, true, measured);
    expect(gateSummary(gate([rows, good]), english)).toContain("auc 0.881");
    const few = verdict({ rule: "rows", least: 5_000 }, false, { rows: 900 });
    expect(gateSummary(gate([few, good]), english)).toBe("900 rows were judged; at least 5,000 are wanted");
    expect(gateSummary(gate([]), english)).toBe("as the server said");
  });
});
