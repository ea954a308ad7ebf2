import type { verdict as en } from "../en/verdict.ts";
import type { Same } from "../same.ts";

export const verdict: Same<typeof en> = {
  own: "{metric} {value}",
  challengerUndefined: "không tính được {metric} của challenger trên các dòng này",
  undefined: "không tính được {metric} trên các dòng này",
  noChampion: "{own}; không có champion để so",
  differenceUndefined: "{own}; không tính được chênh lệch với champion trên các dòng này",
  difference: "{own} so với {champion}, chênh lệch {difference}: {verdict}",
  betterBy: "tốt hơn quá {by}",
  notWorseBy: "không kém quá {by}",
  notShown: "chưa chứng tỏ được là {wanted}",
  atLeast: "cần ít nhất {value}",
  atMost: "cần nhiều nhất {value}",
  floor: "{own}, {wanted}",
  floorMissed: "{found}: chưa đạt",
  noSlice: "không giá trị nào của {slice} có đủ 30 dòng được kiểm định",
  everySlice: "{metric} ở mỗi giá trị trong {count, plural, other {# giá trị}} của {slice}: {wanted}",
  slice:
    "{metric} là {value} khi {slice} là {of} ({rows, plural, other {# dòng}}), {wanted}; {missed}/{count, plural, other {# giá trị}} không đạt",
  notDefined: "không xác định",
  agrees:
    "câu trả lời khác nhau trung bình {mean}, nhiều nhất {most}; {same}/{golden, plural, other {# golden row}} trùng nhau",
  agreesNot: "{found}; cần trung bình nhiều nhất {mean} và {golden, plural, other {# golden row}} trùng nhau",
  rows: "đã kiểm định {rows, plural, other {# dòng}}",
  tooFewRows: "đã kiểm định {rows, plural, other {# dòng}}; cần ít nhất {least, number}",
};
