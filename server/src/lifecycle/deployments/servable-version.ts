import { fail, type ModelVersion } from "@causeway/contract";

type Prepared = Pick<ModelVersion, "model" | "version" | "preparation">;

/** Refuses a version that cannot be served as it stands; one that is being prepared is waited for. */
export function requireServable({ model, version, preparation }: Prepared): void {
  const { state, problem } = preparation;
  if (state === "ready" || state === "preparing") return;
  const isHeld = state === "blocked";
  throw fail("CONFLICT", {
    message: isHeld
      ? `Version ${version} of ${model} is held back by what was found in its files: ${problem}`
      : `Version ${version} of ${model} could not be prepared: ${problem}`,
    field: "serve",
    value: `${model}@${version}`,
    help: isHeld
      ? `Read the findings (npx --no causeway registry show ${model} ${version}); npx --no causeway registry prepare ${model} ${version} --accept-findings accepts them.`
      : `Mend it and register it again, or try once more: npx --no causeway registry prepare ${model} ${version}.`,
  });
}

/** What a deployment waits for before gateways are asked to load its version; null where they are asked already. */
export function waitingFor({ model, version, preparation }: Prepared): string | null {
  const { state, step, problem } = preparation;
  const name = `version ${version} of ${model}`;
  switch (state) {
    case "ready":
      return null;
    case "preparing":
      return `${name} is being prepared${step === null ? "" : `: ${step}`}`;
    case "failed":
      return `${name} could not be prepared: ${problem}`;
    case "blocked":
      return `${name} waits for a person who accepts what was found in it: ${problem}`;
    default:
      return state satisfies never;
  }
}
