import { ENVIRONMENTS, type Environment, STAGES } from "@causeway/contract";
import { useSyncExternalStore } from "react";

/** The project and environment that a page is about. */
export type Scope = { project: string; environment: Environment };

const DEFAULT_PROJECT = "default";

/** First path segments that name no project: environments, pages of ours, and what the server answers itself. */
const RESERVED: ReadonlySet<string> = new Set([...ENVIRONMENTS, ...STAGES, "settings", "go", "assets", ""]);

/** The project that a path begins with; paths of the default project leave it out. */
export function projectOf(path: string): string {
  const first = decodeURIComponent(path.split("/")[1] ?? "");
  return RESERVED.has(first) ? DEFAULT_PROJECT : first;
}

/** What stands before the environment in every path of a project. */
export function basePath(project: string): string {
  return project === DEFAULT_PROJECT ? "/" : `/${project}`;
}

/** The environment that a path names, if it names one. */
export function environmentOf(path: string): Environment | undefined {
  const project = projectOf(path);
  const segment = path.split("/")[project === DEFAULT_PROJECT ? 1 : 2];
  return ENVIRONMENTS.find((environment) => environment === segment);
}

const KEY = "causeway.environment";

/** The environment last worked in, for pages that belong to none. */
export function lastEnvironment(): Environment {
  const kept = globalThis.localStorage?.getItem(KEY);
  return ENVIRONMENTS.find((environment) => environment === kept) ?? "dev";
}

/** Remembers the environment that a page was opened in. */
export function keepEnvironment(environment: Environment): void {
  globalThis.localStorage?.setItem(KEY, environment);
}

/** The scope of the page that is open. */
export function currentScope(): Scope {
  const path = globalThis.location?.pathname ?? "/";
  return { project: projectOf(path), environment: environmentOf(path) ?? lastEnvironment() };
}

const moved = new Set<() => void>();
let scope = currentScope();

/** Tells readers that the address changed; the router calls it after each navigation. */
export function scopeMoved(): void {
  const next = currentScope();
  if (next.project === scope.project && next.environment === scope.environment) return;
  scope = next;
  keepEnvironment(next.environment);
  for (const listener of moved) listener();
}

/** The scope of the page that is open, followed. */
export function useScope(): Scope {
  return useSyncExternalStore(
    (listener) => {
      moved.add(listener);
      return () => moved.delete(listener);
    },
    () => scope,
  );
}
