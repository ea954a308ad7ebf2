import type { Json, TimelineEntry } from "@causeway/contract";

/** How a closed or restated window reads in a story; null for a restatement that changed no alarm's figure. */
export function windowLine(
  type: "monitoring.window-closed" | "monitoring.window-restated",
  data: Readonly<Record<string, Json>>,
  subject: string,
): Pick<TimelineEntry, "kind" | "text" | "links"> | null {
  const title = text(data["title"]) ?? text(data["start"])?.slice(0, 10) ?? "A window";
  const parts = [`${title}: ${data["rows"] ?? 0} rows`];
  const { metric, value, reference } = data;
  if (typeof metric === "string" && typeof value === "number") {
    const against = typeof reference === "number" ? `, reference ${reference.toFixed(3)}` : "";
    parts.push(`${metric} ${value.toFixed(3)}${against}`);
  }
  const alarms = Array.isArray(data["alarms"]) ? data["alarms"].filter((one) => typeof one === "string") : [];
  parts.push(alarms.length === 0 ? "no alarm" : `alarms: ${alarms.join(", ")}`);
  const again = type === "monitoring.window-restated" ? " (restated)" : "";
  return { kind: "window", text: `${parts.join("; ")}${again}`, links: [{ title, subject }] };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
