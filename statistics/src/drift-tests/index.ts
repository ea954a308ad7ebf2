import { chisquare } from "./chisquare.ts";
import type { DriftTest } from "./define.ts";
import { hellinger } from "./hellinger.ts";
import { jensenshannon } from "./jensenshannon.ts";
import { ks } from "./ks.ts";
import { lInfinity } from "./l-infinity.ts";
import { psi } from "./psi.ts";
import { totalVariation } from "./total-variation.ts";
import { wasserstein } from "./wasserstein.ts";
import { z } from "./z.ts";

export type { ColumnPair, DriftFigure, DriftTest, Exactness } from "./define.ts";

/** Every test of one column against its reference, in the order in which a report shows them. */
export const DRIFT_TESTS: readonly DriftTest[] = [
  psi,
  ks,
  wasserstein,
  jensenshannon,
  hellinger,
  chisquare,
  z,
  totalVariation,
  lInfinity,
];
