import { seededRandom } from "../src/seeded-random.ts";
import { type RealStream, readTable, type StreamRow } from "./real-stream.ts";

const WEEK_MS = 7 * 86_400_000;
const START = Date.UTC(2026, 0, 5);
/** Rows of Elec2 before anything in it moves. */
const ELEC2_STILL = 17_000;

/** Rows in an order that a seed decides, as a past and as weeks of event time in which nothing can have changed. */
function stableStream(
  rows: readonly Omit<StreamRow, "at">[],
  shape: { types: RealStream["types"]; past: number; weeks: number; perWeek: number; resample: boolean },
): RealStream {
  const random = seededRandom(20_261_121);
  const shuffled = rows.map((row) => ({ row, place: random() })).toSorted((a, b) => a.place - b.place);
  const order = shuffled.map(({ row }) => row);
  const rest = order.slice(shape.past);
  const windows = Array.from({ length: shape.weeks }, (_, week) => {
    const start = new Date(START + week * WEEK_MS);
    return {
      title: `week ${week + 1}`,
      start,
      end: new Date(start.getTime() + WEEK_MS),
      rows: Array.from({ length: shape.perWeek }, (_, index): StreamRow => {
        const number = week * shape.perWeek + index;
        const drawn = rest[shape.resample ? Math.floor(random() * rest.length) : number];
        if (drawn === undefined) throw new Error("the table has too few rows");
        return {
          record: { ...drawn.record, row: `w${number}` },
          target: drawn.target,
          at: new Date(start.getTime() + Math.floor((index / shape.perWeek) * 7) * 86_400_000),
        };
      }),
    };
  });
  const past = order.slice(0, shape.past).map((row) => ({ ...row, at: new Date(START - WEEK_MS) }));
  return { types: shape.types, past, windows };
}

/** Customers of a telephone company: half of them are past, weeks are drawn from the others with replacement. */
export function resampledTelco(weeks: number): RealStream {
  const { head, lines } = readTable("telco_churn/Telco-Customer-Churn.csv");
  const numbers = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"];
  const features = head.filter((name) => name !== "customerID" && name !== "Churn");
  const types = Object.fromEntries(
    features.map((name) => [name, numbers.includes(name) ? ("double" as const) : ("string" as const)]),
  );
  const rows = lines.map((line, index) => ({
    record: {
      row: `t${index}`,
      ...Object.fromEntries(
        features.map((name) => {
          const text = line[name] ?? "";
          // Eleven new customers have no total yet.
          return [name, numbers.includes(name) ? Number(text) : text];
        }),
      ),
    },
    target: line["Churn"] === "Yes" ? "1" : "0",
  }));
  return stableStream(rows, {
    types: { target: "string", ...types },
    past: 3500,
    weeks,
    perWeek: 500,
    resample: true,
  });
}

/** Electricity prices before the market opened, shuffled. */
export function shuffledElec2(weeks: number): RealStream {
  const { head, lines } = readTable("elec2/electricity.csv.gz");
  const features = head.filter((name) => name !== "class");
  const rows = lines.slice(0, ELEC2_STILL).map((line, index) => ({
    record: { row: `e${index}`, ...Object.fromEntries(features.map((name) => [name, Number(line[name])])) },
    target: line["class"] === "1" || line["class"] === "UP" ? "1" : "0",
  }));
  return stableStream(rows, {
    types: { target: "string", ...Object.fromEntries(features.map((name) => [name, "double" as const])) },
    past: 8000,
    weeks,
    perWeek: 560,
    resample: false,
  });
}
