import { existsSync } from "node:fs";
import { fail, type Json, type PipelineDefinition } from "@causeway/contract";
import type { Session } from "../session.ts";

/** The part of a JSON Schema that decides how a word of the command line is read. */
type ParamSchema = { type?: string | string[]; default?: unknown; description?: string };

/** Reads `--trees 500 --test-share=0.3` as the pipeline's params; names in camelCase or with dashes. */
export async function paramsFrom(
  session: Session,
  {
    definition,
    given,
    importsFiles,
  }: { definition: PipelineDefinition; given: readonly string[]; importsFiles: boolean },
): Promise<Record<string, Json>> {
  // A params schema is an object schema, compiled from zod.
  const properties = (definition.paramsSchema["properties"] ?? {}) as Record<string, ParamSchema>;
  const params: Record<string, Json> = {};
  for (const [option, text] of pairs(given)) {
    const name = Object.keys(properties).find((one) => one === option || dashed(one) === option);
    if (name === undefined) {
      throw fail("INVALID_FIELD", {
        message: `${definition.name} has no param ${option}`,
        field: `--${option}`,
        value: text,
        help: `its params: ${
          Object.keys(properties)
            .map((one) => `--${dashed(one)}`)
            .join(", ") || "none"
        }`,
      });
    }
    params[name] =
      importsFiles && definition.datasetParams.includes(name) && existsSync(text)
        ? await imported(session, name, text)
        : parse(text, properties[name] ?? {});
  }
  return params;
}

async function imported({ client, out }: Session, param: string, file: string): Promise<string> {
  const dataset = dashed(param);
  const done = await client.data.importFile(dataset, file);
  out.note(`  ${file}: ${done.version?.rows ?? 0} rows`);
  return `${dataset}@latest`;
}

function pairs(given: readonly string[]): [option: string, text: string][] {
  const found: [string, string][] = [];
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] ?? "";
    const [, option, , text] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
    const value = text ?? given[index + 1];
    if (option === undefined || value === undefined) {
      throw fail("INVALID_FIELD", {
        message: option === undefined ? `${word} is not a param` : `${word} has no value`,
        field: "params",
        value: word,
        help: "write params as --name value",
      });
    }
    if (text === undefined) index += 1;
    found.push([option, value]);
  }
  return found;
}

/** Text for text params; numbers, truth values, lists and objects are read as JSON. The server checks them again. */
function parse(text: string, schema: ParamSchema): Json {
  const types = [schema.type ?? "string"].flat();
  if (types.every((type) => type === "string")) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
