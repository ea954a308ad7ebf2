import type { Column, DatasetVersion } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import type { RunTask } from "../../platform/processes/index.ts";
import type { GivenTable } from "./dataset-columns.ts";
import type { ModelProgramOptions } from "./model-program.ts";
import type { Registry } from "./registry-service.ts";

/** What work that judges registered versions needs of a worker. */
export type JudgingParts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "path" | "verify">;
  readonly events: Pick<Events, "record">;
  readonly lineage: Pick<Lineage, "link">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly data: {
    readonly getVersion: (input: { dataset: string; version: string }, call: Call) => Promise<DatasetVersion>;
  };
  readonly runTask: RunTask;
  /** How to start the program that holds the model runtimes. */
  readonly modelProgram: ModelProgramOptions;
  readonly dataDir: string;
  readonly now: () => Date;
};

/** The rows that versions are judged on. */
export type JudgedRows = {
  readonly dataset: { readonly name: string; readonly version: string };
  readonly paths: readonly string[];
  readonly schema: readonly Column[];
  /** The same as a table that models are given. */
  readonly table: GivenTable;
};

/** Makes the reader of the rows that a question names; their files are verified before anything reads them. */
export function createJudgedRows({ artifacts, data }: Pick<JudgingParts, "artifacts" | "data">) {
  return async function rowsOf(
    question: { dataset: string; datasetVersion: string; target: string },
    call: Call,
  ): Promise<JudgedRows> {
    const found = await data.getVersion(
      { dataset: question.dataset, version: question.datasetVersion },
      call,
    );
    for (const { artifact } of found.parts) await artifacts.verify(artifact);
    const { schema, key } = found;
    return {
      dataset: { name: found.dataset, version: found.id },
      paths: found.parts.map(({ artifact }) => artifacts.path(artifact)),
      schema,
      table: { schema, beside: [question.target, key] },
    };
  };
}
