import { type Approval, ApprovalFact, CycleFact, GateRule, StoryFact } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { reader } from "../../testing/reader.ts";
import {
  approvalReason,
  approvalText,
  cycleProblem,
  linkTitle,
  stationText,
  storyText,
} from "./cycle-words.ts";

const [english, vietnamese] = [reader("en"), reader("vi")];
const estimate = (value: number) => ({
  name: "auc",
  value,
  low: value - 0.01,
  high: value + 0.01,
  confidence: 0.95,
  method: null,
});
const judgement = {
  champion: 3,
  verdicts: [
    {
      rule: GateRule.parse({ rule: "better", metric: "auc" }),
      passed: true,
      reason: "as the server said",
      champion: estimate(0.79),
      challenger: estimate(0.88),
      difference: estimate(0.09),
      slices: null,
    },
  ],
  summary: "as the server said",
};
const BETTER = "auc 0,880 (0,870 đến 0,890) so với 0,790, chênh lệch 0,090 (0,080 đến 0,100): tốt hơn quá 0";
const judging = { window: "29 Jul 2017", half: false };
const since = { of: "since", bound: "2017-W09", half: null } as const;

const STATIONS: [CycleFact, string][] = [
  [
    { says: "awaits-truth", window: "29 Jul 2017", labelled: 1200, rows: 5000 },
    "Chờ nhãn thực tế của 29/07/2017: đã có 1.200/5.000 dòng",
  ],
  [
    { says: "awaits-later-truth", window: "2017-07" },
    "Chờ nhãn thực tế của một cửa sổ sau 2017-07, vì bản đang phục vụ đã học từ cửa sổ đó",
  ],
  [
    { says: "awaits-rows", rows: 60, needed: 1200 },
    "Chờ thêm nhãn thực tế: có 60 dòng để học mà bản đang phục vụ chưa thấy; cần 1.200",
  ],
  [
    { says: "no-truth-came", within: "14 days" },
    "Không có nhãn thực tế nào về trong 14 ngày: không có gì để huấn luyện hay kiểm định",
  ],
  [
    { says: "gathers", rows: { of: "last", bound: "90 days", half: null }, judging },
    "Gom các dòng trong 90 ngày gần nhất, trừ 29/07/2017 dùng để kiểm định",
  ],
  [
    {
      says: "gathered",
      rows: { ...since, half: "2017-W12" },
      judging: { window: "2017-W12", half: true },
      learned: 12_000,
      logged: 4_000,
      judged: 500,
    },
    "12.000 dòng để học (các dòng từ 2017-W09 và nửa đầu của 2017-W12; 4.000 từ log dự đoán), 500 dòng của nửa sau của 2017-W12 để kiểm định",
  ],
  [
    { says: "deployment-gone", deployment: "churn", monitor: "m" },
    "Deployment churn hoặc bộ giám sát m của nó không còn",
  ],
  [{ says: "pipeline-runs", pipeline: "p", refit: false }, "Pipeline p đang chạy"],
  [{ says: "run-cancelled", pipeline: "p", run: 1041 }, "Lượt chạy 1041 của p đã bị hủy"],
  [
    { says: "run-failed", pipeline: "p", run: 4, problem: null },
    "Lượt chạy 4 của p bị lỗi: không có lý do nào được ghi lại",
  ],
  [
    { says: "trained", version: 4, pipeline: "p", run: 41 },
    "Phiên bản 4 được huấn luyện ở lượt chạy 41 của p",
  ],
  [{ says: "preparing", version: 4, step: null }, "Đang chuẩn bị phiên bản 4: chờ worker"],
  [
    { says: "unprepared", version: 4, blocked: true, problem: "os.system" },
    "Không thể dùng phiên bản 4: khâu chuẩn bị bị chặn: os.system",
  ],
  [
    { says: "same-model", version: 3 },
    "Phiên bản 3 vốn đang phục vụ: huấn luyện trên dữ liệu mới cho ra cùng một mô hình",
  ],
  [
    { says: "compares", version: 4, against: null, judging },
    "Đang so sánh phiên bản 4 với không có bản nào trên 29/07/2017",
  ],
  [{ says: "passed", version: 4, judging, judgement }, `Trên 29/07/2017, phiên bản 4 đã qua gate: ${BETTER}`],
  [
    { says: "refused", version: 4, judging, judgement },
    `Trên 29/07/2017, phiên bản 4 bị gate từ chối: ${BETTER}`,
  ],
  [{ says: "gate-failed", problem: "no rows" }, "Gate bị lỗi: no rows"],
  [{ says: "goes-on-judged", version: 4 }, "Dùng luôn phiên bản 4 như khi được kiểm định"],
  [{ says: "adds-rows", judging }, "Đang thêm các dòng của 29/07/2017"],
  [{ says: "refit-same", version: 4 }, "Huấn luyện trên tất cả các dòng lại cho ra phiên bản 4"],
  [
    { says: "refit-left", version: 5, challenger: 4, judgement, problem: null },
    `Bỏ phiên bản 5 huấn luyện trên tất cả các dòng: ${BETTER}; dùng tiếp phiên bản 4`,
  ],
  [
    { says: "refit-repeats", version: 5, challenger: 4, model: "churn", judgement },
    `Phiên bản 5 lặp lại phiên bản 4 của churn trên tất cả các dòng: ${BETTER}`,
  ],
  [
    { says: "awaits-approval", until: "2017-07-29T14:00:00.000Z" },
    "Chờ một người duyệt đến 29/07/2017, 14:00",
  ],
  [
    { says: "approved-by-rule", version: 5, alias: "champion" },
    "Phiên bản 5 là champion theo quy tắc của alias",
  ],
  [
    { says: "approved", version: 5, alias: "champion", by: "linh", reason: "looks right" },
    "linh đã duyệt phiên bản 5 làm champion: “looks right”",
  ],
  [{ says: "rejected", version: 5, by: "linh", reason: null }, "linh đã từ chối phiên bản 5"],
  [
    { says: "undecided", version: 5, champion: 3 },
    "Quá hạn mà không ai quyết định về phiên bản 5; phiên bản 3 tiếp tục phục vụ",
  ],
  [{ says: "withdrawn", version: 5 }, "Yêu cầu duyệt phiên bản 5 đã được rút lại"],
  [{ says: "moves", deployment: "churn", version: 5 }, "churn đang chuyển sang phiên bản 5"],
  [
    { says: "serves", deployment: "churn", version: 5, champion: 3 },
    "churn phục vụ bằng phiên bản 5 thay cho phiên bản 3",
  ],
  [
    { says: "alias-taken", alias: "champion", deployment: "churn", version: 5 },
    "Alias champion đã được gán cho phiên bản khác trước khi churn phục vụ bằng phiên bản 5",
  ],
  [
    { says: "unservable", version: 5, champion: 3, problem: null },
    "Không thể phục vụ bằng phiên bản 5: gateway từ chối; phiên bản 3 tiếp tục phục vụ",
  ],
  [{ says: "nothing-to-compare" }, "Không có phiên bản trước để so sánh"],
  [{ says: "nothing-watched" }, "Không theo dõi cửa sổ nào"],
  [{ says: "watches", windows: 2 }, "Theo dõi 2 cửa sổ đầu tiên có nhãn thực tế sau khi chuyển"],
  [
    { says: "nothing-left", deployment: "churn" },
    "Deployment churn hoặc bộ giám sát của nó không còn: không còn gì để theo dõi",
  ],
  [{ says: "awaits-window" }, "Chờ cửa sổ đầu tiên của phiên bản mới"],
  [{ says: "awaits-window-truth", window: "rows 1 to 1,000" }, "Chờ nhãn thực tế của dòng 1 đến 1.000"],
  [
    { says: "not-compared", window: "2017-07", within: "1 month", version: 5 },
    "Không có nhãn thực tế nào của 2017-07 về trong 1 tháng: phiên bản 5 tiếp tục phục vụ mà chưa được so sánh",
  ],
  [{ says: "compares-after", window: "2017-07" }, "Đang so sánh phiên bản trước và sau trên 2017-07"],
  [
    { says: "not-worse", version: 5, champion: 3, windows: ["2017-07", "29 Jul 2017"] },
    "Phiên bản 5 không kém phiên bản 3 trong 2017-07, 29/07/2017",
  ],
  [
    { says: "worse", version: 5, champion: 3, window: "2017-07", alias: "champion", judgement },
    `Trong 2017-07, phiên bản 3 tốt hơn phiên bản 5: ${BETTER}; champion trở lại phiên bản 3`,
  ],
  [{ says: "cancelled", by: "linh" }, "linh đã hủy chu kỳ"],
  [
    { says: "given-back", by: "linh", alias: "champion", version: 5, champion: 3, reason: "" },
    "linh đã trả champion từ phiên bản 5 về phiên bản 3",
  ],
];

