import type * as en from "../en/cycles.ts";
import type { Same } from "../same.ts";

export const cycleFact: Same<typeof en.cycleFact> = {
  laterHalf: "nửa sau của {window}",
  rows: {
    all: "tất cả các dòng",
    last: "các dòng trong {bound} gần nhất",
    since: "các dòng từ {bound}",
  },
  earlierHalf: "{rows} và nửa đầu của {window}",
  awaitsTruth: "Chờ nhãn thực tế của {window}: đã có {labelled, number}/{rows, plural, other {# dòng}}",
  awaitsAnyTruth: "Chờ nhãn thực tế",
  awaitsLaterTruth: "Chờ nhãn thực tế của một cửa sổ sau {window}, vì bản đang phục vụ đã học từ cửa sổ đó",
  awaitsRows:
    "Chờ thêm nhãn thực tế: có {rows, plural, other {# dòng}} để học mà bản đang phục vụ chưa thấy; cần {needed, number}",
  noTruthCame: "Không có nhãn thực tế nào về trong {within}: không có gì để huấn luyện hay kiểm định",
  gathers: "Gom {rows}, trừ {judging} dùng để kiểm định",
  gathered:
    "{learned, plural, other {# dòng}} để học ({rows}; {logged, number} từ log dự đoán), {judged, plural, other {# dòng}} của {judging} để kiểm định",
  deploymentGone: "Deployment {deployment} hoặc bộ giám sát {monitor} của nó không còn",
  pipelineRuns: "Pipeline {pipeline} đang chạy",
  pipelineRefits: "Pipeline {pipeline} đang huấn luyện trên tất cả các dòng",
  runCancelled: "Lượt chạy {run} của {pipeline} đã bị hủy",
  runFailed: "Lượt chạy {run} của {pipeline} bị lỗi: {problem}",
  noReason: "không có lý do nào được ghi lại",
  trained: "Phiên bản {version} được huấn luyện ở lượt chạy {run} của {pipeline}",
  preparing: "Đang chuẩn bị phiên bản {version}: {step}",
  waitsForWorker: "chờ worker",
  preparationFailed: "Không thể dùng phiên bản {version}: khâu chuẩn bị bị lỗi: {problem}",
  preparationBlocked: "Không thể dùng phiên bản {version}: khâu chuẩn bị bị chặn: {problem}",
  sameModel: "Phiên bản {version} vốn đang phục vụ: huấn luyện trên dữ liệu mới cho ra cùng một mô hình",
  compares: "Đang so sánh phiên bản {version} với {against}",
  comparesOn: "Đang so sánh phiên bản {version} với {against} trên {judging}",
  none: "không có bản nào",
  passed: "Trên {judging}, phiên bản {version} đã qua gate: {found}",
  refused: "Trên {judging}, phiên bản {version} bị gate từ chối: {found}",
  gateFailed: "Gate bị lỗi: {problem}",
  goesOnJudged: "Dùng luôn phiên bản {version} như khi được kiểm định",
  addsRows: "Đang thêm các dòng của {judging}",
  refitSame: "Huấn luyện trên tất cả các dòng lại cho ra phiên bản {version}",
  refitLeft:
    "Bỏ phiên bản {version} huấn luyện trên tất cả các dòng: {found}; dùng tiếp phiên bản {challenger}",
  refitRepeats:
    "Phiên bản {version} lặp lại phiên bản {challenger} của {model} trên tất cả các dòng: {found}",
  awaitsApproval: "Chờ một người duyệt đến {until}",
  approvedByRule: "Phiên bản {version} là {alias} theo quy tắc của alias",
  approved: "{by} đã duyệt phiên bản {version} làm {alias}",
  rejected: "{by} đã từ chối phiên bản {version}",
  because: "{what}: “{reason}”",
  undecided: "Quá hạn mà không ai quyết định về phiên bản {version}; phiên bản {champion} tiếp tục phục vụ",
  withdrawn: "Yêu cầu duyệt phiên bản {version} đã được rút lại",
  moves: "{deployment} đang chuyển sang phiên bản {version}",
  serves: "{deployment} phục vụ bằng phiên bản {version}",
  servesInstead: "{deployment} phục vụ bằng phiên bản {version} thay cho phiên bản {champion}",
  aliasTaken:
    "Alias {alias} đã được gán cho phiên bản khác trước khi {deployment} phục vụ bằng phiên bản {version}",
  unservable: "Không thể phục vụ bằng phiên bản {version}: {problem}; phiên bản {champion} tiếp tục phục vụ",
  gatewayRefused: "gateway từ chối",
  nothingToCompare: "Không có phiên bản trước để so sánh",
  nothingWatched: "Không theo dõi cửa sổ nào",
  watches: "Theo dõi {windows, plural, other {# cửa sổ}} đầu tiên có nhãn thực tế sau khi chuyển",
  nothingLeft: "Deployment {deployment} hoặc bộ giám sát của nó không còn: không còn gì để theo dõi",
  awaitsWindow: "Chờ cửa sổ đầu tiên của phiên bản mới",
  awaitsWindowTruth: "Chờ nhãn thực tế của {window}",
  notCompared:
    "Không có nhãn thực tế nào của {window} về trong {within}: phiên bản {version} tiếp tục phục vụ mà chưa được so sánh",
  comparesAfter: "Đang so sánh phiên bản trước và sau trên {window}",
  notWorse: "Phiên bản {version} không kém phiên bản {champion} trong {windows}",
  worse:
    "Trong {window}, phiên bản {champion} tốt hơn phiên bản {version}: {found}; {alias} trở lại phiên bản {champion}",
  cancelled: "{by} đã hủy chu kỳ",
  givenBack: "{by} đã trả {alias} từ phiên bản {version} về phiên bản {champion}",
};

