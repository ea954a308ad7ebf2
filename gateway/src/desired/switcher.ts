import { CausewayError, type DesiredDeployment, type DesiredState } from "@causeway/contract";
import type { Logger } from "pino";
import type { ServedModel } from "../models/served-model.ts";
import { type Report, reportOf } from "./report.ts";

/** A deployment as callers meet it. */
export type LiveDeployment = {
  /** What is wanted; its keys are in force at once. */
  readonly desired: () => DesiredDeployment;
  /** What answers; null before the first revision is ready. */
  readonly serving: () => ServedModel | null;
  readonly keys: () => readonly Buffer[];
};

export type Switcher = {
  apply(state: DesiredState): void;
  find(key: string): LiveDeployment | undefined;
  list(): LiveDeployment[];
  /** True once every deployment of the first state is ready or has failed. */
  readonly settled: () => boolean;
  reports(): Report[];
  readers(): readonly Buffer[];
  /** Settles when the next state has been applied. */
  changed(): Promise<void>;
  close(): Promise<void>;
};

export type SwitcherOptions = {
  /** Fetches, tries and loads a revision; `onDeath` is called if it ends by itself later. */
  readonly load: (desired: DesiredDeployment, onDeath: (cause: Error) => void) => Promise<ServedModel>;
  readonly onChange: () => void;
  readonly log: Logger;
  /** Pause before a load that failed for a passing reason is tried again. */
  readonly retryMs?: number;
};

/** Under which deployments are found. */
export function deploymentKey({
  project,
  environment,
  name,
}: {
  project: string;
  environment: string;
  name: string;
}) {
  return `${project}/${environment}/${name}`;
}

/** What another try cannot mend. */
const FINAL = new Set<string>(["BAD_MODEL", "GOLDEN_MISMATCH", "CORRUPT_ARTIFACT"]);

type Entry = {
  readonly live: LiveDeployment;
  desired: DesiredDeployment;
  keys: Buffer[];
  serving: ServedModel | null;
  report: Report;
  wake: (() => void) | undefined;
  removed: boolean;
};

/**
 * Moves each deployment to its desired revision: the new one is loaded, checked and warmed beside the old; then one pointer
 * changes, and the old one ends after its last request. A revision that fails leaves the old one serving.
 */
