import { posix } from "node:path";

/** Module that bundles carry to tell where their sources lie. */
export const SOURCE_MODULE = "causeway:source";

/** The text of that module. Bundles lie flat in a folder, `folder` from the root of the product. */
export function sourceModule(folder: string): string {
  const root = posix.relative(folder, ".");
  return `import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
const ROOT = new URL("${root}/", import.meta.url);
export function sourceOf(path) {
  const url = new URL(path, ROOT);
  const filename = fileURLToPath(url);
  return { url: url.href, filename, dirname: dirname(filename) };
}
`;
}

const PLACE =
  /new URL\(\s*"(?<target>[^"]+)",\s*import\.meta\.url,?\s*\)|\bimport\.meta(?:\.(?<member>\w+))?/g;
const KNOWN = new Set(["url", "filename", "dirname"]);

/**
 * Keeps a module's words about its own place true after it was bundled. `import.meta` goes on telling of the source, so that
 * files beside it are found; only a program, named as `new URL("./main.ts", import.meta.url)`, becomes its bundled form.
 * `path` is from the root; `programs` gives the names of the bundled forms by the paths of their sources.
 */
export function placeModule(code: string, path: string, programs: ReadonlyMap<string, string>): string {
  let needsSource = false;
  const placed = code.replaceAll(PLACE, (found: string, target?: string, member?: string) => {
    const program = target === undefined ? undefined : programs.get(posix.join(posix.dirname(path), target));
    if (program !== undefined) return `new URL("./${program}.mjs", import.meta.url)`;
    if (target === undefined && (member === undefined || !KNOWN.has(member)))
      throw new Error(`${path}: ${found} cannot be bundled; known are ${[...KNOWN].join(", ")}`);
    needsSource = true;
    return target === undefined ? `causewaySource.${member}` : `new URL("${target}", causewaySource.url)`;
  });
  if (!needsSource) return code === placed ? code : placed;
  const head = `import { sourceOf } from "${SOURCE_MODULE}"; const causewaySource = sourceOf("${path}");`;
  return `${head}\n${placed}`;
}
