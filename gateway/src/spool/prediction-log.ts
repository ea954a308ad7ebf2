import type { Logger } from "pino";
import { openSegment, type Segment } from "./segment.ts";

/** Where answered predictions are written before they are sent. */
export type PredictionLog = {
  /**
   * Writes lines (each ending in a newline) and says whether they were kept; false never comes late: a disk that hangs is
   * given up after `stallMs`, and the answer goes out without a prediction id. `firstId` names the file if one is started.
   */
  append(lines: string, firstId: string): Promise<boolean>;
  /** Lines that were answered but not kept, since the start. */
  readonly lost: () => number;
  close(): Promise<void>;
};

export type PredictionLogOptions = {
  readonly folder: string;
  readonly log: Logger;
  readonly now: () => number;
  readonly rotateBytes?: number;
  readonly rotateMs?: number;
  readonly syncMs?: number;
  readonly stallMs?: number;
  /** Pause after a failed write before the next is tried. */
  readonly retryMs?: number;
  readonly open?: typeof openSegment;
};

type Group = {
  text: string[];
  firstId: string;
  requests: number;
  lost: boolean;
  settle: (kept: boolean) => void;
  kept: Promise<boolean>;
};

/** Requests that may wait for a disk; more are answered unlogged at once. */
const MOST_WAITING_REQUESTS = 20_000;

/**
 * The prediction log of one gateway: whole lines are handed to the kernel in groups, one write at a time, while later
 * requests gather the next group. So one write serves many requests under load, none waits for fsync (every `syncMs`, in
 * the background), and the loop never blocks on the disk.
 */
export function createPredictionLog(options: PredictionLogOptions): PredictionLog {
  const { folder, log, now } = options;
  const {
    rotateBytes = 16 << 20,
    rotateMs = 10_000,
    syncMs = 200,
    stallMs = 1000,
    retryMs = 1000,
    open = openSegment,
  } = options;
  let segment: Segment | undefined;
  let gathering: Group | undefined;
  let writing: Group | undefined;
  let writingSince = 0;
  let pumping = false;
  let pumped = Promise.resolve();
  let failedAt = Number.NEGATIVE_INFINITY;
  let lost = 0;
  const closing = new Set<Promise<void>>();

  function append(line: string, firstId: string): Promise<boolean> {
    if (now() - failedAt < retryMs || (gathering && gathering.requests >= MOST_WAITING_REQUESTS)) {
      lost += 1;
      return Promise.resolve(false);
    }
    gathering ??= newGroup(firstId);
    gathering.text.push(line);
    gathering.requests += 1;
    const { kept } = gathering;
    if (!pumping) {
      pumping = true;
      pumped = pump();
    }
    return kept;
  }

  async function pump(): Promise<void> {
    // Requests of the same turn of the loop share the first write.
    await new Promise<void>((resume) => setImmediate(resume));
    while (gathering) {
      const group = gathering;
      gathering = undefined;
      writing = group;
      writingSince = now();
      try {
        rotateIfDue();
        segment ??= await open(folder, group.firstId, now());
        await segment.append(Buffer.from(group.text.join("")));
        failedAt = Number.NEGATIVE_INFINITY;
        group.settle(true);
      } catch (error) {
        giveUp(error);
        lose(group);
      } finally {
        writing = undefined;
      }
    }
    pumping = false;
  }

  function giveUp(error: unknown): void {
    failedAt = now();
    log.error({ err: error, folder }, "the prediction log cannot be written; answers carry no prediction id");
    retire();
  }

  function rotateIfDue(): void {
    if (segment && (segment.bytes() >= rotateBytes || now() - segment.openedAt >= rotateMs)) retire();
  }

  function retire(): void {
    if (!segment) return;
    const old = segment;
    segment = undefined;
    const done = old
      .close()
      .catch((error: unknown) =>
        log.error({ err: error }, "a file of the prediction log could not be closed"),
      )
      .finally(() => closing.delete(done));
    closing.add(done);
  }

  function lose(group: Group): void {
    if (group.lost) return;
    group.lost = true;
    lost += group.requests;
    group.settle(false);
  }

  /** The disk hangs. What it may still write belongs to answers that promised nothing. */
  function giveUpOn(group: Group): void {
    if (writing !== group) return;
    failedAt = now();
    log.error(
      { folder, waitedMs: now() - writingSince },
      "the prediction log hangs; answers carry no prediction id",
    );
    lose(group);
    if (gathering) lose(gathering);
    gathering = undefined;
  }

  const syncTimer = setInterval(() => {
    segment
      ?.sync()
      .catch((error: unknown) => log.error({ err: error }, "fsync of the prediction log failed"));
    if (!writing) rotateIfDue();
    const current = writing;
    // The loop itself may have been held up: first it takes note of what the disk finished meanwhile.
    if (current && now() - writingSince > stallMs) setImmediate(() => giveUpOn(current));
  }, syncMs);

  return {
    append,
    lost: () => lost,
    async close() {
      while (pumping) await pumped;
      clearInterval(syncTimer);
      retire();
      await Promise.all(closing);
    },
  };
}

function newGroup(firstId: string): Group {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  return { text: [], firstId, requests: 0, lost: false, settle: resolve, kept: promise };
}
