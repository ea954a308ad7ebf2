import { expect, it } from "vitest";
import { type Filter, printFilter } from "./filter.ts";
import { parseFilter, SEARCH_LIMITS } from "./parse-filter.ts";
import { parseOrder } from "./parse-order.ts";
import { SearchError } from "./search-error.ts";
import { SEARCH_ENTITIES, type SearchEntity } from "./search-fields.ts";

const parse = (text: string, entity: SearchEntity = "runs") => parseFilter(text, { entity });

/** The filter without its places. */
function bare(filter: Filter): unknown {
  if (filter.kind === "comparison") {
    return [filter.field.group, filter.field.key, filter.comparator, filter.value];
  }
  if (filter.kind === "not") return { not: bare(filter.clause) };
  if (filter.kind === "everything") return "everything";
  return { [filter.kind]: filter.clauses.map(bare) };
}

function problem(text: string, entity: SearchEntity = "runs"): SearchError {
  try {
    parse(text, entity);
  } catch (error) {
    if (error instanceof SearchError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

it.each([
  ["", "everything"],
  ["   \n", "everything"],
  ["metrics.auc > 0.5", ["metric", "auc", ">", 0.5]],
  ["metric.auc>=-1.5e-3", ["metric", "auc", ">=", -0.0015]],
  ["metrics.`a b` != .5", ["metric", "a b", "!=", 0.5]],
  ['metrics."a b" = 1', ["metric", "a b", "=", 1]],
  ["metrics.val/loss <= 5.", ["metric", "val/loss", "<=", 5]],
  ["metrics.loss = NaN", ["metric", "loss", "=", Number.NaN]],
  ["params.lr = '0.1'", ["param", "lr", "=", "0.1"]],
  ['parameters.lr = "0.1"', ["param", "lr", "=", "0.1"]],
  ["param.lr LIKE '0.%'", ["param", "lr", "LIKE", "0.%"]],
  ["parameter.lr iLike 'x'", ["param", "lr", "ILIKE", "x"]],
  ["params.lr is null", ["param", "lr", "IS NULL", null]],
  ["tags.x IS  NOT\tNULL", ["tag", "x", "IS NOT NULL", null]],
  ["tags.mlflow.parentRunId = 'abc'", ["tag", "mlflow.parentRunId", "=", "abc"]],
  ["tag.`mlflow.parentRunId` = 'abc'", ["tag", "mlflow.parentRunId", "=", "abc"]],
  ["`tags`.x = 'abc'", ["tag", "x", "=", "abc"]],
  ["tags.x = 'it''s'", ["tag", "x", "=", "it's"]],
  ['tags.x = "it\'s"', ["tag", "x", "=", "it's"]],
  ["status = 'RUNNING'", ["attribute", "status", "=", "RUNNING"]],
  ["attributes.status != 'RUNNING'", ["attribute", "status", "!=", "RUNNING"]],
  ["attr.user_id = 'ann'", ["attribute", "user_id", "=", "ann"]],
  ["run.run_id IN ('a', \"b\",)", ["attribute", "run_id", "IN", ["a", "b"]]],
  ["run_id not in ('a')", ["attribute", "run_id", "NOT IN", ["a"]]],
  ["created > 5", ["attribute", "start_time", ">", 5]],
  ["attributes.Created > 5", ["attribute", "start_time", ">", 5]],
  ["attributes.`Run name` = 'x'", ["attribute", "run_name", "=", "x"]],
  ["Run name = 'x'", ["attribute", "run_name", "=", "x"]],
  ["dataset.name = 'x'", ["dataset", "name", "=", "x"]],
  ["datasets.context NOT IN ('train', 'test')", ["dataset", "context", "NOT IN", ["train", "test"]]],
])("E3/grammar reads %s", (text, expected) => {
  expect(bare(parse(text))).toEqual(expected);
});

it.each<[SearchEntity, string, unknown]>([
  ["experiments", "name ILIKE 'a%'", ["attribute", "name", "ILIKE", "a%"]],
  ["experiments", "attribute.creation_time > 1", ["attribute", "creation_time", ">", 1]],
  ["experiments", "tags.x IS NULL", ["tag", "x", "IS NULL", null]],
  ["experiments", "experiment_id IN ('1')", ["attribute", "experiment_id", "IN", ["1"]]],
  ["models", "tag.`mlflow.prompt.is_prompt` != 'true'", ["tag", "mlflow.prompt.is_prompt", "!=", "true"]],
  [
    "versions",
    "run_id IN ('a') AND version_number > 3",
    {
      and: [
        ["attribute", "run_id", "IN", ["a"]],
        ["attribute", "version_number", ">", 3],
      ],
    },
  ],
  ["logged-models", "creation_time < 9", ["attribute", "creation_timestamp", "<", 9]],
  ["logged-models", "status IN ('READY')", ["attribute", "status", "IN", ["READY"]]],
  ["traces", "trace.timestamp >= 7", ["attribute", "timestamp_ms", ">=", 7]],
  ["traces", "span.attributes.`a b` RLIKE '^x'", ["span", "attributes.a b", "RLIKE", "^x"]],
  ["traces", "feedback.ok = 'yes'", ["feedback", "ok", "=", "yes"]],
  ["traces", "feedback.score > 0.5", ["feedback", "score", ">", 0.5]],
  ["traces", "request_metadata.k IS NULL", ["metadata", "k", "IS NULL", null]],
])("E3/grammar reads of %s: %s", (entity, text, expected) => {
  expect(bare(parse(text, entity))).toEqual(expected);
});

it("E3/boolean binds NOT before AND before OR, and parentheses before all", () => {
  const m = (key: string) => ["metric", key, "=", 1];
  const one = (key: string) => `metrics.${key} = 1`;
  expect(bare(parse(`${one("a")} or ${one("b")} and not ${one("c")}`))).toEqual({
    or: [m("a"), { and: [m("b"), { not: m("c") }] }],
  });
  expect(bare(parse(`(${one("a")} OR ${one("b")}) AND NOT (${one("c")} OR NOT ${one("d")})`))).toEqual({
    and: [{ or: [m("a"), m("b")] }, { not: { or: [m("c"), { not: m("d") }] } }],
  });
});

it.each([
  ["metrics.auc > 'x'", 14, 3, "auc: a number is expected, not 'x'"],
  ["metrics.auc >", 13, 0, "auc: a number is expected"],
  ["metrics.auc like '1'", 12, 4, "auc cannot be asked with LIKE"],
  ["metrics.auc", 11, 0, "auc needs a comparison"],
  ["metrics.auc == 1", 12, 2, "== is no comparison: write ="],
  ["params.lr = 0.1", 12, 3, "lr: a text in quotes is expected: write '0.1'"],
  ["params.lr > '1'", 10, 1, "lr cannot be asked with >"],
  ["statu = 'x'", 0, 5, "runs have no attribute statu"],
  ["metrix.a = 1", 0, 6, "runs have no metrix"],
  ["metrics. = 1", 0, 8, "a name is expected after metrics."],
  ["metrics.a = 1 metrics.b = 1", 14, 9, "AND, OR or the end is expected"],
  ["metrics.a = 1 AND", 17, 0, "a field is expected here"],
  ["(metrics.a = 1", 14, 0, "a closing parenthesis is missing"],
  ["metrics.a = 1)", 13, 1, "this parenthesis closes nothing"],
  ["tags.a = 'x", 9, 1, "this quote is not closed"],
  ["'a' = 1", 0, 3, "a field is expected here, not a"],
  ["run_id IN 'a'", 10, 3, "run_id: a list in parentheses is expected"],
  ["run_id IN ('a' 'b')", 15, 3, "run_id: a comma or a closing parenthesis is expected"],
  ["run_id IN ()", 11, 1, "run_id: a text in quotes is expected"],
  ["dataset.size = 'x'", 0, 12, "runs have no dataset field size"],
  ["metrics.a > NaN", 12, 3, "NaN is compared with = or != alone"],
  ["start_time = '5'", 13, 3, "start_time: a number is expected"],
])("E3/grammar says what is wrong with %s and where", (text, at, length, message) => {
  const error = problem(text);
  expect(error.message).toContain(message);
  expect({ at: error.at, length: error.length }).toEqual({ at, length });
});

it("refuses what is too long, too deep or too much", () => {
  expect(problem("x".repeat(SEARCH_LIMITS.characters + 1)).message).toContain("10000 are the most");
  expect(parse(`${"(".repeat(50)}metrics.a=1${")".repeat(50)}`).kind).toBe("comparison");
  expect(problem(`${"(".repeat(51)}metrics.a=1${")".repeat(51)}`).at).toBe(50);
  expect(problem(`${"NOT ".repeat(2000)}metrics.a=1`).message).toContain("50 deep");
  const many = (count: number) => Array.from({ length: count }, () => "metrics.a=1").join(" AND ");
  expect(parse(many(200)).kind).toBe("and");
  expect(problem(many(201)).message).toContain("at most 200");
  expect(problem("tags.a = 'a\0b'").message).toContain("NUL");
});

it.each([
  ["metrics.auc", "metric", "auc", true],
  ["metrics.`a b` DESC", "metric", "a b", false],
  ["attribute.start_time asc", "attribute", "start_time", true],
  ["Created DESC", "attribute", "start_time", false],
  ["`Run name`", "attribute", "run_name", true],
  ['tags."mlflow.user" desc', "tag", "mlflow.user", false],
])("E3/grammar reads the order %s", (text, group, key, ascending) => {
  expect(parseOrder(text, { entity: "runs" })).toEqual({ field: { group, key }, ascending });
});

it.each(["", "metrics.a UP", "metrics.a DESC x", "datasets.name", "nothing"])(
  "refuses the order %s",
  (text) => {
    expect(() => parseOrder(text, { entity: "runs" })).toThrow(SearchError);
  },
);

/** A generator of numbers that is the same in every run. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const NAMES = ["a", "a b", "x.y", "val/loss", "it's", 'say "x"', "tick`s", "é", ".dot", "a-1"];
const VALUES = ["", "x", "it's", 'a"b', "%_\\", "(", "AND", "日本", "  "];

function anyFilter(roll: (sides: number) => number, depth: number): Filter {
  const pick = <Item>(list: readonly Item[]) => list[roll(list.length)] as Item; // roll stays below the length
  const place = { at: 0, length: 0 };
  if (depth > 0 && roll(3) > 0) {
    if (roll(4) === 0) return { kind: "not", clause: anyFilter(roll, depth - 1) };
    const kind = pick(["and", "or"] as const);
    return { kind, clauses: Array.from({ length: 2 + roll(3) }, () => anyFilter(roll, depth - 1)) };
  }
  if (roll(2) === 0) {
    const value = pick([0, -1.5, 1e300, 5e-324, Number.NaN, Number.NEGATIVE_INFINITY]);
    const comparator = Number.isNaN(value) ? "!=" : pick(["=", ">", "<="] as const);
    return { kind: "comparison", field: { group: "metric", key: pick(NAMES) }, comparator, value, ...place };
  }
  const field = { group: pick(["param", "tag"] as const), key: pick(NAMES) };
  const comparator = pick(["=", "!=", "LIKE", "ILIKE", "IS NULL", "IN"] as const);
  const value =
    comparator === "IS NULL" ? null : comparator === "IN" ? [pick(VALUES), pick(VALUES)] : pick(VALUES);
  return { kind: "comparison", field, comparator, value, ...place };
}

it("E3/grammar reads back every filter that it prints", () => {
  const roll = dice(7);
  for (let round = 0; round < 2000; round += 1) {
    const filter = anyFilter(roll, 4);
    const text = printFilter(filter, "runs");
    if (text.length > SEARCH_LIMITS.characters) continue;
    const again = parse(text);
    expect(bare(again)).toEqual(bare(filter));
    expect(printFilter(again, "runs")).toBe(text);
  }
});

it("throws nothing but search errors, in time that grows with the length", () => {
  const roll = dice(11);
  const pieces = [
    "metrics.",
    "a",
    " ",
    "=",
    ">",
    "'",
    '"',
    "`",
    "(",
    ")",
    ",",
    "AND",
    "or",
    "NOT ",
    "IN",
    "1e5",
    ".",
    "é",
    "IS NULL",
    "\\",
    "\n",
    "run_id",
    "dataset.name",
    "tags.x",
    "!=",
    "LIKE",
    "\u{1F600}",
    "-",
    "--",
    ";",
  ];
  const startedAt = performance.now();
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: roll(30) }, () => pieces[roll(pieces.length)] ?? "").join("");
    const entity = SEARCH_ENTITIES[roll(SEARCH_ENTITIES.length)] ?? "runs";
    for (const read of [parseFilter, parseOrder]) {
      try {
        read(text, { entity });
      } catch (error) {
        expect(error).toBeInstanceOf(SearchError);
      }
    }
  }
  for (const piece of ["'", "(", "NOT ", "=", "`", '"', "a.", ",", "''"]) {
    const text = piece.repeat(Math.floor(SEARCH_LIMITS.characters / piece.length));
    expect(() => parse(text)).toThrow(SearchError);
  }
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
