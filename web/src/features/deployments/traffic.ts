import type { LoggedPrediction } from "@causeway/contract";

/** What some logged predictions say of the traffic: how many, how fast, over which time. */
export type Traffic = {
  predictions: number;
  from: number;
  to: number;
  perSecond: number;
  p50: number;
  p99: number;
};

/** One stretch of equal length. Gaps hold no predictions and no latency. */
export type TrafficBin = {
  at: number;
  predictions: number;
  p50: number | undefined;
  p99: number | undefined;
};

type Logged = Pick<LoggedPrediction, "receivedAt" | "latencyMs">;

/** The figures of a stretch of the log; undefined where it is empty. */
export function trafficOf(log: readonly Logged[]): Traffic | undefined {
  if (log.length === 0) return undefined;
  const times = log.map(({ receivedAt }) => Date.parse(receivedAt));
  const from = Math.min(...times);
  const to = Math.max(...times);
  const latencies = sorted(log);
  return {
    predictions: log.length,
    from,
    to,
    perSecond: log.length < 2 || to === from ? 0 : ((log.length - 1) / (to - from)) * 1000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

/** The log in `count` stretches of equal length, the oldest first. */
export function binTraffic(log: readonly Logged[], count: number): TrafficBin[] {
  const whole = trafficOf(log);
  if (whole === undefined) return [];
  const wide = Math.max(1, (whole.to - whole.from) / count);
  const bins: Logged[][] = Array.from({ length: count }, () => []);
  for (const each of log) {
    const index = Math.min(count - 1, Math.floor((Date.parse(each.receivedAt) - whole.from) / wide));
    bins[index]?.push(each);
  }
  return bins.map((members, index) => {
    const latencies = sorted(members);
    return {
      at: whole.from + (index + 0.5) * wide,
      predictions: members.length,
      p50: members.length === 0 ? undefined : quantile(latencies, 0.5),
      p99: members.length === 0 ? undefined : quantile(latencies, 0.99),
    };
  });
}

/** Nearest-rank quantile of values in ascending order. */
export function quantile(ascending: readonly number[], p: number): number {
  const rank = Math.max(1, Math.ceil(p * ascending.length));
  return ascending[Math.min(ascending.length, rank) - 1] ?? Number.NaN;
}

function sorted(log: readonly Logged[]): number[] {
  return log.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
}