const LINES: [StoryFact, string][] = [
  [{ says: "station", station: { says: "cancelled", by: "linh" } }, "linh đã hủy chu kỳ"],
  [
    { says: "noticed", reason: "x", trigger: { says: "labels", rows: 5000 } },
    "Có 5.000 dòng có nhãn thực tế kể từ khi lập dữ liệu huấn luyện",
  ],
  [
    {
      says: "held",
      reason: "x",
      trigger: { says: "schedule", cron: "0 3 * * *", zone: "UTC" },
      held: { says: "paused" },
    },
    "Đã đến lịch 0 3 * * * (UTC); đang giữ lại: chính sách đang tạm dừng",
  ],
  [
    {
      says: "ended",
      end: "refused",
      deployment: "churn",
      cycle: 4,
      station: { says: "same-model", version: 3 },
      problem: "x",
    },
    "churn: gate từ chối challenger của chu kỳ 4: Phiên bản 3 vốn đang phục vụ: huấn luyện trên dữ liệu mới cho ra cùng một mô hình",
  ],
  [
    { says: "told", channels: ["ops", "ml"], end: "rolled-back", deployment: "churn", cycle: 4 },
    "Đã báo cho ops, ml: churn: chu kỳ 4 đã quay lại bản trước",
  ],
  [{ says: "not-told", channel: "ops", problem: "HTTP 500" }, "Không báo được cho ops: HTTP 500"],
  [
    {
      says: "window",
      window: "29 Jul 2017",
      rows: 1200,
      measured: { metric: "auc", value: 0.77, reference: 0.9 },
      alarms: ["performance", "data-drift"],
      restated: true,
    },
    "29/07/2017: 1.200 dòng; auc 0,770, tham chiếu 0,900; báo động: chất lượng mô hình, drift dữ liệu (tính lại)",
  ],
  [{ says: "alert", resolved: true, title: { says: "truth-is-absent", window: "2017-07" } }, "Đã xử lý: "],
];

