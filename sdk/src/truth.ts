import {
  type ENDPOINTS,
  fail,
  Problem,
  type TruthColumns,
  type TruthImport,
  type TruthReceipt,
  type TruthRecord,
} from "@causeway/contract";
import { follow } from "./follow.ts";
import type { Methods } from "./methods.ts";
import { counted } from "./sent-blob.ts";

type DeploymentMethods = Methods<typeof ENDPOINTS.deployments>;

/** Records what turned out to be true: `recordTruth("churn", [{ predictionId, value, occurredAt }])`, or by `key`. */
export type RecordTruth = DeploymentMethods["recordTruth"] &
  ((deployment: string, records: readonly TruthRecord[]) => Promise<TruthReceipt>);

/** Options of `deployments.importTruthBlob` and `deployments.importTruthFile`. */
export type ImportTruthOptions = {
  /** Which columns of the file hold what. */
  columns: TruthColumns;
  /** Instead of by the file's ending. */
  format?: "csv" | "jsonl" | "parquet";
  /** Called as the file is sent and as a worker reads it. */
  onProgress?: (progress: {
    phase: "upload" | "import";
    done: number;
    total: number | null;
    unit: string;
  }) => void;
  signal?: AbortSignal;
};

/** Makes `recordTruth`, which takes the name of the deployment first, as `predict` does, or everything as one value. */
export function recordTruth(deployments: Pick<DeploymentMethods, "recordTruth">): RecordTruth {
  function record(
    target: string | Parameters<DeploymentMethods["recordTruth"]>[0],
    more?: readonly TruthRecord[] | Parameters<DeploymentMethods["recordTruth"]>[1],
  ): Promise<TruthReceipt> {
    if (typeof target === "string" && Array.isArray(more))
      return deployments.recordTruth({ deployment: target, records: [...more] });
    // The overloads allow no other pair.
    const [input, options] = [target, more] as Parameters<DeploymentMethods["recordTruth"]>;
    return deployments.recordTruth(input, options);
  }
  return record;
}

/** Makes the call that sends a file of truth and follows it to its end. */
export function importTruthBlob(table: {
  data: Pick<Methods<typeof ENDPOINTS.data>, "upload">;
  deployments: Pick<DeploymentMethods, "importTruth" | "followTruthImport">;
}) {
  return async (
    deployment: string,
    { name, blob }: { name: string; blob: Blob },
    { columns, format, onProgress, signal }: ImportTruthOptions,
  ): Promise<TruthImport> => {
    const sent = () =>
      counted(blob, (done) => onProgress?.({ phase: "upload", done, total: blob.size, unit: "bytes" }));
    const { digest } = await table.data.upload({}, sent, { signal });
    const source = { upload: digest, file: name, ...(format === undefined ? {} : { format }) };
    let last = await table.deployments.importTruth({ deployment, source, columns }, { signal });
    const ended = (value: TruthImport) => value.state !== "queued" && value.state !== "running";
    if (!ended(last)) {
      const changes = follow(
        () => table.deployments.followTruthImport({ import: last.id }, { signal }),
        ended,
        signal,
      );
      for await (const change of changes) {
        last = change;
        if (change.progress !== null) onProgress?.({ phase: "import", ...change.progress });
      }
    }
    if (last.state === "succeeded") return last;
    throw refusal(last);
  };
}

function refusal(last: TruthImport) {
  const code = Problem.shape.code.safeParse(last.problem?.code);
  return fail(code.success ? code.data : "BAD_DATA", {
    message: last.problem?.message ?? `the import of ${last.source} was ${last.state}`,
    field: "file",
    value: last.source,
    ...(last.problem?.help ? { help: last.problem.help } : {}),
    issues: (last.badLines?.first ?? []).map(({ line, field, value, reason }) => ({
      field: `line ${line}, ${field}`,
      expected: reason,
      got: value ?? "nothing",
    })),
    cause: last,
  });
}
