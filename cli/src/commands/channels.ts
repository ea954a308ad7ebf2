import { CHANNEL_KINDS, type ChannelKind, fail } from "@causeway/contract";
import { type Command, Option } from "commander";
import { EXIT } from "../exit-codes.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";

/** `causeway channels …`. */
export function addChannelCommands(program: Command): void {
  const channels = program.command("channels").description("where alerts and requests for approval are sent");
  channels
    .command("create <name>")
    .description("make a channel; its address is kept encrypted and never shown")
    .addOption(
      new Option("--kind <kind>", "what listens there").choices([...CHANNEL_KINDS]).makeOptionMandatory(),
    )
    .option(
      "--address <url>",
      "its address; left out, it is read from standard input, so that no shell keeps it",
    )
    .action(action(create));
  channels
    .command("list")
    .description("channels, and how the newest message to each fared")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.platform.listChannels(paging));
        out.answer({ items }, () =>
          table(
            ["channel", "kind", "host", "last message", "problem"],
            items.map(({ name, kind, host, last }) => [
              name,
              kind,
              host,
              last === null ? null : `${last.state} ${last.at}`,
              last?.problem,
            ]),
          ),
        );
      }),
    );
  channels
    .command("test <name>")
    .description("send a test message and wait for the answer")
    .action(
      action(async ({ client, out }: Session, [channel]: [string]) => {
        const sent = await client.platform.testChannel({ channel });
        out.answer(sent, () =>
          sent.state === "sent" ? `${channel} took the message` : `${channel}: ${sent.problem}`,
        );
        if (sent.state !== "sent") process.exitCode = EXIT.failed;
      }),
    );
  channels
    .command("delete <name>")
    .description("remove a channel and its address")
    .action(
      action(async ({ client, out }: Session, [channel]: [string]) => {
        await client.platform.deleteChannel({ channel });
        out.answer({}, () => `${channel} is removed`);
      }),
    );
  channels
    .command("messages")
    .description("messages that were sent, wait or failed, newest first")
    .option("--channel <name>", "only those to a channel")
    .option("--limit <count>", "how many", "30")
    .action(
      action(async ({ client, out }: Session, _: [], options: { channel?: string; limit: string }) => {
        const { limit, ...filter } = options;
        const items = await all(
          (paging) => client.platform.listNotifications({ ...filter, ...paging }),
          Number(limit),
        );
        out.answer({ items }, () =>
          table(
            ["at", "channel", "state", "title", "tried", "problem"],
            items.map((one) => [
              one.createdAt,
              one.channel,
              one.state,
              one.title,
              one.attempts,
              one.state === "sent" ? null : one.problem,
            ]),
            ["tried"],
          ),
        );
      }),
    );
}

async function create(
  { client, out }: Session,
  [name]: [string],
  options: { kind: ChannelKind; address?: string },
): Promise<void> {
  const url = (options.address ?? (await readInput())).trim();
  if (!URL.canParse(url)) {
    // The text may be a secret that was cut: it is not repeated.
    throw fail("INVALID_FIELD", {
      message: "the address of the channel is not a URL",
      field: "--address",
      help: "give the whole address, for example https://hooks.slack.com/services/…",
    });
  }
  const made = await client.platform.createChannel({ name, kind: options.kind, url });
  out.answer(made, () => `${made.name} sends to ${made.host}; try it: causeway channels test ${made.name}`);
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("address: ");
  let text = "";
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text;
}
