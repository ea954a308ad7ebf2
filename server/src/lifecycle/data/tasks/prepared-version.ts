import type { BadRow, Column, Finding, Part, Profile } from "@causeway/contract";
import type { PartColumn } from "../../../platform/database/rows/data.ts";

/** A new part on the disk: the worker puts the file into the store. */
export interface NewPart {
  digest: string;
  path: string;
  rows: number;
  bytes: number;
  columns: PartColumn[];
}

/** A part of the version that rows are added to. */
export interface OldPart extends Part {
  path: string;
  columns: PartColumn[];
}

/** The version that rows are added to. */
export interface Base {
  id: string;
  schema: Column[];
  parts: OldPart[];
}

/** All that a version is, computed by a task from files; what is left is to store it. */
export interface PreparedVersion {
  id: string;
  schema: Column[];
  /** In order: those of the base first, then the new ones. */
  kept: Part[];
  added: NewPart[];
  profile: Profile;
  findings: Finding[];
  quarantine: { rows: number; path: string } | null;
  key: string | null;
}

/** Why no version came of the files. */
export interface Refusal {
  problem: { code: string; message: string; help: string | null };
  badRows: { total: number; first: BadRow[] } | null;
}
