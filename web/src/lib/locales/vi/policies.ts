import type * as en from "../en/policies.ts";
import type { Same } from "../same.ts";

export const policyRule: Same<typeof en.policyRule> = {
  sentence:
    "Huấn luyện lại {deployment} bằng pipeline {pipeline} khi {causes}; {often}, {pause}. Challenger phải qua gate, {who}, và {watch}.",
  asked: "có người yêu cầu",
  or: ", hoặc ",
  often: {
    day: "nhiều nhất {count, plural, other {# lần}} mỗi ngày",
    week: "nhiều nhất {count, plural, other {# lần}} mỗi tuần",
    month: "nhiều nhất {count, plural, other {# lần}} mỗi tháng",
    year: "nhiều nhất {count, plural, other {# lần}} mỗi năm",
  },
  twoWindows: "cách nhau hai cửa sổ",
  apart: "cách nhau {cooldown}",
  person: "được một người duyệt",
  fourEyes: "được một người không viết chính sách này duyệt",
  byRule: "được chuyển theo quy tắc của alias",
  watch:
    "{windows, plural, =0 {sau đó không theo dõi} other {# cửa sổ đầu có nhãn thực tế có thể đưa nó về bản trước}}",
  monitorMetric: "metric của bộ giám sát",
  when: {
    drift: "cột hoặc dự đoán bị drift",
    performance:
      "{metric} kém tham chiếu, và kém mức mà điểm số của chính mô hình hứa hẹn, hơn {drop} quá mức ngẫu nhiên trên ít nhất {rows, plural, other {# dòng}}",
    labels: "{rows, plural, other {# dòng mới}} có nhãn thực tế",
    schedule: "đến lịch {cron} ({zone})",
  },
};

export const triggerFact: Same<typeof en.triggerFact> = {
  drifted: {
    columns: "{columns} bị drift trong {window}",
    predictions: "dự đoán bị drift trong {window}",
    both: "{columns} và dự đoán bị drift trong {window}",
  },
  andMore: "{columns} và {count, number} cột khác",
  performance: "{metric} là {now} trong {window}; tham chiếu là {reference}",
  promise: "{metric} là {now} trong {window}; điểm số của nó hứa hẹn {promised}, tham chiếu là {reference}",
  labels: "có {rows, plural, other {# dòng}} có nhãn thực tế kể từ khi lập dữ liệu huấn luyện",
  schedule: "đã đến lịch {cron} ({zone})",
};

export const heldBy: Same<typeof en.heldBy> = {
  gone: "deployment {deployment} hoặc bộ giám sát {monitor} của nó không còn",
  paused: "chính sách đang tạm dừng",
  cycle: "chu kỳ {cycle} đang chạy",
  cooldown: "nghỉ đến {until} sau chu kỳ {cycle}",
  budget: {
    day: "đã hết hạn mức {count, plural, other {# lần huấn luyện}} mỗi ngày",
    week: "đã hết hạn mức {count, plural, other {# lần huấn luyện}} mỗi tuần",
    month: "đã hết hạn mức {count, plural, other {# lần huấn luyện}} mỗi tháng",
    year: "đã hết hạn mức {count, plural, other {# lần huấn luyện}} mỗi năm",
  },
  refusals:
    "gate đã từ chối {refusals, plural, other {# lần}} liên tiếp; chờ {wanted, plural, other {# cửa sổ mới}} có nhãn thực tế, hiện có {windows, number}",
  fewRows:
    "dưới {rows, plural, other {# dòng}} có nhãn thực tế trong một cửa sổ là quá ít để thay mô hình; hãy cho bộ giám sát cửa sổ dài hơn, hoặc giảm số dòng của điều kiện",
};
