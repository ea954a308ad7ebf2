import { once } from "node:events";
import { pino } from "pino";
import { z } from "zod";
import { startEmbedded } from "../src/platform/database/index.ts";

/**
 * A program of its own that holds an embedded database, so that tests can kill it or run it as another account. It prints
 * one line of JSON when the server is ready or refused, and stops the server when its standard input ends.
 */
const Options = z.object({ dataDir: z.string(), sharedFolder: z.string() });

try {
  const embedded = await startEmbedded({
    ...Options.parse(JSON.parse(process.argv[2] ?? "")),
    log: pino({ level: "silent" }),
  });
  const { url, pid, created, adopted } = embedded;
  process.stdout.write(`${JSON.stringify({ url, pid, created, adopted })}\n`);
  process.stdin.resume();
  await once(process.stdin, "end");
  await embedded.stop();
} catch (error) {
  const { code, message } = z.object({ code: z.string(), message: z.string() }).parse(error);
  process.stdout.write(`${JSON.stringify({ code, message })}\n`);
}
