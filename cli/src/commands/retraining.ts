import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type Cycle, fail, type Policy, type TimelineEntry } from "@causeway/contract";
import { type Command, Option } from "commander";
import { EXIT } from "../exit-codes.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";
import { type PolicyOptions, policySettings } from "./policy-settings.ts";

const LOOK_EVERY_MS = 500;

const repeated = (text: string, given: string[]) => [...given, text];

/** `causeway retraining …`. */
export function addRetrainingCommands(program: Command): void {
  const retraining = program
    .command("retraining")
    .description("policies that retrain by themselves: create, watch, stop");
  retraining
    .command("create <deployment>")
    .description(
      "retrain a deployment's model when conditions hold, and put it into service when it is better",
    )
    .option("--name <policy>", "the policy's name; the deployment's unless said")
    .option("--pipeline <name>", "a deployed pipeline that registers the deployment's model")
    .option(
      "--param <name>",
      "the pipeline's dataset param that gets the fresh rows; the only one unless said",
    )
    .option(
      "--target <column>",
      "the column of those rows that holds the truth; what the model's signature or report says unless said",
    )
    .option("--monitor <name>", "the monitor whose windows it follows; the deployment's only one unless said")
    .option(
      "--when <triggers>",
      'drift, performance:0.05, performance:0.05:300, labels:5000, cron:"0 3 * * MON"@Asia/Ho_Chi_Minh, with commas between; repeatable',
      repeated,
      [],
    )
    .option(
      "--cooldown <time>",
      'event time between two cycles, for example "3 days"; two windows unless said',
    )
    .option("--budget <count/span>", "trainings at most, for example 2/month")
    .option(
      "--gate <rule>",
      "better:auc:0.005, not-worse:auc:0.01, at-least:recall:0.6@Contract, rows:500; repeatable",
      repeated,
      [],
    )
    .addOption(new Option("--approve <by>", "who lets the new version serve").choices(["rule", "person"]))
    .option("--four-eyes", "a person who did not write this policy")
    .option("--expires <time>", 'how long a request waits for its decision, for example "7 days"')
    .option("--data <window>", 'rows to learn from: auto, all, or for example "8 weeks"')
    .option("--confirm <windows>", "windows with truth that can send the new version back")
    .option("--notify <channel>", "channel that is told; repeatable", repeated, [])
    .option("--settings <file>", "all of it as JSON; options win")
    .action(action(create));
  retraining
    .command("list")
    .description("policies of the environment")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.retraining.listPolicies(paging));
        out.answer({ items }, () =>
          table(
            ["policy", "deployment", "retrains", "cycles", "newest", "trainings", "held back"],
            items.map((one) => [
              one.name,
              one.deployment,
              one.settings.retrain,
              one.cycles,
              one.newest?.state,
              `${one.trainings.used} of ${one.trainings.of} per ${one.trainings.per}`,
              one.paused ? "paused" : one.held,
            ]),
            ["cycles"],
          ),
        );
      }),
    );
  retraining
    .command("show <policy>")
    .description("a policy with its newest cycle and what holds it back")
    .action(
      action(async ({ client, out }: Session, [policy]: [string]) => {
        out.answer(await client.retraining.getPolicy({ policy }), policyText);
      }),
    );
  retraining
    .command("run <policy>")
    .description("retrain now, whatever the triggers say; exit code 3 where the gate refused")
    .option("--reason <text>", "why", "")
    .option("--no-wait", "do not wait until the new version serves or the cycle ends")
    .action(action(run));
  retraining
    .command("cycles [policy]")
    .description("cycles of one policy or of all, newest first")
    .action(
      action(async ({ client, out }: Session, [policy]: [string | undefined]) => {
        const filter = policy === undefined ? {} : { policy };
        const items = await all((paging) => client.retraining.listCycles({ ...filter, ...paging }));
        out.answer({ items }, () =>
          table(
            ["cycle", "state", "why", "from", "to", "noticed", "switched"],
            items.map((one) => [
              `${one.policy} ${one.number}`,
              one.state,
              one.trigger.reason,
              one.champion,
              one.candidate ?? one.challenger,
              one.noticedAt,
              one.switchedAt,
            ]),
            ["from", "to"],
          ),
        );
      }),
    );
  retraining
    .command("cycle <policy> <number>")
    .description("a cycle with its stations")
    .action(
      action(async ({ client, out }: Session, [policy, number]: [string, string]) => {
        out.answer(await client.retraining.getCycle({ policy, number: Number(number) }), cycleText);
      }),
    );
  retraining
    .command("timeline <policy>")
    .description("the whole story, newest first")
    .option("--cycle <number>", "of one cycle alone")
    .option("--limit <count>", "how many lines", "50")
    .action(
      action(
        async ({ client, out }: Session, [policy]: [string], options: { cycle?: string; limit: string }) => {
          const filter = options.cycle === undefined ? {} : { cycle: Number(options.cycle) };
          const items = await all(
            (paging) => client.retraining.getTimeline({ policy, ...filter, ...paging }),
            Number(options.limit),
          );
          out.answer({ items }, () => timelineText(items));
        },
      ),
    );
  retraining
    .command("cancel <policy> <number>")
    .description("stop a cycle; what serves stays")
    .action(
      action(async ({ client, out }: Session, [policy, number]: [string, string]) => {
        out.answer(await client.retraining.cancelCycle({ policy, number: Number(number) }), cycleText);
      }),
    );
  retraining
    .command("roll-back <policy> <number>")
    .description("give the alias back to the version that served before a cycle")
    .option("--reason <text>", "why", "")
    .action(
      action(async ({ client, out }: Session, given: [string, string], { reason }: { reason: string }) => {
        const [policy, number] = given;
        const cycle = await client.retraining.rollBackCycle({ policy, number: Number(number), reason });
        out.answer(cycle, cycleText);
      }),
    );
  for (const [verb, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    retraining
      .command(`${verb} <policy>`)
      .description(paused ? "start no cycle by itself" : "start cycles by itself again")
      .action(
        action(async ({ client, out }: Session, [policy]: [string]) => {
          out.answer(await client.retraining.updatePolicy({ policy, paused }), policyText);
        }),
      );
  }
  retraining
    .command("delete <policy>")
    .description("end a policy; its story stays")
    .action(
      action(async ({ client, out }: Session, [policy]: [string]) => {
        await client.retraining.deletePolicy({ policy });
        out.answer({}, () => `${policy} is deleted`);
      }),
    );
}

