import type { Tracking } from "../../lifecycle/experiments/index.ts";
import type {
  Registry,
  RegistryChanges,
  RegistrySearches,
  VersionSources,
  Webhooks,
} from "../../lifecycle/registry/index.ts";

/** What the registry of the wire is answered from. */
export type RegistryServices = {
  readonly registry: Registry & RegistryChanges & RegistrySearches & VersionSources & Webhooks;
  readonly tracking: Pick<Tracking, "getLoggedModel">;
};
