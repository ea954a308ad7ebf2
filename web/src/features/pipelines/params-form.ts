import type { Json } from "@causeway/contract";

/** One field of a form that was made from a JSON Schema. */
export type ParamField = {
  name: string;
  kind: "text" | "number" | "integer" | "boolean" | "choice" | "json";
  choices: string[];
  /** The value that stands in the field at first, as text. */
  initial: string;
  required: boolean;
  help: string;
};

type Schema = Record<string, Json>;

/** The fields that the params of a pipeline need, in the schema's order. */
export function paramFields(schema: Schema): ParamField[] {
  const properties = asSchema(schema["properties"]);
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties).map(([name, value]) => {
    const property = asSchema(value);
    const initial = property["default"];
    const choices = Array.isArray(property["enum"]) ? property["enum"].map(String) : [];
    return {
      name,
      kind: kindOf(property, choices),
      choices,
      initial: initial === undefined ? "" : typeof initial === "string" ? initial : JSON.stringify(initial),
      required: required.includes(name) && initial === undefined,
      help: helpOf(property),
    };
  });
}

/** Reads the form's texts as the schema wants them; empty fields are left to their defaults. */
export function readParams(
  fields: readonly ParamField[],
  texts: Readonly<Record<string, string>>,
): { params: Record<string, Json> } | { field: string; rule: "required" | "number" | "integer" | "json" } {
  const params: Record<string, Json> = {};
  for (const field of fields) {
    const text = (texts[field.name] ?? field.initial).trim();
    if (text === "") {
      if (field.required) return { field: field.name, rule: "required" };
      continue;
    }
    const value = readValue(field.kind, text);
    if (value === undefined) {
      return {
        field: field.name,
        rule: field.kind === "integer" ? "integer" : field.kind === "number" ? "number" : "json",
      };
    }
    params[field.name] = value;
  }
  return { params };
}

/** The same values as flags of the command. */
export function flagsOf(fields: readonly ParamField[], texts: Readonly<Record<string, string>>): string {
  return fields
    .map(({ name, initial }) => ({ name, text: texts[name] ?? initial, initial }))
    .filter(({ text, initial }) => text !== "" && text !== initial)
    .map(
      ({ name, text }) =>
        ` --${name} ${/[^\w@./:-]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : text}`,
    )
    .join("");
}

function readValue(kind: ParamField["kind"], text: string): Json | undefined {
  switch (kind) {
    case "text":
    case "choice":
      return text;
    case "number":
    case "integer": {
      const value = Number(text);
      if (!Number.isFinite(value)) return undefined;
      return kind === "integer" && !Number.isInteger(value) ? undefined : value;
    }
    case "boolean":
      return text === "true";
    case "json":
      try {
        const value: Json = JSON.parse(text);
        return value;
      } catch {
        return undefined;
      }
    default:
      return kind satisfies never;
  }
}

function kindOf(property: Schema, choices: readonly string[]): ParamField["kind"] {
  if (choices.length > 0) return "choice";
  switch (property["type"]) {
    case "string":
      return "text";
    case "number":
      return "number";
    case "integer":
      return "integer";
    case "boolean":
      return "boolean";
    default:
      return "json";
  }
}

/** The limits of a number as people write them; the schema's own description where there is one. */
function helpOf(property: Schema): string {
  if (typeof property["description"] === "string") return property["description"];
  const low = property["minimum"] ?? property["exclusiveMinimum"];
  const high = property["maximum"] ?? property["exclusiveMaximum"];
  const shown = (value: Json | undefined) =>
    typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? String(value) : "";
  if (shown(low) === "" && shown(high) === "") return "";
  return shown(high) === ""
    ? `≥ ${shown(low)}`
    : shown(low) === ""
      ? `≤ ${shown(high)}`
      : `${shown(low)} … ${shown(high)}`;
}

function asSchema(value: Json | undefined): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
