import type * as en from "../en/home.ts";
import type { Same } from "../same.ts";

export const home: Same<typeof en.home> = {
  title: "Trang chủ",
  welcome: "Chưa có gì ở đây. Bắt đầu bằng một bảng dữ liệu.",
  quiet: "Mọi thứ ổn định. Không có gì chờ bạn xử lý.",
  failures: "{count, plural, other {# lỗi đang mở}}",
  decisions: "{count, plural, other {# quyết định chờ bạn}}",
  findings: "{count, plural, other {# bảng có dòng bị cách ly}}",
  sentence: "Có {parts}.",
  sub: "{deployments, plural, other {# deployment đang phục vụ}}, {models, plural, other {# mô hình}}, {datasets, plural, other {# tập dữ liệu}}",
  needs: "Chờ bạn xử lý",
  needsNothing: "Không có gì ở {environment} chờ người xử lý.",
  open: "Mở",
  review: "Xem xét",
  deploymentFailed: "{deployment} không phục vụ được",
  deploymentFailedText: "Không gateway nào nạp được phiên bản đã yêu cầu.",
  pipelineFailed: "{pipeline} {number} bị lỗi",
  pipelineFailedAt: "Ở bước {step}.",
  noChampion: "{model} chưa có champion ở {environment}",
  noChampionText: "Đã đăng ký phiên bản {version}. Xem báo cáo rồi gán alias.",
  newerVersion: "{model} v{version} mới hơn champion",
  newerVersionText: "Champion ở {environment} là v{champion}. So sánh hai bản rồi quyết định.",
  setAside: "{dataset}: {count, plural, other {# dòng bị cách ly}}",
  setAsideText: "Mỗi dòng được giữ kèm số dòng và lý do.",
  deploymentsIn: "Deployment trên {environment}",
  recentRuns: "Lượt chạy pipeline mới nhất",
  noRuns: "Chưa có pipeline nào chạy.",
  activity: "Hoạt động",
  noActivity: "Chưa có hoạt động nào.",
  mine: "Của tôi",
  today: "Hôm nay",
  yesterday: "Hôm qua",
  times: "{count, plural, other {# lần}}",
  firstSteps: "Từ một bảng dữ liệu đến dự đoán được trả lời",
  firstStepsHint: "chạy từng dòng trong terminal đã khởi động Causeway",
  notFound: "Không có gì tên là {id}",
  notFoundText:
    "Tìm run, dự đoán, phiên bản dữ liệu và phiên bản mô hình bằng id, hoặc từ sáu ký tự đầu của id trở lên.",
};

export const first: Same<typeof en.first> = {
  data: "Nhập bảng dữ liệu để mô hình học",
  experiments: "Ghi một run từ notebook hoặc script",
  pipelines: "Huấn luyện trong pipeline; kết quả được đăng ký luôn",
  registry: "Chọn phiên bản để phục vụ",
  deployments: "Đưa vào phục vụ",
};

export const loop: Same<typeof en.loop> = {
  name: "Vòng lặp: bảy giai đoạn từ dữ liệu đến huấn luyện lại",
  wayBack: "dữ liệu mới kèm nhãn",
  nothing: "Chưa có gì",
  unbuilt: "chưa có trong bản này",
  setAside: "{count, plural, other {# dòng bị cách ly}}",
  datasets: "{count, plural, other {# tập dữ liệu}}",
  running: "{count, plural, other {# đang chạy}}",
  failed: "{count, plural, other {# bị lỗi}}",
  runsToday: "{count, plural, other {# run hôm nay}}",
  inAll: "{count, plural, other {tổng cộng #}}",
  runs: "{count, plural, other {# lượt chạy}}",
  of: "{done}/{all}",
  decide: "Chờ bạn quyết định",
  models: "{count, plural, other {# mô hình}}",
  versionOf: "{model} v{version}",
  championOf: "{model} v{version} là champion",
  serving: "{count, plural, other {# đang phục vụ}}",
};

export const kinds: Same<typeof en.kinds> = {
  deployment: "deployment",
  model: "mô hình",
  modelWith: "mô hình, {count, plural, other {# phiên bản}}",
  dataset: "tập dữ liệu",
  datasetAt: "tập dữ liệu, phiên bản {version}",
  pipelineRun: "lượt chạy pipeline",
  run: "run",
};

export const events: Same<typeof en.events> = {
  data: {
    importStarted: "Bắt đầu nhập vào {thing}",
    importFailed: "Nhập vào {thing} bị lỗi; không ghi gì",
    versionCreated: "Đã nhập {thing}",
    versionRestored: "{thing} lại là bản mới nhất: các dòng y hệt được nhập lại",
  },
  experiments: {
    runStarted: "Run {name} {thing} bắt đầu",
    runEnded: "Run {name} {thing} kết thúc: {outcome}",
  },
  pipelines: {
    versionDeployed: "Đã triển khai pipeline {thing}",
    runStarted: "{thing} bắt đầu",
    runEnded: "{thing} {outcome}",
    stepEnded: "{thing}: bước {name} {outcome}",
  },
  registry: {
    versionRegistered: "Đã đăng ký {thing}",
    versionAssigned: "{thing} giờ là v{version}",
    aliasRemoved: "Đã gỡ {thing}",
  },
  deployments: {
    deploymentCreated: "Đã tạo deployment {thing}",
    deploymentChanged: "Deployment {thing} chuyển phiên bản",
    deploymentReady: "Deployment {thing} đang phục vụ",
    deploymentFailed: "Deployment {thing} không nạp được phiên bản",
    deploymentDeleted: "Đã xóa deployment {thing}",
    keyCreated: "Đã tạo khóa cho {thing}",
    keyRevoked: "Đã thu hồi khóa của {thing}",
  },
  platform: {
    projectCreated: "Đã tạo dự án {thing}",
    tokenCreated: "Đã tạo token {name}",
    tokenRevoked: "Đã thu hồi token {name}",
    started: "Causeway đã khởi động",
  },
};

export const outcome: Same<typeof en.outcome> = {
  succeeded: "đã xong",
  finished: "hoàn tất",
  failed: "bị lỗi",
  cancelled: "đã bị hủy",
  killed: "do người dừng",
  cached: "lấy từ cache",
  skipped: "được bỏ qua",
  lost: "mất worker",
};