const kinds = (options: readonly { shape: { says: { value: string } } }[]) =>
  options.map(({ shape }) => shape.says.value).sort();

describe("the words of cycles", () => {
  it.each(STATIONS)("X7/vietnamese a station says how it stands: %o", (fact, said) => {
    expect(stationText({ text: "as the server said", fact }, vietnamese)).toBe(said);
    expect(stationText({ text: "as the server said", fact }, english)).not.toMatch(/undefined|null/);
    expect(cycleProblem({ problem: "as the server said", problemFact: fact }, vietnamese)).toBe(said);
  });

  it.each(LINES)("X7/vietnamese a line of the story says what happened: %o", (fact, said) => {
    expect(storyText({ text: "as the server said", fact }, vietnamese)).toContain(said);
    expect(storyText({ text: "as the server said", fact }, vietnamese)).not.toContain("as the server said");
  });

  it("has a sentence for every kind of fact, and the server's own where it kept none", () => {
    expect(STATIONS.map(([{ says }]) => says).sort()).toEqual(kinds(CycleFact.options));
    expect(LINES.map(([{ says }]) => says).sort()).toEqual(kinds(StoryFact.options));
    expect(kinds(ApprovalFact.options)).toEqual(["cycle", "moves"]);
    expect(stationText({ text: "as the server said" }, vietnamese)).toBe("as the server said");
    expect(cycleProblem({ problem: "as the server said" }, vietnamese)).toBe("as the server said");
    expect(storyText({ text: "as the server said" }, vietnamese)).toBe("as the server said");
  });

  it("says in English what the server says", () => {
    const gathered = STATIONS.find(([{ says }]) => says === "gathered")?.[0];
    expect(gathered && stationText({ text: null, fact: gathered }, english)).toBe(
      "12,000 rows to learn from (rows since 2017-W09 and the earlier half of 2017-W12; 4,000 from the log), 500 rows of the later half of 2017-W12 to judge by",
    );
  });

  it("X7/vietnamese a person who decides reads the reason and the verdict", () => {
    // Only what the sentence reads of an approval.
    const approval = (fact?: ApprovalFact) =>
      ({
        alias: "champion",
        version: 5,
        judgedVersion: 4,
        summary: "as somebody wrote",
        ...(fact && { fact }),
      }) as unknown as Approval;
    const trigger = { says: "labels", rows: 5000 } as const;
    const cycle = { says: "cycle", reason: "x", trigger, champion: 3, judging, judgement } as const;
    expect(approvalText(approval(cycle), vietnamese)).toBe(
      `Có 5.000 dòng có nhãn thực tế kể từ khi lập dữ liệu huấn luyện. Phiên bản 4, được phiên bản 5 lặp lại trên tất cả các dòng, được kiểm định so với phiên bản 3 trên 29/07/2017: ${BETTER}`,
    );
    expect(approvalText(approval({ says: "moves", from: 3, judgement: null }), vietnamese)).toBe(
      "champion chuyển từ phiên bản 3 sang 5",
    );
    expect(approvalText(approval(), vietnamese)).toBe("as somebody wrote");
  });

  it("X7/vietnamese says the server's reasons of a decision, and a person's as they were written", () => {
    // Only what the sentence reads of an approval.
    const said = (reason: string | null) =>
      approvalReason({ reason, decidedBy: { name: "linh" } } as unknown as Approval, vietnamese);
    expect(said("The alias's rule is automatic")).toBe("quy tắc của alias là tự động");
    expect(said("A later request took its place")).toBe("có yêu cầu sau thay thế");
    expect(said("linh no longer asks for it")).toBe("linh không yêu cầu nữa");
    expect(said("looks right")).toBe("looks right");
    expect(said(null)).toBe("");
  });

  it("X7/vietnamese names what a link leads to", () => {
    const named = (subject: string, title = "Title") => linkTitle({ title, subject }, vietnamese);
    expect(named("/api/pipelines/pipelines/p/runs/4")).toBe("p, lượt chạy 4");
    expect(named("/api/registry/models/churn/versions/5")).toBe("churn, phiên bản 5");
    expect(named("/api/registry/approvals/x")).toBe("Duyệt");
    expect(named("/api/monitoring/monitors/m/windows/2017", "29 Jul 2017")).toBe("29/07/2017");
    expect(named("/api/data/datasets/d/versions/9f31c2", "d@9f31c2")).toBe("d@9f31c2");
  });
});
