import { HeldFact, PolicySettings, TriggerFact } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { monitoringFixtures } from "../../testing/monitoring-fixtures.ts";
import { reader } from "../../testing/reader.ts";
import { heldText, policySentence, triggerReason } from "./policy-words.ts";

const [english, vietnamese] = [reader("en"), reader("vi")];
const [policy] = monitoringFixtures(new Date("2026-11-21T12:00:00.000Z")).policies;
const estimate = (value: number) => ({
  name: "auc",
  value,
  low: value - 0.01,
  high: value + 0.01,
  confidence: 0.95,
  method: null,
});

const REASONS: [TriggerFact, string, string][] = [
  [
    { says: "drift", window: "29 Jul 2017", columns: ["a", "b", "c", "d", "e"], predictions: true },
    "a, b, c and 2 more, and the predictions drifted in 29 Jul 2017",
    "a, b, c và 2 cột khác và dự đoán bị drift trong 29/07/2017",
  ],
  [
    {
      says: "performance",
      window: "2017-07",
      metric: "auc",
      now: estimate(0.85),
      reference: estimate(0.9),
      promised: null,
    },
    "auc was 0.850 (0.840 to 0.860) in 2017-07; the reference is 0.900 (0.890 to 0.910)",
    "auc là 0,850 (0,840 đến 0,860) trong 2017-07; tham chiếu là 0,900 (0,890 đến 0,910)",
  ],
  [
    { says: "labels", rows: 5000 },
    "5,000 rows with truth came since the training data was put together",
    "có 5.000 dòng có nhãn thực tế kể từ khi lập dữ liệu huấn luyện",
  ],
  [
    { says: "schedule", cron: "0 3 * * MON", zone: "UTC" },
    "its schedule 0 3 * * MON (UTC) was due",
    "đã đến lịch 0 3 * * MON (UTC)",
  ],
];

const HELD: [HeldFact, string][] = [
  [
    { says: "gone", deployment: "churn", monitor: "m" },
    "deployment churn hoặc bộ giám sát m của nó không còn",
  ],
  [{ says: "paused" }, "chính sách đang tạm dừng"],
  [{ says: "cycle", cycle: 4 }, "chu kỳ 4 đang chạy"],
  [
    { says: "cooldown", cycle: 4, until: "2017-07-29T14:00:00.000Z" },
    "nghỉ đến 29/07/2017, 14:00 sau chu kỳ 4",
  ],
  [{ says: "budget", trainings: 2, per: "month" }, "đã hết hạn mức 2 lần huấn luyện mỗi tháng"],
  [
    { says: "refusals", refusals: 3, wanted: 3, windows: 1 },
    "gate đã từ chối 3 lần liên tiếp; chờ 3 cửa sổ mới có nhãn thực tế, hiện có 1",
  ],
  [
    { says: "few-rows", rows: 500 },
    "dưới 500 dòng có nhãn thực tế trong một cửa sổ là quá ít để thay mô hình; hãy cho bộ giám sát cửa sổ dài hơn, hoặc giảm số dòng của điều kiện",
  ],
];

const because = (fact: TriggerFact) => ({
  trigger: { kind: "drift" as const, reason: "as the server said", alert: null, window: null, fact },
});

describe("the words of policies", () => {
  it.each(REASONS)("X7/vietnamese a cycle says why it began: %o", (fact, inEnglish, inVietnamese) => {
    expect(triggerReason(because(fact), english)).toBe(inEnglish);
    expect(triggerReason(because(fact), vietnamese)).toBe(inVietnamese);
  });

  it.each(HELD)("X7/vietnamese a policy says what holds it back: %o", (heldBy, said) => {
    expect(heldText({ held: "as the server said", heldBy }, vietnamese)).toBe(said);
  });

  it("has a sentence for every kind of fact, and the server's own where it kept none", () => {
    const kinds = (options: readonly { shape: { says: { value: string } } }[]) =>
      options.map(({ shape }) => shape.says.value).sort();
    expect(REASONS.map(([{ says }]) => says).sort()).toEqual(kinds(TriggerFact.options));
    expect(HELD.map(([{ says }]) => says).sort()).toEqual(kinds(HeldFact.options));
    const { fact: _, ...trigger } = because({ says: "labels", rows: 1 }).trigger;
    expect(triggerReason({ trigger }, vietnamese)).toBe("as the server said");
    expect(heldText({ held: null }, vietnamese)).toBeNull();
  });

  it("X7/vietnamese writes the rule of a policy", () => {
    const settings = PolicySettings.parse({
      retrain: "churn",
      when: [{ on: "drift" }, { on: "labels", rows: 5_000 }],
      cooldown: "3 days",
      approve: { by: "person", fourEyes: true },
    });
    const known = { ...policy!, deployment: "churn", settings };
    expect(policySentence(known, english)).toBe(
      "Retrains churn by the pipeline churn when columns or predictions drift, or 5,000 new rows have their truth; at most 2 times a month, 3 days apart. A challenger must pass its gate, a person approves, who did not write this policy, and the first window with truth can send it back.",
    );
    expect(policySentence(known, vietnamese)).toBe(
      "Huấn luyện lại churn bằng pipeline churn khi cột hoặc dự đoán bị drift, hoặc 5.000 dòng mới có nhãn thực tế; nhiều nhất 2 lần mỗi tháng, cách nhau 3 ngày. Challenger phải qua gate, được một người không viết chính sách này duyệt, và 1 cửa sổ đầu có nhãn thực tế có thể đưa nó về bản trước.",
    );
  });
});
