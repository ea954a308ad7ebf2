import type { Column } from "@causeway/contract";
import type { SplitPlan } from "../split-plan.ts";
import { identifier, literal } from "./duck.ts";

/** Hexadecimal digits of the hash that are taken: 52 bits, which a double holds exactly. */
const DIGITS = 13;
const SPACE = 2 ** 52;

/**
 * The side of a row as SQL. By hash: sha256 of `<seed>:<text of the key>`, its first 13 hexadecimal digits divided by
 * 2^52, so that nothing but the key's own value decides. Text of a key: whole numbers in decimals, true or false, days
 * as 2024-01-31, times as 2024-01-31T10:00:00.000000Z, a missing key as nothing.
 */
export function sideExpression(plan: SplitPlan): string {
  if (plan.by === "hash") {
    const hash = `sha256(${literal(`${plan.seed}:`)} || coalesce(${keyText(plan.key)}, ''))`;
    const position = `(('0x' || left(${hash}, ${DIGITS}))::bigint / ${SPACE}.0)`;
    return caseOf(plan.sides.map(({ name, below }) => ({ name, when: `${position} < ${below}::double` })));
  }
  const column = identifier(plan.column.name);
  return caseOf(
    plan.sides.map(({ name, before }) => ({
      name,
      when: before === null ? "true" : `${column} < ${boundary(plan.column, before)}`,
    })),
  );
}

function caseOf(sides: { name: string; when: string }[]): string {
  const last = sides.at(-1);
  const branches = sides.slice(0, -1).map(({ name, when }) => `when ${when} then ${literal(name)}`);
  return `case ${branches.join(" ")} else ${literal(last?.name ?? "")} end`;
}

function keyText({ name, type }: Column): string {
  const column = identifier(name);
  return type === "timestamp" ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')` : `${column}::varchar`;
}

function boundary({ type }: Column, text: string): string {
  switch (type) {
    case "date":
    case "timestamp":
      // A day compared with a time: its midnight. The zone is UTC either way.
      return `timestamp ${literal(text.replace("T", " ").replace(/Z$/, ""))}`;
    case "integer":
    case "double":
      return text;
    default:
      return literal(text);
  }
}
