import {
  ENDPOINTS,
  fail,
  fromProblem,
  type Import,
  type ImportOptions,
  type PipelineRun,
  type PipelineRunEvent,
  PredictAnswer,
  Problem,
  type TruthImport,
} from "@causeway/contract";
import type { z } from "zod";
import type { Connection } from "./connection.ts";
import { follow } from "./follow.ts";
import { type Methods, methods } from "./methods.ts";
import { pause } from "./request.ts";
import { counted } from "./sent-blob.ts";
import { type ImportTruthOptions, importTruthBlob, type RecordTruth, recordTruth } from "./truth.ts";

/** Options of `data.importBlob` and `data.importFile`. */
export type ImportFileOptions = z.input<typeof ImportOptions> & {
  /** Called as the file is sent and as a worker reads it. */
  onProgress?: (progress: {
    phase: "upload" | "import";
    done: number;
    total: number | null;
    unit: string;
  }) => void;
  signal?: AbortSignal;
};

/** Options of `deployments.predict`. */
export type PredictOptions = {
  /** When what is asked about happened, in ISO 8601; a list gives each of several records its own. Now when absent. */
  occurredAt?: string | readonly string[];
};

/** Everything that a table's endpoints can do, and the few calls that take more than one of them. */
export type Client = {
  readonly connection: Connection;
  readonly platform: Methods<typeof ENDPOINTS.platform>;
  readonly experiments: Methods<typeof ENDPOINTS.experiments>;
  readonly registry: Methods<typeof ENDPOINTS.registry>;
  readonly data: Methods<typeof ENDPOINTS.data> & {
    /** Sends bytes and imports them; resolves with the finished import, throws what the import refused. */
    importBlob(
      dataset: string,
      file: { name: string; blob: Blob },
      options?: ImportFileOptions,
    ): Promise<Import>;
  };
  readonly pipelines: Methods<typeof ENDPOINTS.pipelines> & {
    /** Starts the newest deployed version of a pipeline. */
    run(pipeline: string, params?: Record<string, z.core.util.JSONType>): Promise<PipelineRun>;
    /** Log lines and state changes of a run until it ends; goes on by itself when control restarts. */
    follow(
      run: { pipeline: string; number: number },
      options?: { signal?: AbortSignal },
    ): AsyncIterable<PipelineRunEvent>;
  };
  readonly deployments: Methods<typeof ENDPOINTS.deployments> & {
    /** Asks a deployment's gateway; one record or several. */
    predict(
      deployment: string,
      records: Record<string, unknown> | readonly Record<string, unknown>[],
      options?: PredictOptions,
    ): Promise<PredictAnswer>;
    readonly recordTruth: RecordTruth;
    /** Sends a file of truth and has it taken; resolves when it was taken, throws what was wrong with it. */
    importTruthBlob(
      deployment: string,
      file: { name: string; blob: Blob },
      options: ImportTruthOptions,
    ): Promise<TruthImport>;
  };
  readonly monitoring: Methods<typeof ENDPOINTS.monitoring>;
  readonly retraining: Methods<typeof ENDPOINTS.retraining>;
};

/** Makes a client of the server at `connection.url`. Works in browsers and in Node. */
export function createClient(connection: Connection): Client {
  const table = {
    data: methods(connection, ENDPOINTS.data),
    pipelines: methods(connection, ENDPOINTS.pipelines),
    deployments: methods(connection, ENDPOINTS.deployments),
    platform: methods(connection, ENDPOINTS.platform),
  };
  return {
    connection,
    platform: table.platform,
    experiments: methods(connection, ENDPOINTS.experiments),
    registry: methods(connection, ENDPOINTS.registry),
    data: { ...table.data, importBlob: importBlob(table.data) },
    pipelines: {
      ...table.pipelines,
      run: (pipeline, params = {}) => table.pipelines.startRun({ pipeline, params }),
      follow: (run, options = {}) => followRun(table.pipelines, run, options.signal),
    },
    deployments: {
      ...table.deployments,
      predict: predict(connection, table),
      recordTruth: recordTruth(table.deployments),
      importTruthBlob: importTruthBlob(table),
    },
    monitoring: methods(connection, ENDPOINTS.monitoring),
    retraining: methods(connection, ENDPOINTS.retraining),
  };
}

