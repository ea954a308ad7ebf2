import protobuf from "protobufjs/light.js";

/**
 * The members that an import reads of Weights & Biases' records (`wandb_internal.proto`; the numbers are the wire's). What is not
 * listed is passed over by the decoder.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    Time: { fields: { seconds: { id: 1, type: "int64" }, nanos: { id: 2, type: "int32" } } },
    Item: {
      fields: {
        key: { id: 1, type: "string" },
        nestedKey: { rule: "repeated", id: 2, type: "string" },
        valueJson: { id: 16, type: "string" },
      },
    },
    Step: { fields: { num: { id: 1, type: "int64" } } },
    History: { fields: { item: { rule: "repeated", id: 1, type: "Item" }, step: { id: 2, type: "Step" } } },
    Update: {
      fields: {
        update: { rule: "repeated", id: 1, type: "Item" },
        remove: { rule: "repeated", id: 2, type: "Item" },
      },
    },
    Git: { fields: { remoteUrl: { id: 1, type: "string" }, commit: { id: 2, type: "string" } } },
    Run: {
      fields: {
        runId: { id: 1, type: "string" },
        entity: { id: 2, type: "string" },
        project: { id: 3, type: "string" },
        config: { id: 4, type: "Update" },
        summary: { id: 5, type: "Update" },
        runGroup: { id: 6, type: "string" },
        jobType: { id: 7, type: "string" },
        displayName: { id: 8, type: "string" },
        notes: { id: 9, type: "string" },
        tags: { rule: "repeated", id: 10, type: "string" },
        sweepId: { id: 12, type: "string" },
        host: { id: 13, type: "string" },
        startTime: { id: 17, type: "Time" },
        git: { id: 21, type: "Git" },
      },
    },
    Stats: {
      fields: { timestamp: { id: 2, type: "Time" }, item: { rule: "repeated", id: 3, type: "Item" } },
    },
    Exit: { fields: { exitCode: { id: 1, type: "int32" }, runtime: { id: 2, type: "int32" } } },
    Environment: {
      fields: {
        os: { id: 1, type: "string" },
        python: { id: 2, type: "string" },
        program: { id: 6, type: "string" },
        host: { id: 12, type: "string" },
        username: { id: 13, type: "string" },
      },
    },
    Record: {
      fields: {
        num: { id: 1, type: "int64" },
        history: { id: 2, type: "History" },
        summary: { id: 3, type: "Update" },
        config: { id: 5, type: "Update" },
        stats: { id: 7, type: "Stats" },
        run: { id: 17, type: "Run" },
        exit: { id: 18, type: "Exit" },
        environment: { id: 26, type: "Environment" },
      },
    },
  },
});
const type = root.lookupType("Record");

type Time = { seconds?: number; nanos?: number };
type Item = { key?: string; nestedKey?: string[]; valueJson?: string };
type Update = { update?: Item[]; remove?: Item[] };

/** One record of a run's log; exactly one of its members is there. */
export type WandbRecord = {
  history?: { item?: Item[]; step?: { num?: number } };
  summary?: Update;
  config?: Update;
  stats?: { timestamp?: Time; item?: Item[] };
  run?: {
    runId?: string;
    project?: string;
    config?: Update;
    runGroup?: string;
    jobType?: string;
    displayName?: string;
    notes?: string;
    tags?: string[];
    sweepId?: string;
    startTime?: Time;
    git?: { remoteUrl?: string; commit?: string };
  };
  exit?: { exitCode?: number; runtime?: number };
  environment?: { os?: string; python?: string; program?: string; host?: string; username?: string };
};

/** Decodes a record; what is not one throws. */
export function decodeWandbRecord(bytes: Uint8Array): WandbRecord {
  // The shape above lists the very members that the type declares.
  return type.toObject(type.decode(bytes), { longs: Number }) as WandbRecord;
}

/** The name that an item goes by; keys of nested values are joined by dots. */
export function itemName({ key = "", nestedKey = [] }: Item): string {
  return nestedKey.length > 0 ? nestedKey.join(".") : key;
}

/** Milliseconds since 1970. */
export function timeMs({ seconds = 0, nanos = 0 }: Time): number {
  return seconds * 1000 + Math.floor(nanos / 1e6);
}
