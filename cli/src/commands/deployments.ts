import { type Deployment, durationMs, fail } from "@causeway/contract";
import type { Command } from "commander";
import { duration, metric } from "../formats.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";
import { addTruthCommands } from "./truth.ts";

/** How long `create` and `switch` wait for the gateways. */
const READY_MS = 120_000;

/** `causeway deployments …`. */
export function addDeploymentsCommands(program: Command): void {
  const deployments = program
    .command("deployments")
    .description("models that answer: create, switch, keys, predictions");
  deployments
    .command("create <name>")
    .description("serve a version or an alias under a name")
    .requiredOption("--serve <model@version>", "for example churn@champion")
    .option("--key <column>", "column that names what a prediction is about; truth can be posted by it")
    .option(
      "--keep <time>",
      'how long predictions and truth are kept, for example "90 days"; for ever if not said',
    )
    .action(
      action(async (session: Session, [name]: [string], options: Kept & { serve: string }) => {
        const startedAt = performance.now();
        await session.client.deployments.createDeployment({
          name,
          serve: options.serve,
          ...settingsOf(options),
        });
        await untilReady(session, name, startedAt);
      }),
    );
  deployments
    .command("switch <name>")
    .description(
      "serve another version or alias without a failed request; change the key or how long the log is kept",
    )
    .option("--serve <model@version>", "for example churn@2")
    .option("--key <column>", 'column that names what a prediction is about; "none" ends it')
    .option("--keep <time>", 'how long predictions and truth are kept, for example "90 days", or "forever"')
    .action(
      action(async (session: Session, [deployment]: [string], options: Kept & { serve?: string }) => {
        const startedAt = performance.now();
        const change = {
          ...(options.serve === undefined ? {} : { serve: options.serve }),
          ...settingsOf(options),
        };
        if (Object.keys(change).length === 0) throw nothingToChange(deployment);
        await session.client.deployments.updateDeployment({ deployment, ...change });
        await untilReady(session, deployment, startedAt);
      }),
    );
  deployments
    .command("list")
    .description("deployments of the environment")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.deployments.listDeployments(paging));
        out.answer({ items }, () =>
          table(
            ["deployment", "state", "serves", "version", "address"],
            items.map((one) => [one.name, one.state, one.serve, one.serving?.version, one.url]),
            ["version"],
          ),
        );
      }),
    );
  deployments
    .command("show <name>")
    .description("a deployment with what each gateway says of it")
    .action(
      action(async ({ client, out }: Session, [name]: [string]) => {
        const deployment = await client.deployments.getDeployment({ deployment: name });
        out.answer(deployment, () =>
          [
            `${deployment.name}  ${deployment.state}  ${deployment.serve}  ${deployment.url}`,
            "",
            table(
              ["gateway", "revision", "state", "golden rows", "loaded in", "problem"],
              deployment.gateways.map((one) => [
                one.gateway,
                one.revision,
                one.state,
                one.golden && `${one.golden.equal} of ${one.golden.rows} equal`,
                one.loadMs === null ? null : duration(one.loadMs),
                one.problem,
              ]),
              ["revision"],
            ),
          ].join("\n"),
        );
      }),
    );
  deployments
    .command("delete <name>")
    .description("stop serving; the prediction log stays")
    .action(
      action(async ({ client, out }: Session, [deployment]: [string]) => {
        await client.deployments.deleteDeployment({ deployment });
        out.answer({}, () => `${deployment} is deleted`);
      }),
    );
  deployments
    .command("keys <name>")
    .description("API keys of a deployment")
    .action(
      action(async ({ client, out }: Session, [deployment]: [string]) => {
        const items = await all((paging) => client.deployments.listKeys({ deployment, ...paging }));
        out.answer({ items }, () =>
          table(
            ["id", "name", "created", "revoked"],
            items.map((key) => [key.id, key.name, key.createdAt, key.revokedAt]),
          ),
        );
      }),
    );
  deployments
    .command("revoke-key <name> <id>")
    .description("end an API key")
    .action(
      action(async ({ client, out }: Session, [deployment, key]: [string, string]) => {
        out.answer(
          await client.deployments.revokeKey({ deployment, key }),
          (ended) => `key ${ended.id} ends now`,
        );
      }),
    );
  deployments
    .command("predict <name> <record>")
    .description("ask a deployment, for example: predict churn '{\"tenure\": 3}'")
    .action(
      action(async ({ client, out }: Session, [name, record]: [string, string]) => {
        const answer = await client.deployments.predict(name, parseRecord(record));
        out.answer(answer, () =>
          [
            `${answer.model} version ${answer.version}, prediction ${answer.id}`,
            ...answer.predictions.map(
              (one) =>
                `  ${String(one.value)}   ${Object.entries(one.scores ?? {})
                  .map(([label, score]) => `${label} ${metric(score)}`)
                  .join("  ")}`,
            ),
          ].join("\n"),
        );
      }),
    );
  addTruthCommands(deployments);
  deployments
    .command("prediction <id>")
    .description("a prediction and the version, run and data behind it")
    .action(
      action(async ({ client, out }: Session, [prediction]: [string]) => {
        const { rows } = await client.deployments.getPrediction({ prediction });
        const first = rows[0];
        const version =
          first === undefined
            ? undefined
            : await client.registry.getVersion({ model: first.model, version: first.version });
        out.answer({ rows, version }, () =>
          [
            ...rows.map(
              (row) =>
                `${row.id}  ${row.deployment}  ${String(row.prediction.value)}  ${JSON.stringify(row.record)}`,
            ),
            `model    ${first?.model} version ${first?.version}`,
            `run      ${version?.run ?? "none"}`,
            `pipeline ${version?.pipelineRun ? `${version.pipelineRun.pipeline} ${version.pipelineRun.number}` : "none"}`,
            `data     ${version?.record.data.map((one) => `${one.dataset ?? one.name}@${one.digest.slice(0, 6)}`).join(", ") || "none"}`,
          ].join("\n"),
        );
      }),
    );
}

