export const SEARCH_ENTITIES = [
  "runs",
  "experiments",
  "models",
  "versions",
  "logged-models",
  "traces",
] as const;
/** What is searched: each has fields of its own. */
export type SearchEntity = (typeof SEARCH_ENTITIES)[number];

export const FIELD_GROUPS = [
  "attribute",
  "metric",
  "param",
  "tag",
  "dataset",
  "metadata",
  "span",
  "feedback",
  "expectation",
  "issue",
] as const;
/** Where a field belongs: `metrics.auc` is the key `auc` of the group `metric`. */
export type FieldGroup = (typeof FIELD_GROUPS)[number];

/** What a field is compared with: text in quotes, a number, or either. */
export type FieldValue = "text" | "number" | "either";

/** A field as a filter or an order names it. */
export type SearchField = { readonly group: FieldGroup; readonly key: string };

/** One group of an entity. Without `keys` any key is one; `open` keys begin with one of these. */
type GroupRule = {
  /** How people write it, the usual way first. */
  readonly spellings: readonly string[];
  readonly value: FieldValue;
  readonly keys?: Readonly<Record<string, FieldValue>>;
  readonly open?: string;
  /** Other names of keys, in lower case. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Whether IS NULL and IS NOT NULL can be asked. */
  readonly absent: boolean;
  /** Whether LIKE has a sibling for regular expressions. */
  readonly patterns?: boolean;
};

/** The groups of an entity. */
export type EntityRule = Readonly<Partial<Record<FieldGroup, GroupRule>>>;

const TAGS: GroupRule = { spellings: ["tags", "tag"], value: "text", absent: true };
const METRICS: GroupRule = { spellings: ["metrics", "metric"], value: "number", absent: true };
const PARAMS: GroupRule = {
  spellings: ["params", "param", "parameters", "parameter"],
  value: "text",
  absent: true,
};
const ASSESSMENT = { value: "either", absent: true, patterns: true } as const;

/** Every field that a filter can name, by entity: those of MLflow. */
export const SEARCH_FIELDS: Readonly<Record<SearchEntity, EntityRule>> = {
  runs: {
    attribute: {
      spellings: ["attributes", "attribute", "attr", "run"],
      value: "text",
      absent: false,
      keys: {
        run_id: "text",
        run_name: "text",
        status: "text",
        user_id: "text",
        artifact_uri: "text",
        start_time: "number",
        end_time: "number",
      },
      aliases: { created: "start_time", "run name": "run_name" },
    },
    metric: METRICS,
    param: PARAMS,
    tag: TAGS,
    dataset: {
      spellings: ["datasets", "dataset"],
      value: "text",
      absent: false,
      keys: { name: "text", digest: "text", context: "text" },
    },
  },
  experiments: {
    attribute: {
      spellings: ["attributes", "attribute"],
      value: "text",
      absent: false,
      keys: { name: "text", experiment_id: "text", creation_time: "number", last_update_time: "number" },
    },
    tag: TAGS,
  },
  models: {
    attribute: {
      spellings: ["attributes", "attribute"],
      value: "text",
      absent: false,
      keys: { name: "text", creation_timestamp: "number", last_updated_timestamp: "number" },
      aliases: { timestamp: "creation_timestamp" },
    },
    tag: TAGS,
  },
  versions: {
    attribute: {
      spellings: ["attributes", "attribute"],
      value: "text",
      absent: false,
      keys: {
        name: "text",
        run_id: "text",
        source_path: "text",
        version_number: "number",
        creation_timestamp: "number",
        last_updated_timestamp: "number",
      },
    },
    tag: TAGS,
  },
  "logged-models": {
    attribute: {
      spellings: ["attributes", "attribute"],
      value: "text",
      absent: false,
      keys: {
        name: "text",
        model_id: "text",
        model_type: "text",
        status: "text",
        source_run_id: "text",
        creation_timestamp: "number",
        last_updated_timestamp: "number",
      },
      aliases: {
        creation_time: "creation_timestamp",
        creation_timestamp_ms: "creation_timestamp",
        last_updated_time: "last_updated_timestamp",
        last_updated_timestamp_ms: "last_updated_timestamp",
      },
    },
    metric: METRICS,
    param: PARAMS,
    tag: TAGS,
  },
  traces: {
    attribute: {
      spellings: ["attributes", "attribute", "trace"],
      value: "text",
      absent: false,
      patterns: true,
      keys: {
        request_id: "text",
        timestamp_ms: "number",
        execution_time_ms: "number",
        end_time_ms: "number",
        status: "text",
        client_request_id: "text",
        experiment_id: "text",
        name: "text",
        run_id: "text",
        prompt: "text",
        text: "text",
      },
      aliases: {
        trace_id: "request_id",
        timestamp: "timestamp_ms",
        execution_time: "execution_time_ms",
        end_time: "end_time_ms",
      },
    },
    tag: { ...TAGS, patterns: true },
    metadata: {
      spellings: ["metadata", "request_metadata"],
      value: "text",
      absent: true,
      patterns: true,
    },
    span: {
      spellings: ["span"],
      value: "text",
      absent: false,
      patterns: true,
      keys: { name: "text", type: "text", status: "text", content: "text" },
      open: "attributes.",
    },
    feedback: { spellings: ["feedback"], ...ASSESSMENT },
    expectation: { spellings: ["expectation"], ...ASSESSMENT },
    issue: { spellings: ["issue"], value: "text", absent: false, keys: { id: "text" } },
  },
};