type CreateOptions = PolicyOptions & { name?: string; monitor?: string; settings?: string };

async function create(
  { client, out }: Session,
  [deployment]: [string],
  options: CreateOptions,
): Promise<void> {
  const settings = policySettings(readSettings(options.settings), options);
  const { name = deployment, monitor } = options;
  const policy = await client.retraining.createPolicy({
    name,
    deployment,
    ...(monitor === undefined ? {} : { monitor }),
    settings,
  });
  out.answer(policy, policyText);
}

async function run(
  { client, out }: Session,
  [policy]: [string],
  { reason, wait }: { reason: string; wait: boolean },
): Promise<void> {
  let cycle = await client.retraining.startCycle({ policy, reason });
  while (wait && cycle.state === "running") {
    const open = cycle.steps.find(({ state }) => state === "running" || state === "held");
    out.progress.update(`cycle ${cycle.number}: ${open?.text ?? open?.name ?? "begins"}`);
    await pause(LOOK_EVERY_MS);
    cycle = await client.retraining.getCycle({ policy, number: cycle.number });
  }
  out.progress.done();
  out.answer(cycle, cycleText);
  if (cycle.state === "refused") process.exitCode = EXIT.refused;
  else if (["failed", "rejected", "expired"].includes(cycle.state)) process.exitCode = EXIT.failed;
}

function policyText(policy: Policy): string {
  const { used, of, per } = policy.trainings;
  return [
    `${policy.name}  ${policy.paused ? "paused" : "active"}  ${policy.cycles} cycles, ${used} of ${of} trainings this ${per}`,
    policy.sentence,
    ...(policy.held === null ? [] : [`Held back: ${policy.held}`]),
    ...(policy.newest === null ? [] : ["", cycleText(policy.newest)]),
  ].join("\n");
}

function cycleText(cycle: Cycle): string {
  return [
    `${cycle.policy} cycle ${cycle.number}  ${cycle.state}`,
    table(
      ["station", "state", "what happened"],
      cycle.steps.map((step) => [step.name, step.state, step.text]),
    ),
    ...(cycle.problem === null ? [] : [`Problem: ${cycle.problem}`]),
  ].join("\n");
}

function timelineText(items: readonly TimelineEntry[]): string {
  return table(
    ["event time", "cycle", "what", "story", "by"],
    items.map((one) => [one.occurredAt ?? one.recordedAt, one.cycle, one.kind, one.text, one.actor.name]),
    ["cycle"],
  );
}

function readSettings(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value));
  } catch (cause) {
    throw notSettings(file, cause);
  }
  throw notSettings(file);
}

function notSettings(file: string, cause?: unknown): Error {
  return fail("INVALID_FIELD", {
    message: `${file} is not a file with one JSON object`,
    field: "--settings",
    value: file,
    help: 'write for example {"retrain": "churn", "when": [{"on": "drift"}]}',
    cause,
  });
}
