import { setTimeout as pause } from "node:timers/promises";
import { type Approval, type Estimate, fail, type Gate, type GateRequest } from "@causeway/contract";
import { type Command, Option } from "commander";
import { EXIT } from "../exit-codes.ts";
import { metric } from "../formats.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";
import { aliasOf, versionOf } from "./alias-reference.ts";
import { type RuleOptions, rulesOf } from "./gate-rules.ts";

const LOOK_EVERY_MS = 200;

const repeated = (text: string, given: string[]) => [...given, text];

/** `causeway registry gate`, `gates`, `rule`, `request`, `approvals`, `approve` and `reject`. */
export function addGateCommands(registry: Command): void {
  registry
    .command("gate <model@version>")
    .description("judge a version against another on the same rows; exit code 3 where it is refused")
    .requiredOption("--rows <dataset@version>", "rows with truth that neither version was trained on")
    .option("--against <version>", "number or alias of the other version, or none", "champion")
    .option("--target <column>", "the column that holds the truth; the signature's unless said")
    .option(
      "--better <metric[:by]>",
      "better beyond chance, for example auc or auc:0.005; repeatable",
      repeated,
      [],
    )
    .option("--not-worse <metric[:by]>", "not worse by more than that; repeatable", repeated, [])
    .option(
      "--at-least <metric:value[@column]>",
      "a floor, also in each value of a column, for example recall:0.6@Contract; repeatable",
      repeated,
      [],
    )
    .option("--agrees [mean]", "answers like the other version, as a refit should")
    .option("--least-rows <count>", "so many judged rows at least")
    .option("--confidence <share>", "of the intervals", "0.95")
    .option("--no-wait", "do not wait for the end")
    .action(action(gate));
  registry
    .command("gates <model@version>")
    .description("gates that judged a version, newest first")
    .action(
      action(async ({ client, out }: Session, [text]: [string]) => {
        const version = versionOf(text);
        const items = await all((paging) => client.registry.listGates({ ...version, ...paging }));
        out.answer({ items }, () =>
          table(
            ["gate", "against", "rows", "passed", "what it found", "at"],
            items.map((one) => [
              one.id,
              one.champion ?? "none",
              one.rows,
              one.passed === null ? one.state : one.passed ? "yes" : "no",
              one.summary ?? one.problem,
              one.createdAt,
            ]),
            ["rows"],
          ),
        );
      }),
    );
  registry
    .command("rule <model@alias>")
    .description("show or say who may move an alias")
    .addOption(
      new Option("--approval <by>", "whether a person must approve").choices(["automatic", "person"]),
    )
    .option("--four-eyes", "the person is not the one who asked or wrote the policy that asked")
    .option("--expires <time>", 'how long a request waits, for example "7 days"')
    .action(action(rule));
  registry
    .command("request <model@alias> <version>")
    .description("ask for an alias to be moved to a version")
    .option("--gate <id>", "the gate that the version passed")
    .option("--summary <text>", "one sentence for the person who decides")
    .action(
      action(
        async (
          { client, out }: Session,
          [reference, version]: [string, string],
          options: { gate?: string; summary?: string },
        ) => {
          const asked = await client.registry.requestApproval({
            ...aliasOf(reference),
            version: Number(version),
            ...options,
          });
          out.answer(asked, () =>
            asked.state === "approved"
              ? `${reference} is version ${asked.version}: its rule is automatic`
              : `asked until ${asked.expiresAt}: ${asked.url}\n  causeway registry approve ${asked.id} --reason "…"`,
          );
        },
      ),
    );
  registry
    .command("approvals")
    .description("requests for approval, newest first")
    .addOption(
      new Option("--state <state>", "only those in a state").choices([
        "pending",
        "approved",
        "rejected",
        "expired",
        "withdrawn",
      ]),
    )
    .option("--model <name>", "only those of a model")
    .action(
      action(async ({ client, out }: Session, _: [], options: Pick<Partial<Approval>, "state" | "model">) => {
        const items = await all((paging) => client.registry.listApprovals({ ...options, ...paging }));
        out.answer({ items }, () =>
          table(
            ["request", "state", "move", "why", "asked by", "expires", "decided by", "reason"],
            items.map((one) => [
              one.id,
              one.state,
              `${one.model}@${one.alias} ${one.current ?? "–"} → ${one.version}`,
              one.summary,
              one.requestedBy.name,
              one.state === "pending" ? one.expiresAt : null,
              one.decidedBy?.name,
              one.reason,
            ]),
          ),
        );
      }),
    );
  for (const decision of ["approve", "reject"] as const) {
    registry
      .command(`${decision} <request>`)
      .description(decision === "approve" ? "approve a request: the alias moves at once" : "reject a request")
      .option("--reason <text>", "recorded with the decision", "")
      .option("--digest <sha256>", "decide only where the request is about this content")
      .action(
        action((session: Session, [approval]: [string], options: { reason: string; digest?: string }) =>
          decide(session, { approval, decision, ...options }),
        ),
      );
  }
}

