import { mkdtemp, rm } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listProcesses, readVariables } from "./proc-table.ts";
import { ownerMark } from "./process-mark.ts";
import { killEarlierClaims, killOrphans, treeOf } from "./process-tree.ts";
import { type ProcessLine, type ProcessRequest, runProcess } from "./run-process.ts";

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "causeway-processes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function shell(script: string, more: Partial<ProcessRequest> = {}) {
  const lines: ProcessLine[] = [];
  count += 1;
  const attempt = `test-${process.pid}-${count}.1`;
  const outcome = runProcess({
    command: "sh",
    args: ["-c", script],
    cwd: folder,
    variables: { PATH: process.env["PATH"] ?? "" },
    attempt,
    owner: ownerMark(folder),
    onLine: (line) => {
      lines.push(line);
    },
    ...more,
  });
  return { lines, outcome, attempt };
}

describe("runProcess", () => {
  it("lets background work and all that it starts stand back", async () => {
    const script = "sleep 0.2; sh -c nice";
    const [front, back] = [shell(script), shell(script, { isBackground: true })];
    await Promise.all([front.outcome, back.outcome]);
    expect([front, back].map(({ lines }) => lines[0]?.text)).toEqual([String(getPriority()), "15"]);
  });

  it("gives lines in order and the exit code", async () => {
    const { lines, outcome } = shell("echo one; echo two; echo three >&2; printf four; exit 3");
    expect(await outcome).toMatchObject({ exitCode: 3, signal: null, stoppedBy: null });
    expect(lines.filter(({ stream }) => stream === "stdout").map(({ text }) => text)).toEqual([
      "one",
      "two",
      "four",
    ]);
    expect(lines.filter(({ stream }) => stream === "stderr").map(({ text }) => text)).toEqual(["three"]);
  });

  it("inherits no variable that is not given", async () => {
    const { lines, outcome } = shell("env | cut -d= -f1 | sort | tr '\\n' ' '");
    await outcome;
    expect(lines[0]?.text.trim().split(" ")).toEqual(
      expect.not.arrayContaining(["HOME", "USER", "VITEST", "NODE_ENV"]),
    );
  });

  it("passes standard input, also to a child that does not read it", async () => {
    const { lines, outcome } = shell("cat", { stdin: "a\nb\n" });
    await outcome;
    expect(lines.map(({ text }) => text)).toEqual(["a", "b"]);
    expect(await shell("exit 0", { stdin: "x".repeat(1_000_000) }).outcome).toMatchObject({ exitCode: 0 });
  });

  it("names a program that is missing", async () => {
    const missing = shell("", { command: "no-such-program-here" });
    await expect(missing.outcome).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: /no-such-program-here/,
    });
  });

  it("kills the whole tree at the time limit, also what left the group", async () => {
    const script = "setsid sh -c 'trap \"\" TERM; sleep 60' & trap '' TERM; sleep 60";
    const { outcome, attempt } = shell(script, { limits: { timeoutMs: 300 } });
    expect(await outcome).toMatchObject({ stoppedBy: "timeout" });
    expect(treeOf({ attempt })).toEqual([]);
  });

  it("kills what a finished child left behind", async () => {
    const { outcome, attempt } = shell("setsid sleep 60 >/dev/null 2>&1 & sleep 60 & exit 0");
    expect(await outcome).toMatchObject({ exitCode: 0, stoppedBy: null });
    expect(treeOf({ attempt })).toEqual([]);
  });

  it("stops at the caller's signal and lets the child clean up", async () => {
    const controller = new AbortController();
    const { lines, outcome } = shell(
      "trap 'echo cleaned; exit 0' TERM; echo up; while true; do sleep 0.05; done",
      {
        signal: controller.signal,
      },
    );
    await expect.poll(() => lines.length).toBe(1);
    controller.abort();
    expect(await outcome).toMatchObject({ stoppedBy: "signal" });
    expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining(["up", "cleaned"]));
  });

  it("P2/disk kills a child whose folder passes its limit", async () => {
    const { outcome } = shell("dd if=/dev/zero of=big bs=1M count=20 2>/dev/null; sleep 30", {
      limits: { diskBytes: 5 * 2 ** 20, folder },
    });
    expect(await outcome).toMatchObject({ stoppedBy: "disk" });
  });

  it("P2/resources kills a child whose processes together hold too much memory", async () => {
    const script = `${process.execPath} -e 'const keep = Buffer.alloc(300e6, 1); setTimeout(() => keep, 30000)'`;
    const { outcome } = shell(script, { limits: { memoryBytes: 200e6 } });
    expect(await outcome).toMatchObject({ stoppedBy: "memory" });
  });

  it("measures CPU time, memory and bytes", async () => {
    // Until it has had the time: on a busy machine a moment of the clock is less of the processor.
    const script =
      "const keep = Buffer.alloc(200e6, 1); while (process.cpuUsage().user < 500_000); keep.length";
    const { outcome } = shell(
      `${process.execPath} -e '${script}'; cat /dev/zero | head -c 3000000 > zeros; sleep 0.4`,
    );
    const { usage } = await outcome;
    expect(usage.cpuSeconds).toBeGreaterThan(0.4);
    expect(usage.peakMemoryBytes).toBeGreaterThan(200e6);
  });

  it("makes a chatty child wait for a slow reader", async () => {
    let seen = 0;
    const { outcome } = shell("seq 1 20000", {
      onLine: async () => {
        seen += 1;
        if (seen % 5000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    await outcome;
    expect(seen).toBe(20_000);
  });

  it("fails when the reader of lines fails, after ending the child", async () => {
    const { outcome, attempt } = shell("echo x; sleep 60", {
      onLine: () => {
        throw new Error("reader broke");
      },
    });
    await expect(outcome).rejects.toThrow("reader broke");
    expect(treeOf({ attempt })).toEqual([]);
  });
});

describe("leftovers", () => {
  it("P6/orphans finds children of a dead owner by data folder and leaves others alone", async () => {
    const dead = `999999.1.${folder}`;
    const orphan = shell("sleep 60", { owner: dead });
    const foreign = shell("sleep 60", { owner: "999999.1./another/folder", limits: { timeoutMs: 1_500 } });
    await expect
      .poll(() => listProcesses().some(({ pid }) => readVariables(pid).get("CAUSEWAY_OWNER") === dead))
      .toBe(true);
    await killOrphans(folder);
    expect(await orphan.outcome).toMatchObject({ signal: "SIGKILL" });
    expect(await foreign.outcome).toMatchObject({ stoppedBy: "timeout" });
  });

  it("P6/orphans ends earlier claims of the same work only", async () => {
    const id = `work-${process.pid}`;
    const earlier = shell("sleep 60", { attempt: `${id}.1` });
    const current = shell("sleep 1", { attempt: `${id}.2` });
    await expect.poll(() => treeOf({ attempt: `${id}.1` }).length).toBeGreaterThan(0);
    await killEarlierClaims({ id, fencing: 2 });
    expect(await earlier.outcome).toMatchObject({ signal: "SIGKILL" });
    expect(await current.outcome).toMatchObject({ exitCode: 0 });
  });
});
