import { fail, type ModelFile } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { ArtifactPlace, ArtifactTree, TreeEntry } from "../experiments/index.ts";
import type { RegistrySearches } from "./registry-search-service.ts";
import { VERSIONS_FOLDER } from "./version-address.ts";

/** What the tree with versions in it is made from. */
export type VersionTreeParts<Tree> = {
  readonly tree: Tree;
  readonly artifacts: Pick<Artifacts, "read" | "readRange">;
  readonly registry: Pick<RegistrySearches, "findByDigest">;
};

/** A place of a version's files: its digest, and the path among them. */
type VersionPlace = { readonly digest: string; readonly path: string };

/**
 * Makes a tree in which clients also read files of versions, under the digest of the version. They are what was registered,
 * whatever became of the run since; nobody writes there.
 */
export function createVersionTree<Tree extends ArtifactTree>(parts: VersionTreeParts<Tree>): Tree {
  const { tree, artifacts, registry } = parts;

  async function filesOf({ digest }: VersionPlace, call: Call): Promise<readonly ModelFile[]> {
    return (await registry.findByDigest({ digest }, call))?.files ?? [];
  }

  async function findFile(place: VersionPlace, call: Call): Promise<ModelFile> {
    const file = (await filesOf(place, call)).find(({ path }) => path === place.path);
    if (file === undefined) throw noFile(place);
    return file;
  }

  async function find(place: ArtifactPlace, call: Call): Promise<TreeEntry> {
    const wanted = placeInVersion(place);
    if (wanted === undefined) return tree.find(place, call);
    const files = await filesOf(wanted, call);
    const file = files.find(({ path }) => path === wanted.path);
    if (file !== undefined) return { ...file, path: pathOf(wanted, file.path), folder: false };
    if (!files.some(({ path }) => isBelow(path, wanted.path))) throw noFile(wanted);
    return { path: pathOf(wanted, wanted.path), folder: true, bytes: null, digest: null };
  }

  const open: ArtifactTree["open"] = async (place, call) => {
    const wanted = placeInVersion(place);
    if (wanted === undefined) return tree.open(place, call);
    const { digest, bytes } = await findFile(wanted, call);
    const { range } = place;
    const stream = range === undefined ? artifacts.read(digest) : await artifacts.readRange(digest, range);
    return { stream, bytes, digest };
  };

  async function list(place: ArtifactPlace, call: Call): Promise<readonly TreeEntry[]> {
    const wanted = placeInVersion(place);
    if (wanted === undefined) return tree.list(place, call);
    const children = new Map<string, TreeEntry>();
    for (const file of await filesOf(wanted, call)) {
      if (!isBelow(file.path, wanted.path)) continue;
      const rest = wanted.path === "" ? file.path : file.path.slice(wanted.path.length + 1);
      const [name = "", ...more] = rest.split("/");
      const path = pathOf(wanted, wanted.path === "" ? name : `${wanted.path}/${name}`);
      const folder = { path, folder: true, bytes: null, digest: null };
      children.set(name, more.length > 0 ? folder : { ...file, path, folder: false });
    }
    return [...children.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  const put: ArtifactTree["put"] = async (place, call, body) => {
    refuseVersions(place);
    return tree.put(place, call, body);
  };

  async function remove(place: ArtifactPlace, call: Call): Promise<void> {
    refuseVersions(place);
    return tree.remove(place, call);
  }

  return { ...tree, find, open, list, put, remove };
}

/** The version that a path of the proxy leads into; undefined for everything else. */
function placeInVersion({ owner, path }: ArtifactPlace): VersionPlace | undefined {
  if (owner.kind !== "project") return undefined;
  const [folder, digest = "", ...rest] = path.split("/").filter((segment) => segment !== "");
  return folder === VERSIONS_FOLDER ? { digest, path: rest.join("/") } : undefined;
}

function refuseVersions(place: ArtifactPlace): void {
  if (placeInVersion(place) === undefined) return;
  throw fail("PERMISSION_DENIED", {
    message: "The files of a version never change",
    field: "path",
    value: place.path,
    help: "Log them to a run or a model, and register another version.",
  });
}

function isBelow(path: string, folder: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

function pathOf({ digest }: VersionPlace, path: string): string {
  return `${VERSIONS_FOLDER}/${digest}${path === "" ? "" : `/${path}`}`;
}

function noFile({ digest, path }: VersionPlace): Error {
  return fail("NOT_FOUND", {
    message: `No version of this project has the digest ${digest} and the file '${path}'`,
    field: "path",
    value: path,
    help: "Ask for the address of the version again: it may have been deleted.",
  });
}
