import { fail } from "@causeway/contract";

/** What a client means by the address that a version is to be made from. */
export type VersionSource =
  /** Files of a run, a logged model or the project, by an address of this server. */
  | { readonly kind: "own"; readonly uri: string }
  | { readonly kind: "logged-model"; readonly model: string; readonly uri: string }
  /** Another version: a number, an alias, a registry stage, or `latest`. */
  | { readonly kind: "version"; readonly model: string; readonly which: string; readonly alias: boolean }
  /** A folder of the client's own machine. */
  | { readonly kind: "local"; readonly path: string }
  /** A store of somebody else: it is written down and never read. */
  | { readonly kind: "foreign" };

const MOST_DECODINGS = 10;
const PROXY = "/mlflow-artifacts/artifacts/";

/**
 * Reads the address that a version is made from. What could lead elsewhere than it says is refused, in clear or encoded any
 * number of times: a version's files are read by whoever may read the version.
 */
export function readVersionSource(source: string): VersionSource {
  checkPlain(source);
  const [, scheme = "", rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]+):(.*)$/s.exec(source) ?? [];
  switch (scheme.toLowerCase()) {
    case "":
      return { kind: "local", path: source };
    case "file":
      checkNoExtras(source);
      return { kind: "local", path: localPath(source, rest) };
    case "runs":
    case "mlflow-artifacts":
      checkNoExtras(source);
      return { kind: "own", uri: source };
    case "models":
      checkNoExtras(source);
      return readModelsAddress(source, rest);
    case "http":
    case "https": {
      const at = rest.indexOf(PROXY);
      if (at < 0) return { kind: "foreign" };
      checkNoExtras(source);
      return { kind: "own", uri: `mlflow-artifacts:/${rest.slice(at + PROXY.length)}` };
    }
    default:
      return { kind: "foreign" };
  }
}

/** The folders and files of a client's machine are what the given run (or logged model) says it wrote there, or nothing. */
export function checkLocalSource(
  source: string,
  { path, root, named }: { path: string; root: string | undefined; named: "run_id" | "model_id" },
): void {
  const home = root === undefined ? undefined : readRoot(root);
  if (home !== undefined && (path === home || path.startsWith(`${home}/`))) return;
  const owner = named === "run_id" ? "run" : "model";
  throw badSource(
    source,
    `To use a local path as a model version source, the ${named} request parameter has to be specified and the local path has to be contained within the artifact directory of the ${owner} specified by the ${named}.`,
  );
}

/** The refusal of an address; nothing of what lies behind it is told. */
export function badSource(source: string, reason: string): Error {
  return fail("INVALID_FIELD", {
    message: `Invalid model version source: '${source.slice(0, 300)}'. ${reason}`,
    field: "source",
    value: source,
  });
}

/** The refusal of an address whose owner was not named with it. */
export function ownerNotNamed(source: string, named: "run_id" | "model_id"): Error {
  return badSource(
    source,
    `The ${named} request parameter must identify the resource that contains the source.`,
  );
}

function readModelsAddress(source: string, rest: string): VersionSource {
  if (rest.startsWith("//")) {
    throw badSource(source, "Registered model sources must use the active model registry.");
  }
  const [name = "", which, ...more] = rest.replace(/^\//, "").split("/");
  if (which === undefined && /^m-[0-9a-f]{32}$/.test(name))
    return { kind: "logged-model", model: name, uri: source };
  if (more.length > 0) throw badSource(source, "Write models:/<name>/<version> or models:/<model id>.");
  if (which !== undefined && which !== "" && name !== "")
    return { kind: "version", model: name, which, alias: false };
  const at = name.lastIndexOf("@");
  if (which === undefined && at > 0 && at < name.length - 1)
    return { kind: "version", model: name.slice(0, at), which: name.slice(at + 1), alias: true };
  throw badSource(source, "Write models:/<name>/<version>, models:/<name>@<alias> or models:/<model id>.");
}

function localPath(source: string, rest: string): string {
  const path = rest.replace(/^\/\/(localhost)?(?=\/)/, "");
  // file://host/path, file:relative and file://./path mean something else on each machine.
  if (!/^\/(?!\/)/.test(path)) throw badSource(source, "Please provide an absolute path.");
  return path.replace(/\/+$/, "");
}

function readRoot(root: string): string | undefined {
  const path = /^file:/i.test(root) ? root.replace(/^file:(\/\/(localhost)?(?=\/))?/i, "") : root;
  return path.startsWith("/") ? path.replace(/\/+$/, "") : undefined;
}

/** Refuses what leads upwards or hides something, however often it is encoded. */
function checkPlain(source: string): void {
  const reason =
    "If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.";
  let form = source;
  for (let round = 0; ; round += 1) {
    if (round > MOST_DECODINGS || hidesSomething(form)) throw badSource(source, reason);
    const next = form.replaceAll(/%[0-9a-f]{2}/gi, (code) =>
      String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    );
    if (next === form) return;
    form = next;
  }
}

function hidesSomething(form: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(form)) return true;
  return form.split(/[/\\?#;]/).some((segment) => segment === ".." || segment === ".");
}

/** Fragments, queries and parameters have smuggled paths past checks; no address of ours has any. */
function checkNoExtras(source: string): void {
  if (/[?#;\\]/.test(source)) throw badSource(source, "It may have no fragment, query or parameters.");
}
