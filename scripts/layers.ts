import { existsSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import config from "../.dependency-cruiser.mjs";
import { CRUISED } from "./layer-rules.ts";
import { root } from "./set-up.js";

/** An import that a rule forbids. */
export interface LayerViolation {
  rule: string;
  from: string;
  to: string;
}

/** Reads every import below `folder` and tells which ones the layer rules forbid. */
export async function checkLayers(
  folder: string,
): Promise<{ modules: number; violations: LayerViolation[] }> {
  const { tsConfig, ...options } = config.options;
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const { output } = await cruise(
    CRUISED.filter((name) => existsSync(join(folder, name))),
    {
      ...cruiseOptions,
      tsConfig: { fileName: join(root, tsConfig.fileName) },
      ruleSet: { forbidden: config.forbidden },
      validate: true,
      baseDir: folder,
    },
    enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(root, tsConfig.fileName)) },
  );
  if (typeof output === "string") throw new Error(`dependency-cruiser answered with text: ${output}`);
  return {
    modules: output.summary.totalCruised,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

if (import.meta.main) {
  const { modules, violations } = await checkLayers(root);
  const comments = new Map(config.forbidden.map(({ name, comment }) => [name, comment]));
  for (const { rule, from, to } of violations)
    console.log(`${from} -> ${to}\n  ${rule}: ${comments.get(rule)}`);
  if (modules === 0) console.log("No modules were found: the rules were not tried on anything.");
  console.log(`${modules} modules, ${violations.length} violations`);
  process.exitCode = modules > 0 && violations.length === 0 ? 0 : 1;
}
