import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { holdDataFolder, prepareDataFolder } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "causeway-folder-"));
afterAll(() => rm(root, { recursive: true, force: true }));

describe("data folder", () => {
  it("is made for its owner's eyes only", async () => {
    const folder = await prepareDataFolder(join(root, "new", "deep"));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is refused where it cannot be written", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    await expect(prepareDataFolder(join(file, "sub"))).rejects.toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
  });

  it("is refused where no folder can be, without trying for ever", async () => {
    await expect(prepareDataFolder("/proc/causeway")).rejects.toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
  });

  it.skipIf(process.getuid?.() === 0)("is refused where its permissions forbid it", async () => {
    const folder = await prepareDataFolder(join(root, "closed"));
    await chmod(folder, 0o500);
    await expect(prepareDataFolder(folder)).rejects.toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
  });

  it("X1/held by one process, which a second one is told of", async () => {
    const folder = await prepareDataFolder(join(root, "held"));
    const first = await holdDataFolder(folder);
    await expect(holdDataFolder(folder)).rejects.toMatchObject({
      code: "DATA_DIR_HELD",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first.announce("http://127.0.0.1:7420");
    await expect(holdDataFolder(folder)).rejects.toThrow("http://127.0.0.1:7420");
    await first.release();
    const second = await holdDataFolder(folder);
    await second.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("is free again when its holder was killed, also when the number went to another process", async () => {
    const folder = await prepareDataFolder(join(root, "killed"));
    const holder = spawn("sleep", ["60"], { stdio: "ignore" });
    await once(holder, "spawn");
    const lock = join(folder, "control.lock");
    await writeFile(lock, JSON.stringify({ pid: holder.pid, startedAt: null, url: null }));
    await expect(holdDataFolder(folder)).rejects.toMatchObject({ code: "DATA_DIR_HELD" });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await (await holdDataFolder(folder)).release();
    await writeFile(lock, JSON.stringify({ pid: process.pid, startedAt: "1", url: null }));
    await (await holdDataFolder(folder)).release();
    await writeFile(lock, "cut sho");
    await (await holdDataFolder(folder)).release();
  });

  it("goes to one of many that take it from a dead holder at once", async () => {
    const folder = await prepareDataFolder(join(root, "contested"));
    await writeFile(
      join(folder, "control.lock"),
      JSON.stringify({ pid: process.pid, startedAt: "1", url: null }),
    );
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => holdDataFolder(folder)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder, "control.lock"), "utf8"))).toMatchObject({
      pid: process.pid,
    });
    expect(await readdir(folder)).toEqual(["control.lock"]);
  });
});
