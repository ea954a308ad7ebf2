/** Kind of the work that moves a cycle on. */
export const ADVANCE_KIND = "retraining.advance";

/** The cycle that is to be looked at. */
export type AdvancePayload = { readonly policy: string; readonly number: number };
