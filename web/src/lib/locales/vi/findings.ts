import type * as en from "../en/findings.ts";
import type { Same } from "../same.ts";

export const findingFact: Same<typeof en.findingFact> = {
  blanks: "{rows, plural, other {# ô trống}}",
  blanksAs: "{rows, plural, other {# ô trống}} ({markers})",
  blanksOrNothing: "{rows, plural, other {# ô trống}} ({markers} hoặc không ghi gì)",
  where: "{what}, tất cả ở dòng có {column} = {value}",
  setAside: "{rows, plural, other {# dòng}} bị cách ly",
  setAsideFirst:
    "{rows, plural, other {# dòng}} bị cách ly, dòng đầu tiên ở dòng {line} của {file}: {reason}",
  constant: "mọi dòng đều có {column} = {value}",
  repeated: "{rows, plural, other {# dòng}} lặp lại {column}, ví dụ {example}",
  missingKey: "{rows, plural, other {# dòng}} không có {column}",
  misfit: {
    boolean: "không phải true hoặc false",
    integer: "không phải số nguyên 64 bit",
    double: "không phải số",
    date: "không phải ngày viết theo YYYY-MM-DD",
    timestamp: "không phải thời điểm viết theo YYYY-MM-DD hh:mm:ss",
    string: "không phải chữ",
  },
};

export const stepWhy: Same<typeof en.stepWhy> = {
  same: "dữ liệu, mã nguồn, tham số không đổi",
  fresh: "được yêu cầu chạy lại từ đầu",
  uncached: "kết quả của bước này không vào cache",
  lost: "kết quả trước không còn được giữ",
  first: "lần chạy đầu",
  code: "mã nguồn thay đổi",
  lock: "lock thay đổi",
  outputs: "đầu ra thay đổi",
  param: "tham số {name} {before} → {now}",
  input: "đầu vào {name} thay đổi: {before} → {now}",
  nothing: "không có",
  more: "{count, number} lý do khác",
};
