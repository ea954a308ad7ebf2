import type * as en from "../en/data.ts";
import type { Same } from "../same.ts";

export const data: Same<typeof en.data> = {
  sub: "{count, plural, other {# tập dữ liệu; mỗi lần nhập là một phiên bản không bao giờ đổi}}",
  import: "Nhập bảng",
  importTitle: "Nhập một tệp từ máy này",
  emptyTitle: "Nhập bảng dữ liệu để mô hình học",
  emptyText: "CSV, Parquet hoặc JSON lines. Mỗi lần nhập thành một phiên bản không bao giờ đổi.",
  newest: "Phiên bản mới nhất",
  rowCourse: "Số dòng theo phiên bản",
  findings: "Cần biết",
  noFindings: "không có gì",
  rowsAside: "{count, plural, other {# dòng bị cách ly}}",
  findingCount: "{count, plural, other {# điểm cần biết}}",
  imported: "Nhập lúc",
  chooseFile: "Chọn tệp",
  datasetName: "Tập dữ liệu",
  keyColumn: "Cột khóa",
  onBadRow: "Dòng không đọc được",
  refuse: "thì từ chối cả lần nhập",
  quarantine: "thì cách ly kèm lý do",
  append: "Thêm vào phiên bản mới nhất",
  uploading: "byte đã gửi",
  importAside: "Nhập và cách ly {count, plural, other {# dòng}}",
  badRows: "{count, plural, other {# dòng không đọc được}}",
  firstOf: "{count} dòng đầu",
  rowsAndColumns: "{rows, plural, other {# dòng}}, {columns, plural, other {# cột}}",
  versionCount: "{count, plural, other {# phiên bản}}",
  openNewest: "Mở bản mới nhất",
  versionsHint: "mới nhất trước; phiên bản không bao giờ đổi",
  rowChange: "Thay đổi",
  imports: "Các lần nhập",
  importsHint: "những lần đã thử, mới nhất trước",
  noImports: "Chưa nhập tệp nào vào đây; tập này do pipeline hoặc phép chia tạo ra.",
  unchanged: "các dòng này đã có sẵn",
  from: "từ {source}",
  downloadParquet: "Tải xuống dạng Parquet",
  rowsTab: "Dòng",
  quarantineTab: "Bị cách ly",
  origin: "Nguồn gốc",
  sourceDigest: "Digest của tệp",
  parent: "Tạo từ phiên bản",
  parts: "Phần",
  partCount: "{count, plural, other {# tệp Parquet}}, {size}",
  columnCount: "{count, plural, other {# cột}}",
  profiled: "toàn bộ {rows} dòng; cột bắt đầu từ 0, mỗi cột có thang riêng",
  columnLabel: "{column}: {distinct} giá trị khác nhau, thiếu {missing}",
  missingShare: "thiếu {share}",
  missingCell: "thiếu",
  allDistinct: "mọi giá trị đều khác nhau",
  distinctCount: "{count, plural, other {# giá trị}}",
  std: "Độ lệch chuẩn",
};

export const columnType: Same<typeof en.columnType> = {
  boolean: "đúng/sai",
  integer: "số nguyên",
  double: "số thực",
  string: "văn bản",
  tensor: "tensor",
  json: "giá trị bất kỳ",
  date: "ngày",
  timestamp: "thời điểm",
};

export const sourceKind: Same<typeof en.sourceKind> = {
  file: "tệp",
  step: "bước pipeline",
  split: "chia tập",
  log: "log dự đoán kèm nhãn thực tế",
};

export const progress: Same<typeof en.progress> = { of: "{done}/{total}", left: "còn {span}" };

export const pager: Same<typeof en.pager> = {
  range: "{first} đến {last} / {total}",
  before: "Trước",
  after: "Tiếp",
};

export const lineage: Same<typeof en.lineage> = {
  hint: "nguyên nhân bên trái, kết quả bên phải",
  none: "Chưa ghi nhận gì trước hoặc sau mục này.",
};

export const lineageKind: Same<typeof en.lineageKind> = {
  "dataset-version": "phiên bản dữ liệu",
  run: "run",
  "pipeline-run": "lượt chạy pipeline",
  "pipeline-version": "mã pipeline",
  artifact: "artifact",
  "model-version": "phiên bản mô hình",
  deployment: "deployment",
  code: "mã nguồn",
};