export function createSwitcher({ load, onChange, log, retryMs = 2000 }: SwitcherOptions): Switcher {
  const entries = new Map<string, Entry>();
  const tasks = new Set<Promise<void>>();
  let readers: Buffer[] = [];
  let applied = false;
  let closed = false;
  let next = Promise.withResolvers<void>();

  function apply(state: DesiredState): void {
    applied = true;
    readers = (state.readers ?? []).map((digest) => Buffer.from(digest, "hex"));
    const wanted = new Map(state.deployments.map((desired) => [deploymentKey(desired), desired] as const));
    for (const [key, entry] of entries) {
      if (wanted.has(key)) continue;
      entries.delete(key);
      entry.removed = true;
      entry.wake?.();
      if (entry.serving) retire(entry.serving);
    }
    for (const [key, desired] of wanted) {
      const entry = entries.get(key);
      if (entry) change(entry, desired);
      else entries.set(key, begin(desired));
    }
    next.resolve();
    next = Promise.withResolvers();
    onChange();
  }

  function begin(desired: DesiredDeployment): Entry {
    const entry: Entry = {
      live: { desired: () => entry.desired, serving: () => entry.serving, keys: () => entry.keys },
      desired,
      keys: keysOf(desired),
      serving: null,
      report: reportOf(desired, { state: "loading" }),
      wake: undefined,
      removed: false,
    };
    track(follow(entry));
    return entry;
  }

  function change(entry: Entry, desired: DesiredDeployment): void {
    const moved = entry.desired.revision !== desired.revision;
    entry.desired = desired;
    entry.keys = keysOf(desired);
    if (moved) entry.wake?.();
  }

  /** Lives as long as the deployment: loads what is wanted, then sleeps until something else is. */
  async function follow(entry: Entry): Promise<void> {
    while (!entry.removed && !closed) {
      const wanted = entry.desired;
      let pause: number | null = null;
      if (entry.serving?.desired.revision !== wanted.revision) pause = await attempt(entry, wanted);
      else if (entry.report.revision !== wanted.revision) tellReady(entry, entry.serving);
      if (entry.removed || closed) return;
      if (entry.desired.revision === wanted.revision) await sleep(entry, pause);
    }
  }

  /** Gives the pause before another try, null where none would help. */
  async function attempt(entry: Entry, wanted: DesiredDeployment): Promise<number | null> {
    tell(entry, reportOf(wanted, { state: "loading" }));
    try {
      const next = await load(wanted, (cause) => revive(entry, wanted.revision, cause));
      if (entry.removed || closed || entry.desired.revision !== wanted.revision) {
        retire(next);
        return null;
      }
      const old = entry.serving;
      entry.serving = next;
      if (old) retire(old);
      tellReady(entry, next);
      const { loadMs, rowMs } = next.facts;
      log.info({ ...nameOf(wanted), place: next.place, loadMs, rowMs }, "a revision is ready");
      return null;
    } catch (error) {
      const code = error instanceof CausewayError ? error.code : "INTERNAL";
      log.error({ ...nameOf(wanted), err: error }, "a revision could not be loaded");
      const said = error instanceof Error ? error.message : String(error);
      tell(entry, reportOf(wanted, { state: "failed", problem: `${code}: ${said}` }));
      return FINAL.has(code) ? null : retryMs;
    }
  }

  /** A model that is being retired may die as it likes. */
  function revive(entry: Entry, revision: number, cause: Error): void {
    const dead = entry.serving;
    if (dead?.desired.revision !== revision) return;
    log.error(
      { ...nameOf(entry.desired), err: cause },
      "a model's thread or process ended by itself; it is loaded anew",
    );
    entry.serving = null;
    retire(dead);
    tell(entry, reportOf(entry.desired, { state: "loading" }));
    entry.wake?.();
  }

  function sleep(entry: Entry, pause: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = pause === null ? undefined : setTimeout(() => entry.wake?.(), pause);
      entry.wake = () => {
        clearTimeout(timer);
        entry.wake = undefined;
        resolve();
      };
    });
  }

  function tell(entry: Entry, report: Report): void {
    entry.report = report;
    if (!entry.removed) onChange();
  }

  function tellReady(entry: Entry, { desired, facts }: ServedModel): void {
    const { golden, loadMs } = facts;
    tell(entry, reportOf(desired, { state: "ready", golden, loadMs }));
  }

  function retire(model: ServedModel): void {
    track(
      model.retire().catch((error: unknown) => log.error({ err: error }, "a model could not be released")),
    );
  }

  function track(task: Promise<void>): void {
    tasks.add(task);
    void task.finally(() => tasks.delete(task));
  }

  return {
    apply,
    find(key) {
      const entry = entries.get(key);
      return entry?.live;
    },
    list: () => [...entries.values()].map((entry) => entry.live),
    settled: () =>
      applied &&
      [...entries.values()].every((entry) => entry.serving !== null || entry.report.state !== "loading"),
    reports: () => [...entries.values()].map((entry) => entry.report),
    readers: () => readers,
    changed: () => next.promise,
    async close() {
      closed = true;
      for (const entry of entries.values()) {
        entry.wake?.();
        if (entry.serving) retire(entry.serving);
      }
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}

function keysOf(desired: DesiredDeployment): Buffer[] {
  return desired.keys.map((digest) => Buffer.from(digest, "hex"));
}

function nameOf(desired: DesiredDeployment) {
  return {
    deployment: deploymentKey(desired),
    revision: desired.revision,
    model: desired.model,
    version: desired.version,
  };
}
