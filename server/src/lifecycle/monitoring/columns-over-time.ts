import type { ColumnDrift, MonitorWindowDetail } from "@causeway/contract";

type Moment = Pick<MonitorWindowDetail, "start" | "end" | "title" | "columns" | "predictionDrift" | "drift">;

/** The drift of each column over windows in order of time: the prediction first, then by drift in the newest window. */
export function columnsOverTime(windows: readonly Moment[]) {
  const newest = windows.at(-1);
  const names = [...new Set(windows.flatMap(({ columns }) => columns.map(({ column }) => column)))];
  const inNewest = new Map(newest?.columns.map((drift) => [drift.column, drift.effect]));
  names.sort((a, b) => (inNewest.get(b) ?? -1) - (inNewest.get(a) ?? -1) || (a < b ? -1 : 1));
  const prediction = windows.findLast(({ predictionDrift }) => predictionDrift !== null)?.predictionDrift;
  const columns = names.map((name) =>
    line(
      name,
      false,
      windows.map((window) => judged(window, findColumn(window, name))),
    ),
  );
  if (prediction !== undefined && prediction !== null) {
    const drifts = windows.map((window) => judged(window, window.predictionDrift));
    columns.unshift(line(prediction.column, true, drifts));
  }
  return { windows: windows.map(({ start, end, title }) => ({ start, end, title })), columns };
}

function line(column: string, isPrediction: boolean, drifts: readonly (ColumnDrift | null)[]) {
  return {
    column,
    isPrediction,
    psi: drifts.map((drift) => (drift === null ? null : psiOf(drift))),
    effect: drifts.map((drift) => drift?.effect ?? null),
    drifted: drifts.map((drift) => drift?.drifted ?? false),
  };
}

function findColumn({ columns }: Moment, name: string): ColumnDrift | null {
  return columns.find(({ column }) => column === name) ?? null;
}

/** Null where the window was not judged. */
function judged({ drift }: Moment, column: ColumnDrift | null): ColumnDrift | null {
  return drift.judged ? column : null;
}

/** The population stability index of a column, which is always among its scores; null where it has no finite value. */
export function psiOf({ scores }: Pick<ColumnDrift, "scores">): number | null {
  const score = scores.find(({ method }) => method === "psi")?.score;
  return typeof score === "number" ? score : null;
}
