import { pipelines } from "@causeway/contract";
import type { Pipelines } from "../../lifecycle/pipelines/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of pipelines. A client that comes back to a run's stream gives the last log position as `after`. */
export function pipelinesRoutes(service: Pipelines): BoundRoute[] {
  return bind(pipelines, service, {
    followRun: (event) => (event.kind === "log" ? String(event.line.position) : undefined),
  });
}
