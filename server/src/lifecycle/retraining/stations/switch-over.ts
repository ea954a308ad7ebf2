import { deploymentPath } from "../retraining-paths.ts";
import { versionLink } from "./run-version.ts";
import { end, mark, type Station, wait, watermarkOf } from "./station.ts";

/** Waits until the deployment serves the candidate; where gateways refuse it, the alias goes back and the old version serves on. */
export const switchOver: Station = async (parts, visit) => {
  const { cycle, policy, call } = visit;
  const { candidate, champion, settings } = cycle;
  if (candidate === null) throw new Error("a switch needs a candidate");
  const deployment = await parts.deployments.getDeployment({ deployment: policy.deployment }, call);
  const links = [
    { title: policy.deployment, subject: deploymentPath(policy.deployment, policy.environment) },
    versionLink(visit, candidate),
  ];
  const { revision, serving, state } = deployment;
  if (serving?.version === candidate && serving.model === policy.model) {
    const switchedAt = (await watermarkOf(parts, visit)) ?? parts.now();
    const from = champion === null ? "" : ` instead of version ${champion}`;
    return mark(parts, visit, {
      state: "done",
      text: `${policy.deployment} serves version ${candidate}${from}`,
      links,
      occurredAt: switchedAt,
      cycle: { switchedAt },
    });
  }
  const version = await parts.registry.getVersion({ model: policy.model, version: candidate }, call);
  const points = version.aliases.some(
    ({ alias, environment }) => alias === settings.alias && environment === policy.environment,
  );
  if (!points) {
    const text = `The alias ${settings.alias} was given to another version before ${policy.deployment} served version ${candidate}`;
    return end(parts, visit, { state: "cancelled", text, links });
  }
  if (revision.version === candidate && state === "failed") {
    const problem =
      deployment.gateways.find((gateway) => gateway.problem !== null)?.problem ?? "a gateway refused it";
    return end(parts, visit, {
      state: "failed",
      text: `Version ${candidate} cannot be served: ${problem}; version ${champion ?? "none"} goes on serving`,
      links,
      also: async (tx) => {
        if (champion === null) return;
        await parts.registry.moveAlias(tx, call, {
          model: policy.model,
          alias: settings.alias,
          version: champion,
        });
      },
    });
  }
  return wait(parts, visit, `${policy.deployment} moves to version ${candidate}`);
};
