import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Installation } from "./installation.ts";
import { CARED, CHANNEL, DEPLOYMENTS, FIRST, MODEL, MONITOR, POLICY } from "./names.ts";
import type { Project } from "./project.ts";

const KEY = "customerId";

/** Data, pipeline, first model, two deployments, monitor and policy: by a command that a user types and by the API. */
export async function prepare(
  { client, cli }: Installation,
  { folder, table }: Project,
  { slackUrl, said }: { slackUrl: string; said: (what: string, text: string) => void },
): Promise<void> {
  const { version } = await client.data.importFile("shop-customers", table, { key: KEY });
  said(
    "data",
    `${version?.rows.toLocaleString("en-US")} customers of the past, version ${version?.id.slice(0, 6)}`,
  );
  await cli("pipelines", "run", "shop.pipeline.ts");
  const { report } = await client.registry.getVersion({ model: MODEL, version: 1 });
  const accuracy = report?.metrics.find(({ name }) => name === "accuracy")?.value.toFixed(2);
  said("model", `${MODEL} version 1, accuracy ${accuracy} on ${report?.rows} customers that it had not seen`);
  await client.registry.assignAlias({ model: MODEL, alias: "champion", version: 1 });
  await client.deployments.createDeployment({ name: CARED, serve: `${MODEL}@champion`, key: KEY });
  await client.deployments.createDeployment({ name: FIRST, serve: `${MODEL}@1`, key: KEY });
  for (const deployment of DEPLOYMENTS)
    for await (const { state } of client.deployments.followDeployment({ deployment }))
      if (state === "ready") break;
  await client.platform.createChannel({ name: CHANNEL, kind: "slack", url: slackUrl });
  const settings = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));
  await client.monitoring.createMonitor({
    name: MONITOR,
    deployment: CARED,
    settings: await settings("monitor.json"),
  });
  await client.retraining.createPolicy({
    name: POLICY,
    deployment: CARED,
    monitor: MONITOR,
    settings: await settings("policy.json"),
  });
  said("serving", `${CARED} follows the champion and is looked after; ${FIRST} keeps version 1`);
}
