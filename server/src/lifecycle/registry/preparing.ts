import type { Preparation } from "@causeway/contract";

/** Of a version whose preparation has been asked for. */
export const PREPARING: Preparation = {
  state: "preparing",
  problem: null,
  findings: [],
  environment: null,
  acceptedBy: null,
  step: null,
  endedAt: null,
};
