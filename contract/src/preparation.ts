import { z } from "zod";
import { Actor, Digest, Timestamp } from "./resource.ts";

export const PREPARATION_STATES = ["ready", "preparing", "failed", "blocked"] as const;
export const PreparationState = z.enum(PREPARATION_STATES);
export type PreparationState = z.infer<typeof PreparationState>;

/** Something that a look into a model's files found, before anything loaded them. */
export const ScanFinding = z.object({
  path: z.string(),
  /** What was looked for, for example `pickle-import`. */
  rule: z.string(),
  severity: z.enum(["note", "warning", "danger"]),
  text: z.string(),
});
export type ScanFinding = z.infer<typeof ScanFinding>;

/**
 * How far a version is on its way to being served. Files of ONNX and YDF are ready at once. A Python model is scanned, its
 * packages are installed, and it answers its input example first; `blocked` waits for a person who accepts the findings.
 */
export const Preparation = z.object({
  state: PreparationState,
  problem: z.string().nullable(),
  findings: z.array(ScanFinding),
  /** The packages that it runs in, under the digest of what it asks for. */
  environment: z
    .object({ digest: Digest, python: z.string(), tool: z.enum(["uv", "venv", "given"]) })
    .nullable(),
  /** Who accepted the findings. */
  acceptedBy: Actor.nullable().default(null),
  /** What is being done just now; null unless it is being prepared. */
  step: z.string().nullable().default(null),
  endedAt: Timestamp.nullable(),
});
export type Preparation = z.infer<typeof Preparation>;

/** Of versions that need no preparation. */
export const READY: Preparation = {
  state: "ready",
  problem: null,
  findings: [],
  environment: null,
  acceptedBy: null,
  step: null,
  endedAt: null,
};
