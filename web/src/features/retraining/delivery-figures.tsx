import type { Cycle } from "@causeway/contract";
import type { ReactNode } from "react";
import { Section } from "../../components/page-frame.tsx";
import { useWords } from "../../lib/words.tsx";
import { CycleTicks } from "./cycle-ticks.tsx";
import { deliveryOf } from "./delivery.ts";

/** What the loop delivered so far, each figure with what it is of. */
export function DeliveryFigures({ cycles }: { cycles: readonly Cycle[] }) {
  const { t, format } = useWords();
  if (cycles.length === 0) return null;
  const found = deliveryOf(cycles);
  const figures: [name: string, value: ReactNode, hint: string][] = [
    [
      t("retraining.toRepair"),
      found.toRepairMs === null ? t("shell.none") : format.duration(found.toRepairMs),
      found.toRepairMs === null ? t("retraining.toRepairNone") : t("retraining.toRepairHint"),
    ],
    [
      t("retraining.onClock"),
      found.onClockMs === null ? t("shell.none") : format.duration(found.onClockMs),
      found.onClockMs === null ? t("retraining.toRepairNone") : t("retraining.onClockHint"),
    ],
    [
      t("retraining.improved"),
      t("retraining.shareOf", { count: found.confirmed, all: found.ended }),
      t("retraining.improvedHint"),
    ],
    [
      t("retraining.undone"),
      t("retraining.shareOf", { count: found.rolledBack, all: found.switched }),
      t("retraining.undoneHint"),
    ],
  ];
  return (
    <Section
      open
      title={t("retraining.delivery")}
      hint={t("retraining.deliveryHint", { count: cycles.length })}
      right={<CycleTicks cycles={cycles} />}
    >
      <dl className="figures">
        {figures.map(([name, value, hint]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            <dd className="figure-hint">{hint}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