/** What is kept of a deployment's predictions. */
type Kept = { key?: string; keep?: string };

const DAY_MS = 86_400_000;

function settingsOf({ key, keep }: Kept): { key?: string | null; retentionDays?: number | null } {
  return {
    ...(key === undefined ? {} : { key: key === "none" ? null : key }),
    ...(keep === undefined ? {} : { retentionDays: daysOf(keep) }),
  };
}

function daysOf(keep: string): number | null {
  if (keep === "forever") return null;
  const days = (durationMs(keep) ?? Number.NaN) / DAY_MS;
  if (Number.isInteger(days) && days >= 1) return days;
  throw fail("INVALID_FIELD", {
    message: `--keep ${keep} is no number of days`,
    field: "--keep",
    value: keep,
    help: 'write for example --keep "90 days", or --keep forever',
  });
}

function nothingToChange(deployment: string) {
  return fail("INVALID_FIELD", {
    message: "nothing was said that should change",
    field: "--serve",
    help: `causeway deployments switch ${deployment} --serve <model@version>, --key <column> or --keep <time>`,
  });
}

/** Waits until the gateways serve what was asked for, and says how it went. */
async function untilReady({ client, out }: Session, name: string, startedAt: number): Promise<void> {
  let askedAt = performance.now();
  let deployment: Deployment = await client.deployments.getDeployment({ deployment: name });
  while (deployment.state === "pending") {
    const { waitsFor = null } = deployment;
    // A version that is being prepared may take minutes to install its packages; gateways are given theirs after that.
    if (waitsFor !== null) askedAt = performance.now();
    if (performance.now() - askedAt > READY_MS) {
      throw fail("UNAVAILABLE", {
        message: `no gateway has made ${name} ready within ${READY_MS / 1000} s`,
        help: `causeway deployments show ${name}`,
      });
    }
    const gateways = deployment.gateways.map((one) => `${one.gateway} ${one.state}`).join(", ");
    out.progress.update(`${name}: ${waitsFor ?? (gateways || "waiting for a gateway")}`);
    await new Promise((resolve) => setTimeout(resolve, waitsFor === null ? 50 : 300));
    deployment = await client.deployments.getDeployment({ deployment: name });
  }
  out.progress.done();
  const problem = deployment.waitsFor ?? deployment.gateways.find((one) => one.problem !== null)?.problem;
  if (deployment.state === "failed") {
    throw fail("BAD_MODEL", {
      message: `${name} cannot serve ${deployment.serve}: ${problem ?? "a gateway refused it"}`,
      help: `causeway deployments show ${name}`,
    });
  }
  const golden = deployment.gateways.find((one) => one.golden !== null)?.golden;
  const equal = golden ? `, golden rows ${golden.equal} of ${golden.rows} equal` : "";
  const example = JSON.stringify(deployment.example ?? {}).replaceAll("'", "'\\''");
  out.answer(deployment, () =>
    [
      `  ${name}: ready in ${duration(performance.now() - startedAt)}${equal}`,
      `  curl -H "Authorization: Bearer $(npx --no causeway key ${name})" ${deployment.url} -d '${example}'`,
    ].join("\n"),
  );
}

function parseRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value));
  } catch (cause) {
    throw notARecord(text, cause);
  }
  throw notARecord(text);
}

function notARecord(text: string, cause?: unknown) {
  return fail("INVALID_FIELD", {
    message: "the record is not a JSON object",
    field: "record",
    value: text,
    help: "write one object in single quotes, for example '{\"tenure\": 3}'",
    cause,
  });
}