function importBlob(data: Methods<typeof ENDPOINTS.data>): Client["data"]["importBlob"] {
  return async (dataset, { name, blob }, { onProgress, signal, ...options } = {}) => {
    const sent = () =>
      counted(blob, (done) => onProgress?.({ phase: "upload", done, total: blob.size, unit: "bytes" }));
    const { digest } = await data.upload({}, sent, { signal });
    const started = await data.startImport({ dataset, upload: digest, file: name, options }, { signal });
    const ended = (value: Import) => value.state !== "queued" && value.state !== "running";
    let last = started;
    if (!ended(started)) {
      const changes = follow(() => data.followImport({ import: started.id }, { signal }), ended, signal);
      for await (const change of changes) {
        last = change;
        if (change.progress !== null) onProgress?.({ phase: "import", ...change.progress });
      }
    }
    if (last.state === "succeeded") return last;
    const problem = Problem.shape.code.safeParse(last.problem?.code);
    throw fail(problem.success ? problem.data : "BAD_DATA", {
      message: last.problem?.message ?? `the import of ${name} was ${last.state}`,
      field: "file",
      value: name,
      ...(last.problem?.help ? { help: last.problem.help } : {}),
      cause: last,
    });
  };
}

async function* followRun(
  pipelines: Methods<typeof ENDPOINTS.pipelines>,
  run: { pipeline: string; number: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<PipelineRunEvent, void> {
  let after = 0;
  const open = () => pipelines.followRun({ pipeline: run.pipeline, number: run.number, after }, { signal });
  const ended = (event: PipelineRunEvent) =>
    event.kind === "run" && ["succeeded", "failed", "cancelled"].includes(event.run.state);
  for await (const event of follow(open, ended, signal)) {
    if (event.kind === "log") after = event.line.position;
    yield event;
  }
}

/** A key that was made a moment ago is on its way to the gateways; this long, a refusal of it is asked again. */
const KEY_TRAVELS_MS = 5000;
const ASK_AGAIN_MS = 50;

function predict(
  connection: Connection,
  table: { deployments: Methods<typeof ENDPOINTS.deployments> },
): Client["deployments"]["predict"] {
  const fetch = connection.fetch ?? globalThis.fetch;
  const keys = new Map<string, Promise<{ secret: string; madeAt: number }>>();
  const keyOf = (deployment: string) => {
    if (connection.key !== undefined) return Promise.resolve({ secret: connection.key, madeAt: 0 });
    let key = keys.get(deployment);
    if (key === undefined) {
      key = table.deployments
        .createKey({ deployment, name: "client" })
        .then(({ secret }) => ({ secret, madeAt: performance.now() }));
      keys.set(deployment, key);
      key.catch(() => keys.delete(deployment));
    }
    return key;
  };
  return async (deployment, records, { occurredAt } = {}) => {
    const { url } = await table.deployments.getDeployment({ deployment });
    const timed = occurredAt === undefined ? {} : { occurredAt };
    const body = JSON.stringify(Array.isArray(records) ? { records, ...timed } : { ...records, ...timed });
    const { secret, madeAt } = await keyOf(deployment);
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    for (;;) {
      const response = await fetch(url, { method: "POST", headers, body });
      const answer: unknown = await response.json();
      if (response.ok) return PredictAnswer.parse(answer);
      const isOnItsWay = connection.key === undefined && performance.now() - madeAt < KEY_TRAVELS_MS;
      if (response.status === 401 && isOnItsWay) {
        await pause(ASK_AGAIN_MS);
        continue;
      }
      const problem = Problem.safeParse(answer);
      throw problem.success
        ? fromProblem(problem.data)
        : fail("UNAVAILABLE", { message: `${url} answered ${response.status}`, value: answer });
    }
  };
}
