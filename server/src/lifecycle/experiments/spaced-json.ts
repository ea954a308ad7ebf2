/** JSON as clients in Python write it, a space after each comma and colon: texts that they keep are compared as texts. */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}: ${spacedJson(field)}`,
  );
  return `{${fields.join(", ")}}`;
}
