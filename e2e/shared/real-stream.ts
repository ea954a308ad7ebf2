import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { SHARED_DATA } from "../src/requirement.ts";

/** A row as a model is asked about it, with what turned out. */
export type StreamRow = {
  readonly record: Readonly<Record<string, string | number | null>> & { readonly row: string };
  /** "1" or "0". */
  readonly target: string;
  readonly at: Date;
};

/** A real table in the order of its time: what the first model learns from, then window after window. */
export type RealStream = {
  /** Types of the columns that a reader of the file could take for others. */
  readonly types: Readonly<Record<string, "string" | "double" | "integer">>;
  readonly past: readonly StreamRow[];
  readonly windows: readonly {
    readonly title: string;
    readonly start: Date;
    readonly end: Date;
    readonly rows: readonly StreamRow[];
  }[];
};

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const LEAKING = [
  "reservation_status",
  "reservation_status_date",
  "required_car_parking_spaces",
  "assigned_room_type",
  "booking_changes",
];
const ARRIVAL = [
  "arrival_date_year",
  "arrival_date_month",
  "arrival_date_week_number",
  "arrival_date_day_of_month",
];
/** Numbers of an agent and a company name them; they count nothing. */
const NAMES = ["agent", "company"];

/** Hotel bookings: arrivals to 2016-06 are past, then fourteen months. */
export function readHotel(months = 14): RealStream {
  const { head, lines } = readTable("hotel_bookings/hotel_bookings.csv.gz");
  const features = head.filter((name) => ![...LEAKING, ...ARRIVAL, "is_canceled"].includes(name));
  const words = new Set([
    ...NAMES,
    ...features.filter((name) => lines.some((line) => !isNumber(line[name] ?? "") && line[name] !== "NA")),
  ]);
  const rows = lines.map((line, index): StreamRow => {
    const value = (name: string) => {
      const text = line[name] ?? "";
      if (words.has(name)) return text === "NULL" || text === "NA" || text === "" ? null : text;
      // Four rows do not say how many children; nobody is the most frequent answer.
      return text === "NA" ? 0 : Number(text);
    };
    const [year, month, day] = [
      Number(line[ARRIVAL[0] ?? ""]),
      MONTHS.indexOf(line[ARRIVAL[1] ?? ""] ?? ""),
      Number(line[ARRIVAL[3] ?? ""]),
    ];
    return {
      record: { row: `b${index}`, ...Object.fromEntries(features.map((name) => [name, value(name)])) },
      target: line["is_canceled"] ?? "",
      at: new Date(Date.UTC(year, month, day)),
    };
  });
  const first = Date.UTC(2016, 6, 1);
  const windows = Array.from({ length: months }, (_, month) => {
    const [start, end] = [new Date(Date.UTC(2016, 6 + month, 1)), new Date(Date.UTC(2016, 7 + month, 1))];
    return { title: start.toISOString().slice(0, 7), start, end, rows: between(rows, start, end) };
  });
  return {
    types: {
      target: "string",
      ...Object.fromEntries(
        features.map((name) => [name, words.has(name) ? ("string" as const) : ("double" as const)]),
      ),
    },
    past: rows.filter(({ at }) => at.getTime() < first),
    windows,
  };
}

/** Rows of Elec2 in a week, one each half hour. */
const WEEK_ROWS = 336;
const HALF_HOUR_MS = 1_800_000;
const ELEC2_START = Date.UTC(1996, 4, 6);

/** Electricity prices of New South Wales: 27 weeks are past, then weeks to the end. Class 1 = the price goes up. */
export function readElec2(): RealStream {
  const { head, lines } = readTable("elec2/electricity.csv.gz");
  const features = head.filter((name) => name !== "class");
  const isUp = (text: string) => ["1", "UP", "2"].includes(text) && text !== "0";
  const rows = lines.map(
    (line, index): StreamRow => ({
      record: { row: `e${index}`, ...Object.fromEntries(features.map((name) => [name, Number(line[name])])) },
      target: isUp(line["class"] ?? "") ? "1" : "0",
      at: new Date(ELEC2_START + index * HALF_HOUR_MS),
    }),
  );
  const weeks = Math.floor(rows.length / WEEK_ROWS);
  const windows = Array.from({ length: weeks - 27 }, (_, index) => {
    const week = index + 27;
    const start = new Date(ELEC2_START + week * WEEK_ROWS * HALF_HOUR_MS);
    const end = new Date(start.getTime() + WEEK_ROWS * HALF_HOUR_MS);
    return {
      title: `week ${week + 1}`,
      start,
      end,
      rows: rows.slice(week * WEEK_ROWS, (week + 1) * WEEK_ROWS),
    };
  });
  return {
    types: { target: "string", ...Object.fromEntries(features.map((name) => [name, "double" as const])) },
    past: rows.slice(0, 27 * WEEK_ROWS),
    windows,
  };
}

function between(rows: readonly StreamRow[], start: Date, end: Date): StreamRow[] {
  return rows.filter(({ at }) => at >= start && at < end).toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** Reads a CSV file with quotes, packed or not. */
export function readTable(file: string) {
  const bytes = readFileSync(join(SHARED_DATA, file));
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  const [first = "", ...rest] = text.trimEnd().split(/\r?\n/);
  const head = cells(first);
  return {
    head,
    lines: rest.map((line) =>
      Object.fromEntries(cells(line).map((cell, index) => [head[index] ?? "", cell.trim()])),
    ),
  };
}

function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  return Array.from(
    line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

function isNumber(text: string): boolean {
  return text !== "" && Number.isFinite(Number(text));
}
