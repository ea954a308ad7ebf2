import type { RegistryTags } from "@causeway/contract";

/** Tags by which clients of MLflow keep prompts among registered models. */
export const PROMPT_TAG = "mlflow.prompt.is_prompt";
const PROMPT_TEXT_TAG = "mlflow.prompt.text";
const PROMPT_KIND_TAG = "_mlflow_prompt_type";

/** Whether tags say that it is a prompt, which is no model and is never served. */
export function isPrompt(tags: RegistryTags): boolean {
  return tags[PROMPT_TAG]?.toLowerCase() === "true";
}

/** The text of a version of a prompt. */
export function promptText(tags: RegistryTags): string | null {
  return tags[PROMPT_TEXT_TAG] ?? null;
}

/** The tags that a person gave, without those that make a prompt out of a model. */
export function ownPromptTags(tags: RegistryTags): RegistryTags {
  const hidden: readonly string[] = [PROMPT_TAG, PROMPT_TEXT_TAG, PROMPT_KIND_TAG];
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !hidden.includes(name)));
}
