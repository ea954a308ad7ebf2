import { arch, cpus, hostname, platform, release, totalmem } from "node:os";
import type { RunRecord } from "@causeway/contract";

/** What this machine is, as far as a run's record asks. */
export function describeHardware(): NonNullable<RunRecord["hardware"]> {
  const cores = cpus();
  return {
    cpu: cores[0]?.model ?? "unknown",
    cores: cores.length,
    memoryBytes: totalmem(),
    os: `${platform()} ${release()} ${arch()}`,
    machine: hostname(),
    gpus: [],
  };
}
