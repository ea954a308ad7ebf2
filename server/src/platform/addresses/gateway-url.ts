import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const UpFile = z.object({ gatewayUrl: z.string() });
const GatewayFile = z.object({ port: z.int(), host: z.string().default("127.0.0.1") });

/** Where predictions are sent: what `up` wrote into the data folder, else what a gateway itself did; null without either. */
export async function readGatewayUrl(dataDir: string): Promise<string | null> {
  const up = UpFile.safeParse(await readJson(join(dataDir, "up.json")));
  if (up.success) return up.data.gatewayUrl;
  const folder = join(dataDir, "gateway");
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.endsWith(".json")).sort()) {
    const gateway = GatewayFile.safeParse(await readJson(join(folder, name)));
    if (gateway.success) return `http://${gateway.data.host}:${gateway.data.port}`;
  }
  return null;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    // Absent, or being written: as good as not there.
    return undefined;
  }
}
