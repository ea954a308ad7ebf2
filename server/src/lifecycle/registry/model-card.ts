import type { Estimate, Gate, ModelVersion, RunRecord, SignatureInput } from "@causeway/contract";
import { countText, estimateText } from "./estimate-text.ts";

/** Inputs shown before a card says how many more there are. */
const MOST_INPUTS = 100;

/** What a card says of a gate. */
export type CardGate = Pick<
  Gate,
  "version" | "champion" | "dataset" | "datasetVersion" | "rows" | "passed" | "summary" | "environment"
>;

/**
 * Writes the model card of a version as Markdown, from its record and nothing else. `gates` are those that judged it, or the
 * version that it repeats.
 */
export function renderModelCard(version: ModelVersion, gates: readonly CardGate[] = []): string {
  return `${[
    `# ${version.model}, version ${version.version}`,
    version.description,
    what(version),
    performance(version),
    judged(gates),
    inputs(version.signature.inputs),
    data(version),
    making(version),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function what(version: ModelVersion): string {
  const { signature } = version;
  const classes = signature.classes.length === 0 ? "" : ` of ${signature.classes.map(code).join(", ")}`;
  const target = signature.target === null ? "" : ` for ${code(signature.target)}`;
  const aliases = version.aliases.map(({ alias, environment }) => `${code(alias)} in ${environment}`);
  return section("What it is", [
    `- Task: ${signature.task}${classes}${target}`,
    `- Format: ${version.format}, ${countText(version.bytes)} bytes, digest ${code(version.digest)}`,
    `- Registered: ${version.createdAt} by ${escaped(version.createdBy.name)}`,
    aliases.length === 0 ? "" : `- Aliases: ${aliases.join(", ")}`,
    `- Golden rows: ${version.golden.length}, which must come back equal before it serves`,
    version.refitOf === null
      ? ""
      : `- Refit of version ${version.refitOf}, which was judged: the same training on more rows`,
  ]);
}

function judged(gates: readonly CardGate[]): string {
  return section(
    "How it was judged",
    gates.map(({ version, champion, dataset, datasetVersion, rows, passed, summary, environment }) => {
      const against = champion === null ? "on its own" : `against version ${champion}`;
      const where = `on ${countText(rows)} rows of ${code(`${dataset}@${datasetVersion.slice(0, 6)}`)} in ${environment}`;
      const outcome = passed === true ? "passed" : "refused";
      return `- Version ${version} ${against} ${where}: ${outcome}; ${escaped(summary ?? "")}`;
    }),
  );
}

function performance({ report }: ModelVersion): string {
  if (report === null) return section("How good it is", ["It was registered without an evaluation."]);
  const positive = report.positive === null ? "" : `, for the class ${code(report.positive)}`;
  return section("How good it is", [
    `Measured on ${countText(report.rows)} rows of data version ${code(report.dataset)} against ${code(report.target)}${positive}.`,
    "",
    table(["Metric", "Value", "Interval"], report.metrics.map(metricRow)),
    ...(report.confusion === null
      ? []
      : [
          "",
          table(
            ["True / predicted", ...report.confusion.labels],
            report.confusion.counts.map((counts, row) => [
              report.confusion?.labels[row] ?? "",
              ...counts.map(countText),
            ]),
          ),
        ]),
  ]);
}

function metricRow(metric: Estimate): string[] {
  const interval =
    metric.low === null || metric.high === null
      ? ""
      : `${metric.low.toFixed(3)} to ${metric.high.toFixed(3)} at ${(metric.confidence ?? 0) * 100} % (${metric.method ?? ""})`;
  return [metric.name, estimateText({ value: metric.value, low: null, high: null }), interval];
}

function inputs(all: readonly SignatureInput[]): string {
  const rows = all
    .slice(0, MOST_INPUTS)
    .map((input) => [code(input.name), input.type, input.nullable ? "yes" : "no", seen(input)]);
  const more = all.length - rows.length;
  return section("What it takes", [
    table(["Column", "Type", "May be missing", "Seen in the data"], rows),
    more > 0 ? `\n${countText(more)} more columns stand in the signature.` : "",
  ]);
}

function seen({ categories, range }: SignatureInput): string {
  if (range !== null) return `${range.min} to ${range.max}`;
  return categories === null ? "" : categories.join(", ");
}

function data({ record }: ModelVersion): string {
  if (record.data.length === 0) return "";
  return section(
    "Data it was made from",
    record.data.map(
      ({ name, dataset, digest }) =>
        `- ${code(name)}: ${dataset === null ? "data" : code(dataset)} version ${code(digest)}`,
    ),
  );
}

function making(version: ModelVersion): string {
  const { record } = version;
  return section("How it was made", [
    version.pipelineRun === null
      ? ""
      : `- Pipeline run: ${code(`${version.pipelineRun.pipeline} ${version.pipelineRun.number}`)}`,
    version.run === null ? "" : `- Experiment run: ${code(version.run)}`,
    codeLine(record.code),
    record.lock === null ? "" : `- Packages: ${record.lock.kind} lock ${code(record.lock.digest)}`,
    record.runtime === null ? "" : `- Runtime: ${escaped(record.runtime)}`,
    ...settings("Config", record.config),
    ...settings("Seeds", record.seeds),
    record.hardware === null
      ? ""
      : `- Hardware: ${escaped(record.hardware.cpu)}, ${record.hardware.cores} cores, ${countText(record.hardware.memoryBytes)} bytes of memory, ${escaped(record.hardware.os)}`,
  ]);
}

function codeLine(made: RunRecord["code"]): string {
  if (made === null) return "";
  const parts = [
    made.commit === null ? "" : `commit ${code(made.commit)}`,
    made.branch === null ? "" : `branch ${code(made.branch)}`,
    made.diff === null ? "" : `with uncommitted changes ${code(made.diff)}`,
    made.digest === null ? "" : `digest ${code(made.digest)}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `- Code: ${parts.join(", ")}`;
}

function settings(title: string, values: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return [
    `- ${title}: ${entries.map(([name, value]) => code(`${name} = ${JSON.stringify(value)}`)).join(", ")}`,
  ];
}

/** A heading with its lines; nothing when every line is empty. */
function section(title: string, lines: readonly string[]): string {
  const kept = lines.filter((line, index) => line !== "" || (index > 0 && lines[index - 1] !== ""));
  return kept.some((line) => line !== "") ? `## ${title}\n\n${kept.join("\n").trimEnd()}` : "";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as code; a backtick inside is kept by a longer fence. */
function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Text in which Markdown finds nothing to act on. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|]/g, "\\$&");
}
