import { expect, it } from "vitest";
import { retryPause } from "./retry-pause.ts";

const failed = { attempts: 1, ageMs: 0, status: 500, retryAfterSeconds: null };

it("tries after a second, then later and later, for about an hour", () => {
  let ageMs = 0;
  const pauses: number[] = [];
  for (let attempts = 1; ; attempts++) {
    const pause = retryPause({ ...failed, attempts, ageMs });
    if (pause === null) break;
    pauses.push(pause);
    ageMs += pause;
  }
  expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(Math.max(...pauses)).toBe(300_000);
  expect(ageMs).toBeGreaterThan(3_200_000);
  expect(ageMs).toBeLessThanOrEqual(3_600_000);
});

it.each([null, 408, 429, 500, 502, 503])("tries again after %s", (status) => {
  expect(retryPause({ ...failed, status })).toBe(1_000);
});

it.each([400, 401, 403, 404, 405, 410, 413, 422])("gives up at once after %s", (status) => {
  expect(retryPause({ ...failed, status })).toBeNull();
});

it("waits as long as the receiver asks for, within reason", () => {
  expect(retryPause({ ...failed, status: 429, retryAfterSeconds: 30 })).toBe(30_000);
  expect(retryPause({ ...failed, status: 429, retryAfterSeconds: 86_400 })).toBe(300_000);
});
