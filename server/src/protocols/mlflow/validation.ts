import { mlflowError } from "./errors.ts";
import { invalidValue } from "./refusals.ts";

/** Most that one call may log, as MLflow limits it. */
export const BATCH_LIMITS = { metrics: 1_000, params: 100, tags: 100, total: 1_000 } as const;

const LONGEST_KEY = 250;
const LONGEST_PARAM_VALUE = 6_000;
const LONGEST_TAG_VALUE = 8_000;
const LONGEST_EXPERIMENT_NAME = 500;
const LONGEST_EXPERIMENT_TAG_VALUE = 20_000;
const LONGEST_LOCATION = 2_048;

/** Letters and digits of every script; Python's `\w`. */
const NAME = /^[/\p{L}\p{N}_.\- :]*$/u;

const BAD_CHARACTERS =
  "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";

/** Refuses the name of a metric, parameter or tag that could not be a file's, or that means another one as a path. */
export function checkName(name: string, path: string): void {
  if (!NAME.test(name)) throw invalidValue(path, name, BAD_CHARACTERS);
  const normal = name === "" || name.includes("/") || name.startsWith(".") ? normalPath(name) : name;
  if (normal !== name || normal === "." || normal.startsWith("..") || normal.startsWith("/")) {
    throw invalidValue(
      path,
      name,
      `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${normal}'`,
    );
  }
}

/** The shortest path that means the same. */
function normalPath(name: string): string {
  const kept: string[] = [];
  const isAbsolute = name.startsWith("/");
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== ".." || (!isAbsolute && (kept.length === 0 || kept.at(-1) === ".."))) kept.push(part);
    else kept.pop();
  }
  const path = `${isAbsolute ? "/" : ""}${kept.join("/")}`;
  return path === "" ? "." : path;
}

/** Refuses text that is longer than it may be; `label` names it. */
export function checkLength(label: string, text: string, limit: number): void {
  if (lengthOf(text, limit) > limit) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `'${label}' exceeds the maximum length of ${limit} characters`,
    );
  }
}

/** Characters as Python counts them; only counted where it matters. */
function lengthOf(text: string, limit: number): number {
  return text.length <= limit ? text.length : [...text].length;
}

/** The beginning of a text that is too long: MLflow cuts values of parameters and tags without a word. */
function cut(text: string, limit: number): string {
  return lengthOf(text, limit) <= limit ? text : [...text].slice(0, limit).join("");
}

/** Checks the name of a metric. */
export function checkMetricName(name: string, path: string): void {
  checkName(name, path);
  checkLength("Metric name", name, LONGEST_KEY);
}

/** Checks a parameter of a run and gives it as it is kept. */
export function paramPair(key: string, value: string, path = ""): readonly [string, string] {
  checkName(key, joined(path, "key"));
  checkLength("Param key", key, LONGEST_KEY);
  return [key, cut(value, LONGEST_PARAM_VALUE)];
}

/** Checks a tag of a run and gives it as it is kept. */
export function tagPair(key: string, value: string, path = ""): readonly [string, string] {
  checkName(key, joined(path, "key"));
  checkLength(joined(path, "key"), key, LONGEST_KEY);
  return [key, cut(value, LONGEST_TAG_VALUE)];
}

const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** Checks a tag of an experiment. */
export function checkExperimentTag(key: string, value: string): void {
  checkName(key, "key");
  checkLength("key", key, LONGEST_KEY);
  checkLength("value", value, LONGEST_EXPERIMENT_TAG_VALUE);
}

/** Checks the name of an experiment. */
export function checkExperimentName(name: string): void {
  checkLength("name", name, LONGEST_EXPERIMENT_NAME);
}

