import { createRequire } from "node:module";
import type { z as Zod } from "zod";

/**
 * Words of a schema that its JSON Schema says in full. A schema of these alone needs no second look in the step: its value
 * was checked, and its default filled in, before the step was started.
 */
const PLAIN = new Set([
  ...[
    "string",
    "number",
    "boolean",
    "int",
    "float64",
    "enum",
    "literal",
    "array",
    "object",
    "record",
    "union",
    "null",
  ],
  ...[
    "min",
    "max",
    "gt",
    "gte",
    "lt",
    "lte",
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "multipleOf",
  ],
  ...[
    "length",
    "regex",
    "nonempty",
    "email",
    "url",
    "uuid",
    "describe",
    "meta",
    "default",
    "optional",
    "nullable",
  ],
]);

type Recorded = { readonly isPlain: boolean; readonly replay: () => unknown };

const RECORD = Symbol("record");

let loaded: typeof Zod | undefined;

function zod(): typeof Zod {
  if (loaded === undefined) {
    const module: { z: typeof Zod } = createRequire(import.meta.url)("zod");
    loaded = module.z;
  }
  return loaded;
}

/** Members that ask for a value now, and not for a longer schema. */
const ASKS =
  /^(parse|safeParse|spa$|_zod|(def|shape|options|element|type)$|to[A-Z]|is[A-Z]|from[A-Z]|(prettify|treeify|flatten|format)Error)/;

/**
 * zod without its loading time, which is longer than the start of a process: declarations are written down, and played to
 * the real zod when something is parsed.
 */
function recorder(record: Recorded): object {
  return new Proxy(() => {}, {
    get(_, name) {
      if (name === RECORD) return record;
      if (name === "isPlain") return record.isPlain;
      if (typeof name === "symbol" || ASKS.test(name)) return realMember(record.replay(), name);
      return recorder({
        isPlain: record.isPlain && PLAIN.has(name),
        replay: () => boundMember(record.replay(), name),
      });
    },
    apply(_, __, args: unknown[]) {
      const records = args.map(recordsIn);
      return recorder({
        isPlain: record.isPlain && records.flat().every(({ isPlain }) => isPlain) && !args.some(isFunction),
        replay: () => Reflect.apply(asFunction(record.replay()), undefined, args.map(played)),
      });
    },
    has: (_, name) => name === "isPlain" || Reflect.has(Object(record.replay()), name),
  });
}

function realMember(target: unknown, name: string | symbol): unknown {
  const value: unknown = Reflect.get(Object(target), name);
  if (typeof value !== "function") return value;
  return (...args: unknown[]) => Reflect.apply(value, target, args.map(played));
}

function boundMember(target: unknown, name: string): unknown {
  const value: unknown = Reflect.get(Object(target), name);
  return typeof value === "function" ? value.bind(target) : value;
}

function asFunction(value: unknown): (...args: unknown[]) => unknown {
  if (typeof value === "function") return value as (...args: unknown[]) => unknown; // its arguments are the user's own
  throw new TypeError("zod has no such function");
}

/** Schemas among the arguments of a call, also inside of plain objects and lists. */
function recordsIn(value: unknown): Recorded[] {
  const record = recordOf(value);
  if (record !== undefined) return [record];
  if (Array.isArray(value)) return value.flatMap(recordsIn);
  return isPlainObject(value) ? Object.values(value).flatMap(recordsIn) : [];
}

function played(value: unknown): unknown {
  const record = recordOf(value);
  if (record !== undefined) return record.replay();
  if (Array.isArray(value)) return value.map(played);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, played(inner)]));
}

function recordOf(value: unknown): Recorded | undefined {
  if (typeof value !== "function") return undefined;
  return (value as { [RECORD]?: Recorded })[RECORD]; // only a recorder answers to this symbol
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function" && recordOf(value) === undefined;
}

/** zod as pipeline files know it. */
export const z = recorder({ isPlain: true, replay: zod }) as unknown as typeof Zod; // every use is played to the real one
