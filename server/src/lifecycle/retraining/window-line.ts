import { AlertKind, type Json, type TimelineEntry } from "@causeway/contract";

/** How a closed or restated window reads in a story; null for a restatement that changed no alarm's figure. */
export function windowLine(
  type: "monitoring.window-closed" | "monitoring.window-restated",
  data: Readonly<Record<string, Json>>,
  subject: string,
): Pick<TimelineEntry, "kind" | "text" | "fact" | "links"> | null {
  const title = text(data["title"]) ?? text(data["start"])?.slice(0, 10) ?? "A window";
  const rows = typeof data["rows"] === "number" ? data["rows"] : 0;
  const parts = [`${title}: ${rows} rows`];
  const { metric, value } = data;
  const reference = typeof data["reference"] === "number" ? data["reference"] : null;
  const measured =
    typeof metric === "string" && typeof value === "number" ? { metric, value, reference } : null;
  if (measured !== null) {
    const against = reference === null ? "" : `, reference ${reference.toFixed(3)}`;
    parts.push(`${measured.metric} ${measured.value.toFixed(3)}${against}`);
  }
  const alarms = Array.isArray(data["alarms"])
    ? data["alarms"].flatMap((one) => AlertKind.safeParse(one).data ?? [])
    : [];
  parts.push(alarms.length === 0 ? "no alarm" : `alarms: ${alarms.join(", ")}`);
  const restated = type === "monitoring.window-restated";
  return {
    kind: "window",
    text: `${parts.join("; ")}${restated ? " (restated)" : ""}`,
    fact: { says: "window", window: title, rows, measured, alarms, restated },
    links: [{ title, subject }],
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