/** The number of an experiment as it is kept; nothing means the first one. */
export function experimentId(given: string | undefined): string {
  const text = (given ?? "").trim();
  if (text === "") return "0";
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Invalid experiment ID '${text.slice(0, LONGEST_KEY)}'. Experiment ID must be a valid integer.`,
    );
  }
  return String(BigInt(text));
}

/** Refuses an address of artifacts that could lead a reader elsewhere than it says. */
export function checkArtifactLocation(location: string): void {
  checkLength("artifact_location", location, LONGEST_LOCATION);
  const query = location.split("?").slice(1).join("?");
  if (/[#;]/.test(fullyDecoded(location))) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      "'artifact_location' URL can't include fragments or params.",
    );
  }
  if (fullyDecoded(query).includes(".."))
    throw mlflowError("INVALID_PARAMETER_VALUE", "Invalid query string");
  if (location.startsWith("runs:")) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Artifact location cannot be a runs:/ URI. Given: '${location}'`,
    );
  }
}

const MOST_DECODINGS = 10;

/** The text without any percent-encoding, however often it was encoded. */
function fullyDecoded(text: string): string {
  let decoded = text;
  for (let round = 0; round < MOST_DECODINGS; round += 1) {
    const next = decoded.replaceAll(/%[0-9a-f]{2}/gi, (code) =>
      String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    );
    if (next === decoded) return decoded;
    decoded = next;
  }
  throw mlflowError("INVALID_PARAMETER_VALUE", "The address is encoded too often to be understood");
}

/** The number of results of one page, within the endpoint's bounds. */
export function pageSize(
  given: number | undefined,
  { otherwise, most }: { otherwise?: number; most: number },
): number {
  const size = given ?? otherwise ?? 0;
  const wrong = `Invalid value ${size} for parameter 'max_results' supplied. It must be`;
  if (size < 1) throw mlflowError("INVALID_PARAMETER_VALUE", `${wrong} a positive integer`);
  if (size > most) throw mlflowError("INVALID_PARAMETER_VALUE", `${wrong} at most ${most}`);
  return size;
}

const DATASET_LIMITS = {
  name: 500,
  digest: 36,
  source: 65_535,
  schema: 1_048_575,
  profile: 16_777_215,
} as const;

/** Checks what a run says of a dataset that it used. */
export function checkDataset(dataset: { [Field in keyof typeof DATASET_LIMITS]: string | null }): void {
  // Object.entries forgets the key type.
  for (const [field, limit] of Object.entries(DATASET_LIMITS) as [keyof typeof DATASET_LIMITS, number][]) {
    const text = dataset[field];
    if (text !== null) checkLength(field, text, limit);
  }
}

/** Checks a tag of a run's use of a dataset. */
export function checkInputTag(key: string, value: string): void {
  checkLength("key", key, 255);
  checkLength("value", value, 500);
}

/** Checks the name of a logged model. */
export function checkLoggedModelName(name: string): void {
  if (!/[/:.%"']/.test(name)) return;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

/** Refuses keys that come twice in one batch of parameters. */
export function checkUniqueParams(keys: readonly string[]): void {
  const seen = new Set<string>();
  const twice = keys.filter((key) => seen.size === seen.add(key).size);
  if (twice.length === 0) return;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Duplicate parameter keys have been submitted: [${twice.map((key) => `'${key}'`).join(", ")}]. Please ensure the request contains only one param value per param key.`,
  );
}

/** Refuses a batch that holds more than one call may. */
export function checkBatch(counts: { metrics: number; params: number; tags: number }): void {
  const total = counts.metrics + counts.params + counts.tags;
  const parts = [
    ["metrics", counts.metrics, BATCH_LIMITS.metrics],
    ["params", counts.params, BATCH_LIMITS.params],
    ["tags", counts.tags, BATCH_LIMITS.tags],
    ["metrics, params, and tags", total, BATCH_LIMITS.total],
  ] as const;
  for (const [name, count, limit] of parts) {
    if (count <= limit) continue;
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `A batch logging request can contain at most ${limit} ${name}. Got ${count} ${name}. Please split up ${name} across multiple requests and try again.`,
    );
  }
}