export const storyFact: Same<typeof en.storyFact> = {
  held: "{reason}; đang giữ lại: {held}",
  ended: "{title}: {what}",
  told: "Đã báo cho {channels}: {title}",
  notTold: "Không báo được cho {channel}: {problem}",
  window: "{window}: {rows, plural, other {# dòng}}; {measured}{alarms}",
  restated: "{line} (tính lại)",
  measured: "{metric} {value}; ",
  measuredAgainst: "{metric} {value}, tham chiếu {reference}; ",
  noAlarm: "không có báo động",
  alarms: "báo động: {alarms}",
  alert: "Cảnh báo: {title}",
  resolved: "Đã xử lý: {title}",
  end: {
    confirmed: "{deployment}: chu kỳ {cycle} được xác nhận",
    refused: "{deployment}: gate từ chối challenger của chu kỳ {cycle}",
    failed: "{deployment}: chu kỳ {cycle} bị lỗi",
    rejected: "{deployment}: phiên bản mới của chu kỳ {cycle} bị từ chối",
    expired: "{deployment}: không ai quyết định về phiên bản mới của chu kỳ {cycle}",
    "rolled-back": "{deployment}: chu kỳ {cycle} đã quay lại bản trước",
    cancelled: "{deployment}: chu kỳ {cycle} đã bị hủy",
  },
};

export const approvalFact: Same<typeof en.approvalFact> = {
  becomes: "{alias} sẽ là phiên bản {version}",
  moves: "{alias} chuyển từ phiên bản {from} sang {version}",
  judgedMove: "{move}: {found}",
  cycle: "{reason}. {version} được kiểm định trên {judging}: {found}",
  cycleAgainst: "{reason}. {version} được kiểm định so với phiên bản {champion} trên {judging}: {found}",
  version: "Phiên bản {version}",
  refit: "Phiên bản {judged}, được phiên bản {version} lặp lại trên tất cả các dòng,",
  heldOut: "các dòng để riêng",
  passed: "đã qua gate",
};

export const storyLink: Same<typeof en.storyLink> = {
  alert: "Cảnh báo",
  approval: "Duyệt",
  gate: "Gate",
  cycle: "Chu kỳ {number}",
  run: "{pipeline}, lượt chạy {run}",
  version: "{model}, phiên bản {version}",
};
