import type { ImportSource } from "@causeway/contract";

/** A digest in hexadecimal, at least 32 digits. */
export type DigestOf = (text: string) => string;

type Elsewhere = { project: string; source: ImportSource; sourceId: string };

/** The ids that a run of another tracker may have here: its own where it looks like one of ours, else one made of where it comes from. */
export function runIdsFor(from: Elsewhere, digestOf: DigestOf): { wanted: string; otherwise: string } {
  const otherwise = digestOf(`${from.project}\n${from.source}\n${from.sourceId}`).slice(0, 32);
  return { wanted: /^[0-9a-f]{32}$/.test(from.sourceId) ? from.sourceId : otherwise, otherwise };
}

/** The same for a logged model. */
export function modelIdsFor(from: Elsewhere, digestOf: DigestOf): { wanted: string; otherwise: string } {
  return { wanted: from.sourceId, otherwise: `m-${runIdsFor(from, digestOf).otherwise}` };
}
