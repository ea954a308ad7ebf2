import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { onStopSignals } from "./signals.ts";

it("takes repeats within 2 s as one signal and a later one as an order to end at once", () => {
  const heard: string[] = [];
  let now = 0;
  const process = new EventEmitter();
  onStopSignals(process as unknown as NodeJS.Process, {
    stop: () => heard.push("stop"),
    force: () => heard.push("force"),
    clock: () => now,
  });
  process.emit("SIGINT");
  now = 1999;
  process.emit("SIGINT");
  process.emit("SIGTERM");
  expect(heard).toEqual(["stop"]);
  now = 2001;
  process.emit("SIGINT");
  expect(heard).toEqual(["stop", "force"]);
});
