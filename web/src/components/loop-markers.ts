import type { Cycle, MonitorWindow } from "@causeway/contract";
import type { Translate } from "../lib/words.tsx";
import type { Marker } from "./marker-lane.tsx";
import { versionSwitches } from "./window-metric.ts";

/** Cycles whose stations are told one by one; of older ones only the switch. */
const TOLD = 1;

/** What the loop did while the windows passed, at its event time: noticed, trained, approved, switched. */
export function loopMarkers({
  windows,
  cycles,
  t,
}: {
  /** The oldest first. */
  windows: readonly MonitorWindow[];
  /** The newest first. */
  cycles: readonly Cycle[];
  t: Translate;
}): Marker[] {
  const first = Date.parse(windows[0]?.start ?? "");
  const inSight = cycles.filter(({ noticedAt }) => Date.parse(noticedAt) >= first);
  const switched = new Set(
    cycles.flatMap(({ candidate, switchedAt }) => (switchedAt === null ? [] : [candidate])),
  );
  return [
    ...inSight.flatMap((cycle, index) => (index < TOLD ? stationsOf(cycle, t) : switchOf(cycle, t))),
    // A switch that no cycle made was made by a person.
    ...versionSwitches(windows)
      .filter(({ version }) => !switched.has(version))
      .map(
        ({ at, version }): Marker => ({
          key: `version ${at}`,
          at: Date.parse(at),
          status: "ok",
          title: t("monitoring.switched", { version }),
        }),
      ),
  ];
}

function stationsOf(cycle: Cycle, t: Translate): Marker[] {
  const at = (name: Cycle["steps"][number]["name"]) =>
    cycle.steps.find((step) => step.name === name && step.state === "done")?.occurredAt ?? null;
  const key = `cycle ${cycle.policy}/${cycle.number}`;
  const trained = at("trained");
  const approved = at("approved");
  const isWaiting = cycle.state === "waiting-for-approval";
  return [
    {
      key: `${key} noticed`,
      at: Date.parse(cycle.noticedAt),
      status: "crit",
      title: t("story.noticed"),
      text: t(`triggerKind.${cycle.trigger.kind}`),
    },
    ...(trained === null || cycle.challenger === null
      ? []
      : [
          {
            key: `${key} trained`,
            at: Date.parse(trained),
            status: "running" as const,
            title: t("story.retrained"),
            text: `v${cycle.challenger}`,
          },
        ]),
    ...(approved === null || cycle.approval === null
      ? []
      : [
          {
            key: `${key} approved`,
            at: Date.parse(approved),
            status: "waiting" as const,
            title: t("story.approved"),
          },
        ]),
    ...(isWaiting
      ? [
          {
            key: `${key} waits`,
            at: Date.parse(trained ?? cycle.noticedAt),
            status: "waiting" as const,
            title: t("monitoring.approvalWaits"),
          },
        ]
      : []),
    ...switchOf(cycle, t),
  ];
}

function switchOf(cycle: Cycle, t: Translate): Marker[] {
  return cycle.switchedAt === null || cycle.candidate === null
    ? []
    : [
        {
          key: `switch ${cycle.policy}/${cycle.number}`,
          at: Date.parse(cycle.switchedAt),
          status: cycle.state === "rolled-back" ? "blocked" : "ok",
          title: t("monitoring.candidateSwitched", { version: cycle.candidate }),
        },
      ];
}
