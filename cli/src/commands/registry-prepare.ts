import { setTimeout as pause } from "node:timers/promises";
import { fail, type ModelVersion, type ScanFinding } from "@causeway/contract";
import type { Command } from "commander";
import { action, type Session } from "../session.ts";
import { table } from "../table.ts";

/** Between two looks at a version that is being prepared. */
const LOOK_MS = 500;

/** `causeway registry prepare`. */
export function addPrepareCommand(registry: Command): void {
  registry
    .command("prepare <model> <version>")
    .description(
      "prepare a Python model again: look into its files, install its packages, have it answer its example",
    )
    .option(
      "--accept-findings",
      "you know what was found in its files and want it loaded; needs registry:approve",
    )
    .action(action(prepare));
}

async function prepare(
  { client, out }: Session,
  [model, given]: [string, string],
  options: { acceptFindings?: boolean },
): Promise<void> {
  const key = { model, version: Number(given) };
  let version = await client.registry.prepareVersion({ ...key, accept: options.acceptFindings ?? false });
  while (version.preparation.state === "preparing") {
    out.progress.update(version.preparation.step ?? "waiting for a worker");
    await pause(LOOK_MS);
    version = await client.registry.getVersion(key);
  }
  out.progress.done();
  const { state, problem } = version.preparation;
  if (state !== "ready") throw notReady(version, problem);
  out.answer(version, () => preparationLines(version).join("\n"));
}

/** How far a version is on its way to being served, and what was found in its files; nothing of one that needs neither. */
export function preparationLines({ format, preparation, golden }: ModelVersion): string[] {
  const { state, problem, step, findings, environment } = preparation;
  if (format !== "mlflow") return [];
  const packages = environment === null ? "" : `, Python ${environment.python} (${environment.tool})`;
  return [
    `${state}${packages}, golden rows ${golden.length}${step === null ? "" : `: ${step}`}`,
    ...(problem === null ? [] : [problem]),
    ...(findings.length === 0 ? [] : ["", findingTable(findings)]),
  ];
}

function findingTable(findings: readonly ScanFinding[]): string {
  return table(
    ["finding", "file", "what"],
    findings.map(({ severity, path, text }) => [severity, path, text]),
  );
}

function notReady({ model, version, preparation }: ModelVersion, problem: string | null): Error {
  const isHeld = preparation.state === "blocked";
  return fail("BAD_MODEL", {
    message: `Version ${version} of ${model} is not ready: ${problem ?? preparation.state}`,
    field: "version",
    value: version,
    help: isHeld
      ? `npx --no causeway registry show ${model} ${version} shows the findings; --accept-findings accepts them`
      : "mend the model's requirements or its example, and register it again",
  });
}
