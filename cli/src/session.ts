import { createClient, type NodeClient } from "@causeway/sdk";
import type { Command } from "commander";
import { type Output, outputOf } from "./output.ts";

/** What every command works with. */
export type Session = { client: NodeClient; out: Output; options: SharedOptions };

/** Options that every command takes. */
export type SharedOptions = {
  json?: boolean;
  url?: string;
  token?: string;
  project?: string;
  env?: "dev" | "staging" | "prod";
  dataDir?: string;
};

/** Opens the session of a command from the options of it and its parents. */
export function openSession(command: Command): Session {
  const options = command.optsWithGlobals<SharedOptions>();
  const client = createClient({
    url: options.url,
    token: options.token,
    project: options.project,
    environment: options.env,
    dataDir: options.dataDir,
  });
  return { client, out: outputOf(options), options };
}

/** Makes a commander action of a function of the session, the positional arguments and the options. */
export function action<Arguments extends unknown[], Options>(
  run: (session: Session, given: Arguments, options: Options) => Promise<void>,
) {
  return async (...received: unknown[]) => {
    // commander's contract: positional arguments first, then the options, then the command.
    const command = received.at(-1) as Command;
    const options = received.at(-2) as Options;
    const given = received.slice(0, -2) as Arguments; // what stands before the two
    await run(openSession(command), given, options);
  };
}

/** Every item of a list, page after page, up to `limit`. */
export async function all<Item>(
  fetchPage: (paging: { limit: number; after?: string }) => Promise<{ items: Item[]; next: string | null }>,
  limit = 1000,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const wanted = Math.min(1000, limit - items.length);
    const page = await fetchPage({ limit: wanted, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined && items.length < limit);
  return items;
}

/** `name@version` taken apart; without `@` the version is `latest`. */
export function reference(text: string): { name: string; version: string } {
  const at = text.lastIndexOf("@");
  return at < 0
    ? { name: text, version: "latest" }
    : { name: text.slice(0, at), version: text.slice(at + 1) };
}
