import { describe, expect, it } from "vitest";
import type { Row, Tensor } from "../runtimes/index.ts";
import { createBatchQueue } from "./batch-queue.ts";

const LATE = { deadline: Number.POSITIVE_INFINITY, wanted: () => true };

/** A model that doubles, notes the size of each run, and fails on a run that holds 13. */
function doubling(runMs = 0) {
  const sizes: number[] = [];
  const run = async (rows: readonly Row[]): Promise<Tensor[]> => {
    sizes.push(rows.length);
    await new Promise((resume) => (runMs > 0 ? setTimeout(resume, runMs) : setImmediate(resume)));
    if (rows.some((row) => row[0] === 13)) throw new Error("thirteen");
    const data = Float64Array.from(rows, (row) => Number(row[0]) * 2);
    return [{ name: "out", datatype: "FP64", rowShape: [], width: 1, data }];
  };
  return { sizes, run };
}

const first = ({ tensors, from }: { tensors: readonly Tensor[]; from: number }) => tensors[0]?.data[from];

describe("batches", () => {
  it("O3/batching runs requests that came together in one go, and hands each its own rows", async () => {
    const { sizes, run } = doubling();
    const queue = createBatchQueue({ run, now: () => 0 });
    const answers = await Promise.all([1, 2, 3].map((value) => queue.submit([[value]], LATE)));
    expect(answers.map(first)).toEqual([2, 4, 6]);
    expect(sizes).toEqual([3]);
    expect(queue.counts()).toEqual({ runs: 1, rows: 3 });
  });

  it("O3/batching gathers while a run is under way, and never waits when idle", async () => {
    const { sizes, run } = doubling(5);
    const queue = createBatchQueue({ run, now: () => 0 });
    const early = queue.submit([[1]], LATE);
    await new Promise((resume) => setTimeout(resume, 2));
    const later = [2, 3, 4].map((value) => queue.submit([[value]], LATE));
    await Promise.all([early, ...later]);
    expect(sizes).toEqual([1, 3]);
  });

  it("keeps runs to their size, and puts a larger request together again", async () => {
    const { sizes, run } = doubling();
    const queue = createBatchQueue({ run, now: () => 0, batchRows: 2 });
    const [, large] = await Promise.all([
      queue.submit([[1]], LATE),
      queue.submit([[1], [2], [3], [4], [5]], LATE),
      queue.submit([[6]], LATE),
    ]);
    expect(sizes).toEqual([1, 2, 2, 2]);
    expect([...(large.tensors[0]?.data ?? [])]).toEqual([2, 4, 6, 8, 10]);
    expect(large.from).toBe(0);
  });

  it("O3/bounded passes over rows whose caller went away", async () => {
    const { sizes, run } = doubling();
    const queue = createBatchQueue({ run, now: () => 0 });
    const gone = queue.submit([[1]], { ...LATE, wanted: () => false });
    const fine = queue.submit([[2]], LATE);
    await expect(gone).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await fine;
    expect(sizes).toEqual([1]);
  });

  it("fails only the request whose row fails", async () => {
    const { run } = doubling();
    const queue = createBatchQueue({ run, now: () => 0 });
    const answers = await Promise.allSettled([1, 13, 3].map((value) => queue.submit([[value]], LATE)));
    expect(answers.map((answer) => answer.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("bounds", () => {
  it("O3/bounded refuses at once what would wait beyond the bound", async () => {
    const { run } = doubling(5);
    const queue = createBatchQueue({ run, now: () => 0, mostWaitingRows: 2 });
    const running = queue.submit([[0]], LATE);
    await new Promise((resume) => setTimeout(resume, 2));
    const waiting = [queue.submit([[1]], LATE), queue.submit([[2]], LATE)];
    await expect(queue.submit([[3]], LATE)).rejects.toMatchObject({ code: "OVERLOADED" });
    await Promise.all([running, ...waiting]);
    expect(queue.waitingRows()).toBe(0);
    await expect(queue.submit([[1], [2], [3], [4]], LATE)).resolves.toBeDefined();
  });

  it("O3/deadlines gives up what waited past its deadline, and runs the rest", async () => {
    const { run, sizes } = doubling();
    let time = 0;
    const queue = createBatchQueue({ run, now: () => time });
    const late = queue.submit([[1]], { ...LATE, deadline: 10 });
    const fine = queue.submit([[2]], { ...LATE, deadline: 100 });
    time = 50;
    await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(first(await fine)).toBe(4);
    expect(sizes).toEqual([1]);
  });
});
