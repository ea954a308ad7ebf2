import { readFileSync } from "node:fs";
import { fail, WEBHOOK_EVENTS, WebhookEvent } from "@causeway/contract";
import { type Command, Option } from "commander";
import { EXIT } from "../exit-codes.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";

const repeated = (text: string, given: string[]) => [...given, text];

type Settings = {
  url?: string;
  event: string[];
  description?: string;
  secretFile?: string;
  status?: "active" | "disabled";
};

/** `causeway registry webhooks …`. */
export function addWebhookCommands(registry: Command): void {
  const webhooks = registry
    .command("webhooks")
    .description("addresses that are told of changes of models, with signed messages");
  webhooks
    .command("list")
    .description("webhooks, newest first")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.registry.listWebhooks(paging));
        out.answer({ items }, () =>
          table(
            ["webhook", "name", "address", "events", "status", "signed"],
            items.map((one) => [
              one.id,
              one.name,
              one.url,
              one.events.join(" "),
              one.status,
              one.signed ? "yes" : "no",
            ]),
          ),
        );
      }),
    );
  withSettings(webhooks.command("create <name> <url>"))
    .description("tell an address from now on")
    .action(
      action(async ({ client, out }: Session, [name, url]: [string, string], options: Settings) => {
        const made = await client.registry.createWebhook({ ...settingsOf(options), name, url });
        out.answer(made, () => `${made.name} is told of ${made.events.join(", ")}\n  ${made.id}`);
      }),
    );
  withSettings(webhooks.command("update <webhook>"))
    .description("change a webhook; what is not said stays")
    .option("--url <url>", "where messages go")
    .addOption(new Option("--status <status>", "whether messages are sent").choices(["active", "disabled"]))
    .action(
      action(async ({ client, out }: Session, [webhook]: [string], options: Settings) => {
        const { events, ...settings } = settingsOf(options);
        const changed = await client.registry.updateWebhook({
          webhook,
          ...settings,
          ...(options.event.length === 0 ? {} : { events }),
          ...(options.url === undefined ? {} : { url: options.url }),
          ...(options.status === undefined ? {} : { status: options.status }),
        });
        out.answer(changed, () => `${changed.name} is ${changed.status}`);
      }),
    );
  webhooks
    .command("delete <webhook>")
    .description("end a webhook, with its messages and its secret")
    .action(
      action(async ({ client, out }: Session, [webhook]: [string]) => {
        await client.registry.deleteWebhook({ webhook });
        out.answer({}, () => `${webhook} is removed`);
      }),
    );
  webhooks
    .command("test <webhook>")
    .description("send an example once and show what came back; exit code 1 where it did not arrive")
    .option("--event <event>", "the event to send an example of")
    .action(
      action(async ({ client, out }: Session, [webhook]: [string], options: { event?: string }) => {
        const event = options.event === undefined ? {} : { event: eventOf(options.event) };
        const trial = await client.registry.testWebhook({ webhook, ...event });
        out.answer(trial, () =>
          [
            trial.success ? "it arrived" : "it did not arrive",
            trial.status === null ? "" : `: ${trial.status}`,
            trial.problem === null ? "" : `\n  ${trial.problem}`,
          ].join(""),
        );
        if (!trial.success) process.exitCode = EXIT.failed;
      }),
    );
  webhooks
    .command("deliveries <webhook>")
    .description("messages to a webhook, newest first")
    .action(
      action(async ({ client, out }: Session, [webhook]: [string]) => {
        const items = await all((paging) => client.registry.listWebhookDeliveries({ webhook, ...paging }));
        out.answer({ items }, () =>
          table(
            ["message", "event", "state", "attempts", "answer", "problem", "at"],
            items.map((one) => [
              one.id,
              one.event,
              one.state,
              one.attempts,
              one.status,
              one.problem,
              one.createdAt,
            ]),
            ["attempts", "answer"],
          ),
        );
      }),
    );
}

function withSettings(command: Command): Command {
  return command
    .option("--event <event>", "what it is told of, new versions unless said; repeatable", repeated, [])
    .option("--description <text>", "what it is for")
    .option("--secret-file <file>", "file with the secret that messages are signed with");
}

function settingsOf({ event, description, secretFile }: Settings) {
  return {
    events: event.length === 0 ? [WEBHOOK_EVENTS[1]] : event.map(eventOf),
    ...(description === undefined ? {} : { description }),
    ...(secretFile === undefined ? {} : { secret: readFileSync(secretFile, "utf8").trim() }),
  };
}

function eventOf(text: string): WebhookEvent {
  const event = WebhookEvent.safeParse(text);
  if (event.success) return event.data;
  throw fail("INVALID_FIELD", {
    message: `${text} is no event that a webhook is told of`,
    field: "--event",
    value: text,
    help: `There are ${WEBHOOK_EVENTS.join(", ")}`,
  });
}
