import type { RunRecord } from "@causeway/contract";
import type { Logger } from "pino";
import type { StepTokens } from "../../../platform/access/index.ts";
import type { Artifacts } from "../../../platform/artifacts/index.ts";
import type { Database } from "../../../platform/database/index.ts";
import type { Events } from "../../../platform/events/index.ts";
import type { Lineage } from "../../../platform/lineage/index.ts";
import type { DatasetDoor } from "../../data/index.ts";
import type { RunWriter } from "../../experiments/index.ts";
import type { Advance } from "../advance-runner.ts";
import type { BundleFolder } from "../bundles/bundle-folder.ts";
import type { LibraryCommit, LibraryPreparation } from "../library/define-library-step.ts";
import type { CommandParts } from "./step-command.ts";

/** What the attempts of a worker are made from. */
export type AttemptParts = {
  readonly database: Database;
  readonly artifacts: Artifacts;
  readonly events: Pick<Events, "record">;
  readonly lineage: Pick<Lineage, "link">;
  readonly stepTokens: StepTokens;
  readonly datasets: DatasetDoor;
  readonly runs: RunWriter;
  readonly advance: Advance;
  readonly bundles: BundleFolder;
  /** Commits of library steps by name. */
  readonly commits: ReadonlyMap<string, LibraryCommit>;
  /** Preparations of library steps by name. */
  readonly preparations: ReadonlyMap<string, LibraryPreparation>;
  readonly command: CommandParts;
  /** Address of control for steps; null where none is known. */
  readonly url: string | null;
  /** This worker's `ownerMark`. */
  readonly owner: string;
  readonly hardware: RunRecord["hardware"];
  readonly log: Logger;
  readonly now: () => Date;
};
