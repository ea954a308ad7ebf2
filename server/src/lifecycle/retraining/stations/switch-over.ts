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
    return mark(parts, visit, {
      state: "done",
      fact: { says: "serves", deployment: policy.deployment, version: candidate, champion },
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
    return end(parts, visit, {
      state: "cancelled",
      fact: {
        says: "alias-taken",
        alias: settings.alias,
        deployment: policy.deployment,
        version: candidate,
      },
      links,
    });
  }
  if (revision.version === candidate && state === "failed") {
    const problem = deployment.gateways.find((gateway) => gateway.problem !== null)?.problem ?? null;
    return end(parts, visit, {
      state: "failed",
      fact: { says: "unservable", version: candidate, champion, problem },
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
  return wait(parts, visit, { says: "moves", deployment: policy.deployment, version: candidate });
};
