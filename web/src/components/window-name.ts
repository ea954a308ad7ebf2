import type { Format } from "../lib/format.ts";
import type { Translate } from "../lib/words.tsx";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A window's title as the reader writes dates and numbers: "29 Jul 2017 14:00" and "rows 5,001 to 6,000" have words of English. */
export function windowName(title: string, { t, format }: { t: Translate; format: Format }): string {
  const rows = /^rows ([\d,]+) to ([\d,]+)$/.exec(title);
  if (rows !== null) {
    const [from, to] = rows.slice(1).map((text) => format.count(Number(text.replaceAll(",", ""))));
    return t("alertFact.rowsWindow", { from: from ?? "", to: to ?? "" });
  }
  const date = /^(\d{1,2}) ([A-Z][a-z]{2})(?: (\d{4})(.*))?$/.exec(title);
  const month = MONTHS.indexOf(date?.[2] ?? "") + 1;
  if (format.language === "en" || date === null || month === 0) return title;
  const [, day = "", , year, time = ""] = date;
  const short = `${day.padStart(2, "0")}/${String(month).padStart(2, "0")}`;
  return year === undefined ? short : `${short}/${year}${time}`;
}
