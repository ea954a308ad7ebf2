import type { Json, Port, StepDefinition } from "@causeway/contract";
import canonicalize from "canonicalize";

/** Everything that determines what a step makes. */
export type Ingredients = {
  /** What runs: kind, and the name or command where the code digest does not cover it. */
  readonly work: string;
  readonly code: string;
  readonly lock: string | null;
  readonly params: Readonly<Record<string, Json>>;
  /** Digests by input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, Port>>;
};

/** What a step is made of, once its inputs are there. `libraryVersion` is that of the library step, if it is one. */
export function ingredientsOf(
  step: StepDefinition,
  given: {
    readonly params: Readonly<Record<string, Json>>;
    readonly inputs: Readonly<Record<string, string>>;
    readonly libraryVersion: string | undefined;
  },
): Ingredients {
  const version = given.libraryVersion === undefined ? "" : `@${given.libraryVersion}`;
  // A function of the module is found by its step's name, and every function shares the module's digest.
  const name = step.work.kind === "library" ? step.work.name : step.work.kind === "function" ? step.name : "";
  return {
    work: `${step.work.kind} ${name}${version}`.trim(),
    code: step.code,
    lock: step.lock,
    params: given.params,
    inputs: given.inputs,
    outputs: step.outputs,
  };
}

/** The text whose sha256 is the cache key: canonical JSON (RFC 8785). */
export function cacheText(ingredients: Ingredients): string {
  return canonicalize(ingredients) ?? "";
}

/** Params and inputs that one reason names at most. */
const MOST_NAMED = 3;
const SHORT_DIGEST = 6;

/** Says in a few words why a step runs although it ran before. */
export function explainMiss(before: Ingredients | undefined, now: Ingredients): string {
  if (before === undefined) return "first run";
  const reasons = [
    ...(before.work === now.work && before.code === now.code ? [] : ["code changed"]),
    ...(before.lock === now.lock ? [] : ["lock changed"]),
    ...changed(before.params, now.params).map(
      (name) => `param ${name} ${shown(before.params[name])} → ${shown(now.params[name])}`,
    ),
    ...changed(before.inputs, now.inputs).map(
      (name) => `input ${name} changed: ${short(before.inputs[name])} → ${short(now.inputs[name])}`,
    ),
    ...(canonicalize(before.outputs) === canonicalize(now.outputs) ? [] : ["outputs changed"]),
  ];
  if (reasons.length === 0) return "its earlier result is not kept";
  const rest = reasons.length - MOST_NAMED;
  return [...reasons.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join("; ");
}

function changed(before: Readonly<Record<string, Json>>, now: Readonly<Record<string, Json>>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.filter((name) => canonicalize(before[name]) !== canonicalize(now[name]));
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function short(digest: string | undefined): string {
  return digest === undefined ? "nothing" : digest.slice(0, SHORT_DIGEST);
}
