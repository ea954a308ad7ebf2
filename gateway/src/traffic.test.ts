import { beforeEach, expect, it } from "vitest";
import type { LiveDeployment } from "./desired/switcher.ts";
import { createTrafficCounter, type TrafficCounter } from "./traffic.ts";

let time: number;
let woken: number;
let counter: TrafficCounter;
const churn = {
  desired: () => ({ project: "default", environment: "dev", name: "churn" }),
} as unknown as LiveDeployment; // all that is asked of it here

beforeEach(() => {
  time = Date.UTC(2026, 10, 21, 10);
  woken = 0;
  counter = createTrafficCounter({
    now: () => time,
    onFirst: () => {
      woken += 1;
    },
  });
});

const occurred = (first: string, last = first) => ({ first, last });
const end = (status = 200, ms = 0.6) => counter.ended(churn, { revision: 1, status, ms });

it("O4/traffic counts requests, rows, errors, refusals, latency and event times of each revision", () => {
  counter.answered(churn, { revision: 1, rows: 3, occurred: occurred("2026-01-02", "2026-01-05") });
  end();
  counter.answered(churn, { revision: 1, rows: 1, occurred: occurred("2026-01-01") });
  end(200, 20_000);
  counter.answered(churn, { revision: 1, rows: 1, occurred: null });
  end(200, 0.1);
  for (const status of [400, 422, 429, 503, 499]) end(status);
  counter.ended(churn, { revision: 2, status: 200, ms: 1 });
  const [first, second] = counter.take();
  expect(first).toMatchObject({
    deployment: "churn",
    revision: 1,
    requests: 8,
    rows: 5,
    errors: 2,
    refused: 2,
    firstOccurredAt: "2026-01-01",
    lastOccurredAt: "2026-01-05",
  });
  expect([first?.latency[0], first?.latency[2], first?.latency.at(-1)]).toEqual([1, 6, 1]);
  expect(second).toMatchObject({ revision: 2, requests: 1, rows: 0, lastOccurredAt: null });
});

it("gives the same counts again until they are acknowledged, and none twice", () => {
  end();
  const sent = counter.take();
  end();
  expect(counter.take()).toEqual(sent);
  counter.acknowledge();
  expect(counter.waiting()).toBe(true);
  const [next] = counter.take();
  expect(next?.requests).toBe(1);
  expect(next && next.from > (sent[0]?.from ?? "")).toBe(true);
  counter.acknowledge();
  expect(counter.waiting()).toBe(false);
  expect(counter.take()).toEqual([]);
});

it("wakes the reporter once per report, and keeps minutes apart while control is away", () => {
  end();
  end();
  expect(woken).toBe(1);
  counter.take();
  end();
  time += 60_000;
  end();
  end();
  expect(woken).toBe(2);
  counter.acknowledge();
  expect(counter.take().map(({ requests }) => requests)).toEqual([1, 2]);
});
