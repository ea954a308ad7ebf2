import { z } from "zod";

/** Lists know themselves, so that one value of a query becomes a list of one. */
const LISTS = new WeakSet<z.ZodType>();

/** True for a field that may be given more than once in a query. */
export const isWireList = (schema: z.ZodType): boolean => LISTS.has(schema);

const unset = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;

/** Text, or nothing. */
export const wireText = z.string().nullish().transform(unset);

/** Text that must be there; the empty one is none. */
export const requiredText = z.string().min(1);

const asInteger = (given: unknown): unknown =>
  typeof given === "string" && /^-?\d{1,16}$/.test(given) ? Number(given) : given;

/** A whole number, in JSON or as text. Beyond 2^53 it would not be kept exactly, and is refused. */
export const requiredInteger = z.preprocess(asInteger, z.int());

/** A whole number, or nothing. */
export const wireInteger = z.preprocess(asInteger, z.int().nullish().transform(unset));

const asBoolean = (given: unknown): unknown =>
  typeof given === "string" ? ({ true: true, false: false }[given.toLowerCase()] ?? given) : given;

/** True or false, or nothing. */
export const wireBoolean = z.preprocess(asBoolean, z.boolean().nullish().transform(unset));

/** A list; nothing is an empty one. */
export function wireList<Item extends z.ZodType>(item: Item) {
  const schema = z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
  LISTS.add(schema);
  return schema;
}

/** A tag or parameter as it is sent. */
export const WireEntry = z.object({ key: requiredText, value: wireText.transform((value) => value ?? "") });

/** A member of a closed set, by its name or its number on the wire; or nothing. */
export function wireEnum<const Names extends Readonly<Record<string, number>>>(numbers: Names) {
  // Object.keys forgets the key type.
  const names = Object.keys(numbers) as [keyof Names & string, ...(keyof Names & string)[]];
  const byNumber = new Map(Object.entries(numbers).map(([name, number]) => [String(number), name]));
  return z.preprocess(
    (given) => byNumber.get(String(given)) ?? given,
    z.enum(names).nullish().transform(unset),
  );
}

const NON_FINITE: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** The number that a client means: a number, a boolean, a number as text, NaN and the infinities by name; undefined for none. */
export function fromWireNumber(given: unknown): number | undefined {
  if (typeof given === "number") return given;
  if (typeof given === "boolean") return given ? 1 : 0;
  if (typeof given !== "string") return undefined;
  const named = NON_FINITE[given.trim().toLowerCase()];
  if (named !== undefined) return named;
  const number = given.trim() === "" ? Number.NaN : Number(given);
  return Number.isFinite(number) ? number : undefined;
}

/** A number as JSON can hold it: NaN and the infinities by name. */
export function toWireNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Tags and parameters as they are answered; none are left out. */
export function toWireEntries(
  texts: Readonly<Record<string, string>>,
): { key: string; value: string }[] | undefined {
  const entries = Object.entries(texts).map(([key, value]) => ({ key, value }));
  return orLeftOut(entries);
}

/** An empty list is left out. */
export function orLeftOut<Item>(list: readonly Item[]): Item[] | undefined {
  return list.length === 0 ? undefined : [...list];
}

/** Tags and parameters by name, the last of a name. */
export function fromWireEntries(entries: readonly { key: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** Milliseconds since 1970, or nothing. */
export const toWireTime = (at: Date | null): number | undefined => at?.getTime();

/** Which of the living and the deleted a search looks at, with the numbers of the wire. */
export const VIEW_TYPES = { ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 } as const;

/** What the views are called here. */
export const VIEWS = { ACTIVE_ONLY: "active", DELETED_ONLY: "deleted", ALL: "all" } as const;
