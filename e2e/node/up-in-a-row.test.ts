import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { processesOf, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";

const IN_A_ROW = 5;
/** Generous: the number is measured by `bench/start.ts`, on a machine that does nothing else. */
const SLOWEST_MS = 10_000;

it("X1/up answers with the team's database before worker and gateway run, server after server, and leaves nothing behind", async () => {
  const base = await startCauseway();
  const folder = await temporaryFolder();
  const socket = await realpath(join(base.dataDir, "postgres"));
  const variables = {
    DATABASE_URL: `postgres://causeway@localhost:5432/causeway?host=${encodeURIComponent(socket)}&sslmode=disable`,
  };
  const args = ["--no-auth", "--artifact-root", `file://${join(folder, "files")}`];
  try {
    for (let number = 1; number <= IN_A_ROW; number += 1) {
      const dataDir = join(folder, String(number));
      const server = await startCauseway({ dataDir, args, variables });
      expect(server.readyMs).toBeLessThan(SLOWEST_MS);
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      const put = await fetch(`${server.url}/api/2.0/mlflow-artifacts/artifacts/row/${number}.txt`, {
        method: "PUT",
        body: `file ${number}`,
      });
      expect(put.status).toBe(200);
      // The first is left the time to start everything; the others end while they are still starting.
      if (number === 1) await expect.poll(server.processes, { timeout: 60_000 }).toHaveProperty("g1");
      expect(await server.stop()).toBe(0);
      expect(processesOf(dataDir)).toEqual([]);
    }
    const listed = await startCauseway({ dataDir: join(folder, "last"), args, variables });
    const answer = await fetch(`${listed.url}/api/2.0/mlflow-artifacts/artifacts?path=row`);
    expect(await answer.json()).toMatchObject({ files: expect.objectContaining({ length: IN_A_ROW }) });
    const first = await fetch(`${listed.url}/api/2.0/mlflow-artifacts/artifacts/row/1.txt`);
    expect(await first.text()).toBe("file 1");
    await listed.stop();
  } finally {
    await base.stop();
    await removeFolder(base.dataDir);
    await removeFolder(folder);
  }
});
