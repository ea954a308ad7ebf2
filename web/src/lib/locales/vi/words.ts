import type * as en from "../en/words.ts";
import type { Same } from "../same.ts";

export const words: Same<typeof en.words> = {
  name: "Tên",
  version: "Phiên bản",
  versions: "Phiên bản",
  state: "Trạng thái",
  rows: "Số dòng",
  columns: "Cột",
  size: "Dung lượng",
  bytes: "Byte",
  run: "Lượt chạy",
  runs: "Run",
  took: "Thời gian chạy",
  started: "Bắt đầu",
  created: "Tạo lúc",
  createdBy: "Người tạo",
  digest: "Digest",
  type: "Kiểu",
  value: "Giá trị",
  key: "Khóa",
  source: "Nguồn",
  file: "Tệp",
  files: "Tệp",
  path: "Đường dẫn",
  line: "Dòng số",
  column: "Cột",
  reason: "Lý do",
  alias: "Alias",
  aliases: "Alias",
  model: "Mô hình",
  metric: "Metric",
  metrics: "Metric",
  params: "Tham số",
  tags: "Thẻ",
  step: "Bước",
  last: "Cuối",
  best: "Tốt nhất",
  min: "Nhỏ nhất",
  max: "Lớn nhất",
  mean: "Trung bình",
  median: "Trung vị",
  missing: "Thiếu",
  distinct: "Khác nhau",
  lineage: "Lineage",
  environment: "Môi trường",
  time: "Thời điểm",
  actor: "Ai",
  action: "Việc",
  request: "Request",
  optional: "không bắt buộc",
};

export const status: Same<typeof en.status> = {
  ok: "ổn định",
  warn: "cần xem",
  crit: "có lỗi",
  running: "đang chạy",
  waiting: "chờ bạn xử lý",
  idle: "không hoạt động",
  cached: "từ cache",
  blocked: "đã dừng",
};

export const deploymentState: Same<typeof en.deploymentState> = {
  pending: "Đang nạp",
  ready: "Đang phục vụ",
  failed: "Bị lỗi",
};
export const runState: Same<typeof en.runState> = {
  scheduled: "Đã lên lịch",
  running: "Đang chạy",
  finished: "Hoàn tất",
  failed: "Bị lỗi",
  killed: "Đã dừng",
};
export const pipelineRunState: Same<typeof en.pipelineRunState> = {
  queued: "Đang chờ",
  running: "Đang chạy",
  succeeded: "Hoàn tất",
  failed: "Bị lỗi",
  cancelling: "Đang dừng",
  cancelled: "Đã hủy",
};
export const stepState: Same<typeof en.stepState> = {
  waiting: "kế tiếp",
  queued: "đang chờ",
  running: "đang chạy",
  succeeded: "đã chạy",
  cached: "từ cache",
  failed: "bị lỗi",
  skipped: "bỏ qua",
  cancelled: "đã hủy",
};
export const cycleState: Same<typeof en.cycleState> = {
  running: "Đang chạy",
  "waiting-for-approval": "Chờ duyệt",
  watching: "Đang theo dõi",
  confirmed: "Đã xác nhận",
  refused: "Bị gate từ chối",
  failed: "Bị lỗi",
  rejected: "Bị từ chối",
  expired: "Quá hạn",
  "rolled-back": "Đã quay lại bản trước",
  cancelled: "Đã hủy",
};
export const alertKind: Same<typeof en.alertKind> = {
  "data-drift": "drift dữ liệu",
  "prediction-drift": "drift dự đoán",
  performance: "chất lượng mô hình",
  quality: "chất lượng dữ liệu",
  service: "dịch vụ",
  truth: "chưa có nhãn",
};
export const alertState: Same<typeof en.alertState> = {
  open: "Đang mở",
  acknowledged: "Đã nhận xử lý",
  resolved: "Đã xử lý",
};
export const workState: Same<typeof en.workState> = {
  queued: "Đang chờ",
  running: "Đang chạy",
  succeeded: "Hoàn tất",
  failed: "Bị từ chối",
  cancelled: "Đã hủy",
};
