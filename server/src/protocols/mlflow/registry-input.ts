import { AliasName, CausewayError, ModelName } from "@causeway/contract";
import { z } from "zod";
import { mlflowError } from "./errors.ts";
import { checkLength, checkName } from "./validation.ts";
import { requiredText, wireInteger, wireList, wireText } from "./wire.ts";

const LONGEST_TAG_KEY = 250;
const LONGEST_TAG_VALUE = 100_000;

/** A model of the registry by its name. */
export const OneModel = z.object({ name: requiredText.transform(readModelName) });

/** The number of a version, which clients send as text. */
export const VersionNumber = z
  .union([requiredText, z.number()])
  .transform((given) => readVersionNumber(String(given)));

/** A version of a model. */
export const OneVersion = OneModel.extend({ version: VersionNumber });

/** An alias of a model. */
export const OneAlias = OneModel.extend({ alias: requiredText.transform(readAlias) });

/** A page of a search of models or versions. */
export const RegistrySearch = z.object({
  filter: wireText,
  max_results: wireInteger,
  order_by: wireList(z.string()),
  page_token: wireText,
});

/** The name of a model, as it may be. */
export function readModelName(name: string): string {
  if (ModelName.safeParse(name).success) return name;
  if (name.trim() === "")
    throw mlflowError("INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'.");
  checkLength("name", name, 250);
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid model name '${name}'. Names cannot contain '/' or ':', nor be '.' or '..'.`,
  );
}

function readVersionNumber(given: string): number {
  if (/^\d{1,9}$/.test(given) && Number(given) > 0) return Number(given);
  throw mlflowError("INVALID_PARAMETER_VALUE", `Parameter 'version' must be an integer, got '${given}'.`);
}

function readAlias(alias: string): string {
  checkLength("Registered model alias name", alias, 255);
  if (AliasName.safeParse(alias).success && !alias.includes(".")) return alias;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
  );
}

/** Refuses names of aliases that mean a version by themselves. */
export function checkNewAlias(alias: string): void {
  if (alias.toLowerCase() === "latest")
    throw mlflowError("INVALID_PARAMETER_VALUE", "'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias))
    throw mlflowError("INVALID_PARAMETER_VALUE", `Version alias name '${alias}' is reserved.`);
  if (/^\d+$/.test(alias)) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Alias name '${alias}' is reserved: a number means the version of that number.`,
    );
  }
}

/** Checks a tag of a model or version. */
export function checkRegistryTag(key: string, value: string): void {
  checkName(key, "key");
  checkLength("key", key, LONGEST_TAG_KEY);
  checkLength("value", value, LONGEST_TAG_VALUE);
}

/** Answers with what our own services refuse, in the words that clients of MLflow know. */
export async function inWireWords<Answer>(
  about: { readonly name: string; readonly version?: number; readonly alias?: string },
  answered: Promise<Answer>,
): Promise<Answer> {
  try {
    return await answered;
  } catch (error) {
    throw error instanceof CausewayError ? (translated(error, about) ?? error) : error;
  }
}

function translated(error: CausewayError, about: { name: string; version?: number; alias?: string }) {
  const { code, field, message, help } = error;
  const explained = help === undefined ? message : `${message}. ${help}`;
  if (code === "APPROVAL_NEEDED") return mlflowError("PERMISSION_DENIED", explained, error);
  if (code === "CONFLICT") return mlflowError("RESOURCE_CONFLICT", explained, error);
  if (code !== "NOT_FOUND") return undefined;
  if (field === "alias") {
    const text = `Registered model alias ${about.alias ?? ""} not found.`;
    return mlflowError("INVALID_PARAMETER_VALUE", text, error);
  }
  // Of a version nothing else is said where its model is not there either; an alias is one of the model.
  const ofVersion = field === "model" && about.version !== undefined && about.alias === undefined;
  if (field === "version" || ofVersion) {
    const text = `Model Version (name=${about.name}, version=${about.version ?? ""}) not found`;
    return mlflowError("RESOURCE_DOES_NOT_EXIST", text, error);
  }
  return undefined;
}
