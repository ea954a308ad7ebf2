import { AlertFact, type QualityFact } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { reader } from "../../testing/reader.ts";
import { alertEvidence, alertTitle, notJudgedText } from "./alert-words.ts";
import { windowName } from "./window-name.ts";

const estimate = (value: number, half: number) => ({
  name: "auc",
  value,
  low: value - half,
  high: value + half,
  confidence: 0.95,
  method: null,
});
const window = "29 Jul 2017";
const moment = {
  metric: "auc",
  lessIsBetter: false,
  now: estimate(0.771, 0.016),
  reference: 0.906,
  difference: null,
  promised: null,
};
const fact: QualityFact = { kind: "unseen", share: 0.25, referenceShare: null, examples: ["new"] };

const FACTS: [AlertFact, string, string][] = [
  [
    { says: "columns-moved", window, columns: ["a", "b", "c", "d"] },
    "a, b, c and 1 more column moved away from the reference in 29 Jul 2017",
    "a, b, c và 1 cột khác lệch khỏi tham chiếu trong 29/07/2017",
  ],
  [
    { says: "predictions-moved", window, effect: 0.2 },
    "Predictions moved away from the reference in 29 Jul 2017 (distance 0.200)",
    "Dự đoán lệch khỏi tham chiếu trong 29/07/2017 (khoảng cách 0,200)",
  ],
  [
    { says: "performance-fell", window, moment },
    "auc fell to 0.771 (0.755 to 0.787) in 29 Jul 2017; the reference is 0.906",
    "auc giảm còn 0,771 (0,755 đến 0,787) trong 29/07/2017; tham chiếu là 0,906",
  ],
  [
    { says: "quality-fell", window: "rows 5,001 to 6,000", column: "a", problem: "x", fact },
    "a in rows 5,001 to 6,000: 25.0 % of unseen categories, such as new",
    "a trong dòng 5.001 đến 6.000: 25,0% là loại chưa gặp, ví dụ new",
  ],
  [
    { says: "requests-failed", window, errors: 1200, requests: 20000 },
    "1,200 of 20,000 requests failed or were slow in 29 Jul 2017",
    "1.200/20.000 request bị lỗi hoặc chậm trong 29/07/2017",
  ],
  [
    { says: "truth-is-absent", window },
    "No truth has come for the predictions of 29 Jul 2017",
    "Chưa có nhãn thực tế cho các dự đoán của 29/07/2017",
  ],
  [
    {
      says: "column",
      column: "a",
      kind: "numeric",
      change: { of: "median", now: 4.5, reference: 3 },
      effect: 0.3,
      psi: null,
      adjustedP: 0.0001,
      rows: 1,
    },
    "a: median 4.5, 3 in the reference; KS distance 0.300, psi unknown, adjusted p under 0.001, 1 row.",
    "a: trung vị 4,5, tham chiếu 3; khoảng cách KS 0,300, psi không rõ, p hiệu chỉnh dưới 0,001, 1 dòng.",
  ],
  [{ says: "more-columns", count: 2 }, "2 more columns moved.", "2 cột khác cũng lệch."],
  [
    { says: "season", columns: [{ column: "a", psi: 0.1 }] },
    "As in the same period a year before, so mostly the season: a (psi 0.100).",
    "Giống cùng kỳ năm trước, nên phần lớn là do mùa: a (psi 0,100).",
  ],
  [
    { says: "no-season", columns: [{ column: "a", psi: 0.1 }] },
    "Against the same period a year before these moved as well: a (psi 0.100).",
    "So với cùng kỳ năm trước các cột này cũng lệch: a (psi 0,100).",
  ],
  [
    { says: "prediction", column: "Churn", moved: false, effect: 0.01, psi: 0.02 },
    "Predictions (Churn) did not move: distance 0.010, psi 0.020.",
    "Dự đoán (Churn) không lệch: khoảng cách 0,010, psi 0,020.",
  ],
  [
    { says: "performance", window, labelled: 900, moment: { ...moment, promised: 0.9 } },
    "auc is 0.771 (0.755 to 0.787) on 900 rows with truth; the reference is 0.906; its own scores promise 0.900.",
    "auc là 0,771 (0,755 đến 0,787) trên 900 dòng có nhãn thực tế; tham chiếu là 0,906; điểm số của chính mô hình hứa hẹn 0,900.",
  ],
  [
    { says: "quality", column: "a", problem: "as the server said", fact: null },
    "a: as the server said.",
    "a: as the server said.",
  ],
  [
    { says: "service", requests: { all: 20000, errors: 12, p99Ms: 40 } },
    "12 of 20,000 requests failed (5xx or 429); 99 % were answered within 40 ms.",
    "12/20.000 request bị lỗi (5xx hoặc 429); 99% được trả lời trong 40 ms.",
  ],
  [
    { says: "no-truth", window, rows: 2000 },
    "2,000 predictions of 29 Jul 2017 were answered, and none has its truth. How good the model is cannot be said.",
    "2.000 dự đoán của 29/07/2017 đã được trả lời mà chưa có nhãn thực tế nào. Chưa nói được mô hình tốt đến đâu.",
  ],
  [
    { says: "first-window", window },
    "It is the first window that shows it: 29 Jul 2017.",
    "Đây là cửa sổ đầu tiên cho thấy điều này: 29/07/2017.",
  ],
  [
    { says: "since", window, windows: 3 },
    "Since 29 Jul 2017, in 3 windows.",
    "Từ 29/07/2017, trong 3 cửa sổ.",
  ],
];

describe("the words of alerts", () => {
  it.each(FACTS)("X7/vietnamese %o is said in both languages", (given, english, vietnamese) => {
    const alert = { title: "", evidence: [], facts: { title: given, evidence: [given] } };
    expect(alertTitle(alert, reader("en"))).toBe(english);
    expect(alertEvidence(alert, reader("vi"))).toEqual([vietnamese]);
  });

  it("has a sentence for every kind of fact", () => {
    const kinds = AlertFact.options.map(({ shape }) => shape.says.value);
    expect(FACTS.map(([{ says }]) => says).sort()).toEqual([...kinds].sort());
  });

  it("are the server's own where it kept no figures", () => {
    expect(alertTitle({ title: "auc fell" }, reader("vi"))).toBe("auc fell");
    expect(alertEvidence({ evidence: ["since then"] }, reader("vi"))).toEqual(["since then"]);
    expect(notJudgedText({ reason: "too few" }, reader("vi"))).toBe("too few");
    expect(notJudgedText({ reason: "", why: { says: "few-rows", rows: 7, least: 50 } }, reader("vi"))).toBe(
      "7 dòng là quá ít để đánh giá; cần 50",
    );
  });
});

it("writes the names of windows as the reader writes dates", () => {
  const [english, vietnamese] = [reader("en"), reader("vi")];
  for (const title of ["2017-07", "2017-W29", "29 Jul 2017 14:00", "rows 5,001 to 6,000"])
    expect(windowName(title, english)).toBe(title);
  expect(windowName("29 Jul 2017 14:00", vietnamese)).toBe("29/07/2017 14:00");
  expect(windowName("9 Jan", vietnamese)).toBe("09/01");
  expect(windowName("2017-W29", vietnamese)).toBe("2017-W29");
});
