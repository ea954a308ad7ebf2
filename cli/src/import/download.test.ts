import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createMlflowAnswers } from "./mlflow-answers.ts";
import { openScratchFolder } from "./scratch-folder.ts";

const CONTENT = randomBytes(3_000_000);
const DIGEST = createHash("sha256").update(CONTENT).digest("hex");
const ABSENT_PID = 2 ** 22 + 1; // above the largest that Linux gives

type Answer = (request: IncomingMessage, response: ServerResponse, asked: number) => void;

describe("download", () => {
  let folder: string;
  let server: Server;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "causeway-download-"));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A server that gives a file its own way, and all else as MLflow would. */
  async function answering(answer: Answer) {
    let asked = 0;
    server = createServer((request, response) => {
      if (request.url?.startsWith("/file") !== true) return void response.end("{}");
      asked += 1;
      answer(request, response, asked);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const answers = createMlflowAnswers({
      url: `http://127.0.0.1:${port}`,
      authorization: undefined,
      openScratch: () => openScratchFolder(folder, { pid: process.pid, newId: () => "a" }),
      patience: { tries: 3, firstWaitMs: 1, answerMs: 400, stallMs: 200 },
    });
    const fetched = (bytes: number | null = CONTENT.length) =>
      answers.file({ path: "model.bin", bytes, from: "/file" }).open();
    return { answers, fetched, asked: () => asked };
  }

  const left = async () => (await readdir(folder, { recursive: true })).filter((name) => /\/\d+$/.test(name));

  it("goes on where the connection broke, when the server can", async () => {
    const ranges: (string | undefined)[] = [];
    const { answers, fetched } = await answering((request, response, asked) => {
      ranges.push(request.headers.range);
      const from = Number(/\d+/.exec(request.headers.range ?? "0")?.[0]);
      response.writeHead(from === 0 ? 200 : 206, {
        etag: '"one"',
        "content-length": CONTENT.length - from,
        ...(from === 0 ? {} : { "content-range": `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` }),
      });
      if (asked > 5) return void response.end(CONTENT.subarray(from));
      response.write(CONTENT.subarray(from, from + 500_000), () => setTimeout(() => response.destroy(), 20));
    });
    const { blob, digest, close } = await fetched();
    expect(digest).toBe(DIGEST);
    expect(Buffer.from(await blob.arrayBuffer()).equals(CONTENT)).toBe(true);
    expect(ranges[0]).toBeUndefined();
    // How much of what was sent arrives before a break is the system's to say.
    const starts = ranges.slice(1).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1]));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts.at(-1)).toBeGreaterThan(0);
    await close();
    expect(await left()).toEqual([]);
    await answers.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("begins anew where the file changed meanwhile, or the server cannot give the rest", async () => {
    const { fetched } = await answering((request, response, asked) => {
      expect(request.headers["if-range"]).toBe(asked === 2 ? '"old"' : undefined);
      response.writeHead(200, { etag: asked === 1 ? '"old"' : 'W/"new"', "content-length": CONTENT.length });
      if (asked > 2) return void response.end(CONTENT);
      const other = randomBytes(700_000 + asked);
      response.write(other, () => setTimeout(() => response.destroy(), 20));
    });
    expect((await fetched()).digest).toBe(DIGEST);
  });

  it("takes fewer bytes than were promised for a broken transfer", async () => {
    const { fetched, asked } = await answering((_request, response) => {
      response.end(CONTENT.subarray(0, 1000));
    });
    await expect(fetched()).rejects.toMatchObject({
      code: "BAD_DATA",
      message: expect.stringContaining("no whole file in 3 tries: it ended after 1000 of 3000000 bytes"),
    });
    expect(asked()).toBe(3);
    expect(await left()).toEqual([]);
  });

  it("takes a file that grew since it was listed, and an empty one", async () => {
    const { fetched } = await answering((_request, response, asked) => {
      response.end(asked === 1 ? CONTENT : "");
    });
    expect((await fetched(1000)).digest).toBe(DIGEST);
    expect((await fetched(0)).blob.size).toBe(0);
  });

  it("gives up a connection on which nothing comes", async () => {
    const { fetched, asked } = await answering((_request, response, asked) => {
      response.writeHead(200, { "content-length": CONTENT.length });
      if (asked === 1) return void response.write(CONTENT.subarray(0, 1000));
      if (asked > 2) response.end(CONTENT);
    });
    expect((await fetched()).digest).toBe(DIGEST);
    expect(asked()).toBe(3);
  });

  it("tells a file that is refused from one whose server fails, and a server that is gone from both", async () => {
    const { answers, fetched, asked } = await answering((_request, response, asked) => {
      response.writeHead(asked === 1 ? 404 : 500).end("no such file");
    });
    await expect(fetched()).rejects.toMatchObject({
      code: "BAD_DATA",
      message: expect.stringContaining("404"),
    });
    expect(asked()).toBe(1);
    await expect(fetched()).rejects.toMatchObject({
      code: "BAD_DATA",
      message: expect.stringContaining("500"),
    });
    expect(asked()).toBe(4);
    server.closeAllConnections();
    server.close();
    await expect(fetched()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(answers.json(z.unknown(), "/x")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("removes what a killed import left, and nothing of one that lives", async () => {
    await answering((_request, response) => response.end());
    const open = (pid: number, id: string) => openScratchFolder(folder, { pid, newId: () => id });
    await open(process.ppid, "alive");
    await open(ABSENT_PID, "dead");
    const names = async () => (await readdir(folder)).map((name) => name.split("-").at(-1)).sort();
    expect(await names()).toEqual(["alive", "dead"]);
    const { newFile } = await open(process.pid, "mine");
    expect(await names()).toEqual(["alive", "mine"]);
    await expect(readFile(newFile())).rejects.toThrow("ENOENT");
  });
});
