import type { Estimate, GateRule, GoldenRow, Prediction, RuleVerdict } from "@causeway/contract";

/** A metric of both sides on some rows; null where it is not defined there, or there is no champion. */
export type GateEstimates = {
  readonly challenger: Estimate | null;
  readonly champion: Estimate | null;
  /** Paired over the rows, in the direction in which more is better. */
  readonly difference: Estimate | null;
};

/** A golden row of the champion beside what the challenger answers to it. */
export type GoldenPair = { readonly row: GoldenRow; readonly answer: Prediction };

/** How alike two versions answer. Differences are of scores, or in standard deviations of the champion's numbers. */
export type Agreement = {
  readonly mean: number;
  readonly most: number;
  /** Golden rows of the champion that the challenger answers alike, within a difference for numbers. */
  readonly golden: (within: number) => { readonly same: number; readonly of: number };
};

/** The judged rows as rules see them. */
export type GateRows = {
  readonly rows: number;
  readonly hasChampion: boolean;
  readonly lessIsBetter: (metric: string) => boolean;
  /** `rows` picks some of them; every row where absent. */
  readonly estimate: (metric: string, options: { confidence: number; rows?: Int32Array }) => GateEstimates;
  /** Rows by the value of a column, most first. */
  readonly slices: (column: string) => readonly { readonly value: string; readonly rows: Int32Array }[];
  readonly agreement: () => Agreement;
};

/** One rule's parameters. */
export type RuleOf<Name extends GateRule["rule"]> = Extract<GateRule, { rule: Name }>;

/** A kind of condition on a challenger. */
export type GateDefinition<Name extends GateRule["rule"] = GateRule["rule"]> = {
  readonly rule: Name;
  readonly judge: (rule: RuleOf<Name>, rows: GateRows) => Omit<RuleVerdict, "rule">;
};

/** Declares a member of the catalog. */
export function defineGate<Name extends GateRule["rule"]>(
  definition: GateDefinition<Name>,
): GateDefinition<Name> {
  return definition;
}

/** What a verdict has where a rule looks at no metric. */
export const NO_ESTIMATES = { champion: null, challenger: null, difference: null, slices: null } as const;