type GateOptions = RuleOptions & { rows: string; against: string; target?: string; wait: boolean };

async function gate({ client, out }: Session, [text]: [string], options: GateOptions): Promise<void> {
  const { rows, target } = options;
  const started = await client.registry.startGate({
    ...versionOf(text),
    rows,
    against: againstOf(options.against),
    rules: rulesOf(options),
    ...(target === undefined ? {} : { target }),
  });
  let found: Gate = started;
  while (options.wait && (found.state === "queued" || found.state === "running")) {
    out.progress.update(`${text} is being judged: ${found.state}`);
    await pause(LOOK_EVERY_MS);
    found = await client.registry.getGate({ gate: started.id });
  }
  out.answer(found, show);
  if (found.passed === false) process.exitCode = EXIT.refused;
  if (found.state === "failed" || found.state === "cancelled") process.exitCode = EXIT.failed;
}

function againstOf(text: string): NonNullable<GateRequest["against"]> | null {
  if (text === "none") return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}

function show(found: Gate): string {
  const title = `${found.model} version ${found.version} against ${found.champion === null ? "no version" : `version ${found.champion}`}`;
  if (found.problem !== null) {
    const help = found.failure?.help ?? null;
    return [`${title}: not judged`, found.problem, ...(help === null ? [] : [help])].join("\n  ");
  }
  if (found.passed === null) return `${title}: ${found.state}, gate ${found.id}`;
  return [
    `${title} on ${found.rows} rows of ${found.dataset}@${found.datasetVersion.slice(0, 6)}: ${found.passed ? "passed" : "refused"}`,
    table(
      ["rule", "passed", "challenger", "champion", "difference", "why"],
      found.verdicts.map(({ rule: asked, passed, challenger, champion, difference, reason }) => [
        "metric" in asked ? `${asked.rule} ${asked.metric}` : asked.rule,
        passed ? "yes" : "no",
        estimate(challenger),
        estimate(champion),
        estimate(difference),
        reason,
      ]),
    ),
    `gate ${found.id}`,
  ].join("\n");
}

function estimate(one: Estimate | null): string | null {
  if (one === null) return null;
  const interval =
    one.low === null || one.high === null ? "" : ` (${metric(one.low)} to ${metric(one.high)})`;
  return `${metric(one.value)}${interval}`;
}

type RuleChange = { approval?: "automatic" | "person"; fourEyes?: boolean; expires?: string };

async function rule({ client, out }: Session, [reference]: [string], options: RuleChange): Promise<void> {
  const key = aliasOf(reference);
  const { approval, fourEyes, expires } = options;
  const known = await client.registry.getAliasRule(key);
  const asksChange = approval !== undefined || fourEyes !== undefined || expires !== undefined;
  const result = asksChange
    ? await client.registry.setAliasRule({
        ...key,
        approval: approval ?? known.approval,
        // Said with the rule, so that turning to a person without four eyes is possible too.
        fourEyes: fourEyes ?? (approval === undefined && known.fourEyes),
        expiresAfter: expires ?? known.expiresAfter,
      })
    : known;
  out.answer(result, () =>
    result.approval === "automatic"
      ? `${reference} moves by itself`
      : `${reference} moves by a person's approval${result.fourEyes ? ", not of the one who asked" : ""}; a request waits ${result.expiresAfter}`,
  );
}

type Decision = { approval: string; decision: "approve" | "reject"; reason: string; digest?: string };

async function decide({ client, out }: Session, given: Decision): Promise<void> {
  const { approval, decision, reason } = given;
  const asked = await client.registry.getApproval({ approval });
  if (given.digest !== undefined && !asked.digest.startsWith(given.digest)) {
    throw fail("CONFLICT", {
      message: `the request is about ${asked.digest.slice(0, 12)}, not ${given.digest}`,
      field: "--digest",
      value: given.digest,
      help: "look at the request again: causeway registry approvals",
    });
  }
  const decided = await client.registry.decideApproval({ approval, decision, digest: asked.digest, reason });
  out.answer(decided, () =>
    decided.state === "approved"
      ? `approved: ${decided.model}@${decided.alias} is version ${decided.version} now`
      : `rejected: ${decided.model}@${decided.alias} stays ${decided.current === null ? "as it was" : `version ${decided.current}`}`,
  );
}