/** The group that people write so, with its rule. */
export function groupOf(
  entity: SearchEntity,
  spelling: string,
): { group: FieldGroup; rule: GroupRule } | undefined {
  const rules = SEARCH_FIELDS[entity];
  const lower = spelling.toLowerCase();
  for (const group of FIELD_GROUPS) {
    const rule = rules[group];
    if (rule?.spellings.includes(lower)) return { group, rule };
  }
  return undefined;
}

/** The key that a name stands for and what it is compared with; undefined where the group has no such key. */
export function keyOf(rule: GroupRule, name: string): { key: string; value: FieldValue } | undefined {
  if (rule.keys === undefined) return { key: name, value: rule.value };
  for (const candidate of [name, name.toLowerCase()]) {
    const key = rule.aliases?.[candidate] ?? candidate;
    if (Object.hasOwn(rule.keys, key)) return { key, value: rule.keys[key] ?? rule.value };
  }
  if (rule.open !== undefined && name.startsWith(rule.open) && name.length > rule.open.length) {
    return { key: name, value: rule.value };
  }
  return undefined;
}

/** The comparators that a field can be asked with. */
export const COMPARATORS = [
  "=",
  "!=",
  ">",
  ">=",
  "<",
  "<=",
  "LIKE",
  "ILIKE",
  "RLIKE",
  "IN",
  "NOT IN",
  "IS NULL",
  "IS NOT NULL",
] as const;
export type Comparator = (typeof COMPARATORS)[number];

const TEXT_COMPARATORS = ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"] as const;
const NUMBER_COMPARATORS = ["=", "!=", ">", ">=", "<", "<="] as const;

/** What a field of this group and value can be asked with. */
export function comparatorsOf(rule: GroupRule, value: FieldValue): readonly Comparator[] {
  const asked = new Set<Comparator>();
  if (value !== "text") for (const one of NUMBER_COMPARATORS) asked.add(one);
  if (value !== "number") for (const one of TEXT_COMPARATORS) asked.add(one);
  if (value !== "number" && rule.patterns === true) asked.add("RLIKE");
  if (rule.absent) for (const one of ["IS NULL", "IS NOT NULL"] as const) asked.add(one);
  return COMPARATORS.filter((one) => asked.has(one));
}
