/** The text without U+0000, which the database cannot hold: a trace is not lost for it. */
export function withoutNul(text: string): string {
  return text.replaceAll("\u0000", "\ufffd");
}

/** Texts without it, names included. */
export function textsWithoutNul(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [withoutNul(name), withoutNul(value)]),
  );
}

/** JSON without it anywhere. */
export function jsonWithoutNul<Value>(value: Value): Value {
  // The same value, its texts cleaned.
  return JSON.parse(
    JSON.stringify(value, (_name, one: unknown) => (typeof one === "string" ? withoutNul(one) : one)),
  ) as Value;
}

/** Attributes of a span as they are searched: each a text. */
export function searchable(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return textsWithoutNul(
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
}
