import type { FindUses } from "../registry/index.ts";
import { modelUsesStore } from "./model-uses-store.ts";

/** The policies that live from a model, for the registry, which takes neither name nor version away from under them. */
export const findRetrainingPolicies: FindUses = async (tx, key) => {
  const policies = await modelUsesStore(tx).listPolicies(key);
  return policies.map(({ name, environment }) => ({
    title: `the policy ${name} in ${environment}`,
    help:
      key.version === undefined
        ? `End the policy first: npx --no causeway retraining delete ${name} --env ${environment}`
        : `Wait until its cycle has ended: npx --no causeway retraining show ${name} --env ${environment}`,
  }));
};
