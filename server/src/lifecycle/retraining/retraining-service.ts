import { createCycles } from "./cycles-service.ts";
import { createFollower } from "./follow-service.ts";
import { createJournal } from "./journal-service.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import { createPolicies } from "./policies-service.ts";
import { createSituationReader } from "./situation-reader.ts";
import { createStarts } from "./start-service.ts";

/** Policies that close the loop, and their cycles. */
export type Retraining = ReturnType<typeof createRetraining>;

/** Makes the stage: one method per endpoint, the reader of events, and what is done by the clock. */
export function createRetraining(parts: RetrainingParts) {
  const journal = createJournal(parts);
  const readSituation = createSituationReader(parts);
  const starts = createStarts({ ...parts, journal, readSituation });
  const cycles = createCycles({ ...parts, journal, starts, readSituation });
  const policies = createPolicies({ ...parts, starts, readSituation, cancelCycle: cycles.cancel });
  return {
    ...policies,
    ...cycles.endpoints,
    consumer: createFollower({ journal, starts }),
    tick: cycles.tick,
  };
}
