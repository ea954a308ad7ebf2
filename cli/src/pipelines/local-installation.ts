import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@causeway/sdk";
import type { Output } from "../output.ts";
import type { Session } from "../session.ts";
import { startInstallation } from "../up/installation.ts";

/** Runs a command in a Causeway of its own: started in a temporary folder, taken away afterwards, also on Ctrl-C. */
export async function withLocalInstallation(
  out: Output,
  run: (session: Session) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "causeway-local-"));
  const dataDir = join(folder, ".causeway");
  const options = { dataDir, host: "127.0.0.1", port: 0, gatewayPort: 0, gateways: 1, open: false };
  const installation = await startInstallation(options, (line) => out.note(line));
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
  });
  try {
    // A run needs a worker.
    await installation.serving;
    const client = createClient({ dataDir, url: installation.url });
    await Promise.race([run({ client, out, options: { dataDir } }), interrupted]);
  } finally {
    await installation.stop();
    // Root keeps its database elsewhere and only a pointer here.
    const database = await realpath(join(dataDir, "postgres")).catch(() => undefined);
    if (database !== undefined) await rm(database, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
