import type { FindUses } from "../registry/index.ts";
import { modelUsesStore } from "./model-uses-store.ts";

/** The deployments that live from a model, for the registry, which takes no version away from under them. */
export const findServingDeployments: FindUses = async (tx, key) => {
  const serving = await modelUsesStore(tx).listServing(key);
  return serving.map(({ name, environment }) => ({
    title: `the deployment ${name} in ${environment}`,
    help:
      key.version === undefined
        ? `Delete the deployment first: npx --no causeway deployments delete ${name} --env ${environment}`
        : `Let it serve another version first, or delete it: npx --no causeway deployments delete ${name} --env ${environment}`,
  }));
};
