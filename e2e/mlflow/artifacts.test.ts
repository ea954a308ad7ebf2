import { chmod, open, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Running } from "../src/causeway.ts";
import { describeCases } from "./run-cases.ts";

/** What each case of the script promises, by its function's name. */
const CLAIMS = {
  sizes: "E1/artifacts of no byte, one byte and 300 MB come back byte for byte",
  folders: "E1/artifacts in folders are logged, listed level by level and downloaded whole",
  kinds: "E1/artifacts of text, JSON, figures, images and tables are logged and read back",
  parts: "E1/artifacts that are large come in parts, several at once",
  ranges: "E1/artifacts are read in ranges, each block of them verified",
  deletion: "E1/artifacts and folders of them are deleted",
  clashes: "E1/artifacts are no file where a folder is, and the other way round",
} as const;

describeCases("files of the unmodified MLflow client", {
  scripts: ["artifact_cases.py"],
  claims: CLAIMS,
  more: changedFiles,
});

function changedFiles(running: () => Running): void {
  it("E1/artifacts whose bytes the disk has changed are cut off before their end, whole or in ranges", async () => {
    const { client, dataDir, url } = running();
    const [run] = (await client.experiments.listRuns({ limit: 100 })).items;
    if (run === undefined) throw new Error("The cases made no run");
    const content = Buffer.alloc(3 * 1024 * 1024, "precious ");
    const { digest } = await client.experiments.uploadArtifact(
      { run: run.id, path: "precious.bin" },
      content,
    );
    const file = join(dataDir, "artifacts", "sha256", digest.slice(0, 2), digest);
    expect((await stat(file)).mode & 0o777).toBe(0o444);
    await chmod(file, 0o600);
    const handle = await open(file, "r+");
    await handle.write("!", 2 * 1024 * 1024 + 1);
    await handle.close();
    const token = (await readFile(join(dataDir, "admin-token"), "utf8")).trim();
    const path = `/api/2.0/mlflow-artifacts/artifacts/0/${run.id}/artifacts/precious.bin`;
    const fetched = (range?: string) =>
      download(new URL(path, url), { authorization: `Bearer ${token}`, ...(range ? { range } : {}) });
    expect(await fetched()).toMatchObject({ status: 200, whole: false });
    expect(await fetched("bytes=1048576-3145727")).toMatchObject({ status: 206, whole: false });
    // Nothing was sent yet, so that the answer can still say what is wrong.
    expect(await fetched("bytes=2097152-2097160")).toMatchObject({ status: 500 });
    expect(await fetched("bytes=0-99")).toEqual({ status: 206, whole: true, bytes: 100 });
  });
}

/** Reads an answer as far as it comes. */
function download(
  url: URL,
  headers: Record<string, string>,
): Promise<{ status: number; whole: boolean; bytes: number }> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const sent = request(url, { headers, agent: false }, (answer) => {
      answer.on("data", (piece: Buffer) => {
        bytes += piece.length;
      });
      const status = answer.statusCode ?? 0;
      answer.once("error", () => resolve({ status, whole: false, bytes }));
      answer.once("end", () => resolve({ status, whole: answer.complete, bytes }));
    });
    sent.once("error", reject);
    sent.end();
  });
}
