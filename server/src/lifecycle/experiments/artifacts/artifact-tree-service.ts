import type { Readable } from "node:stream";
import { fail } from "@causeway/contract";
import { type Call, requirePermission } from "../../../platform/access/index.ts";
import type { Artifacts, Keeper } from "../../../platform/artifacts/index.ts";
import { askDriver, type Database, type Tx } from "../../../platform/database/index.ts";
import { createBoundedMap } from "../bounded-map.ts";
import type { TreeEntry, TreeOwner } from "../tracking.ts";
import { fileSubject, ownerKey, placeOfUri } from "./artifact-address.ts";
import { artifactOwnerStore, type StoredOwner } from "./artifact-owner-store.ts";
import { areInEachOther, artifactFilePath, normalArtifactPath } from "./artifact-path.ts";
import {
  artifactTreeStore,
  FILE_NAMING,
  fileValues,
  type StoredChild,
  type StoredFile,
} from "./artifact-tree-store.ts";

/** Files of runs, logged models and traces. A path is relative, with forward slashes, contained; NOT_FOUND where nothing is. */
export type ArtifactTree = {
  /** Bytes are on the disk under their digest before the path names them. */
  put(input: { owner: TreeOwner; path: string }, call: Call, body: Readable): Promise<TreeEntry>;
  find(input: { owner: TreeOwner; path: string }, call: Call): Promise<TreeEntry>;
  /** The bytes, or a range of them (`end` inclusive); verified on the way, a mismatch destroys the stream. */
  open(
    input: { owner: TreeOwner; path: string; range?: { start: number; end: number } | undefined },
    call: Call,
  ): Promise<{ stream: Readable; bytes: number; digest: string }>;
  /** The direct children of a folder, by path; the empty path is the root. */
  list(input: { owner: TreeOwner; path: string }, call: Call): Promise<readonly TreeEntry[]>;
  /** Every file below a folder. */
  walk(input: { owner: TreeOwner; path: string }, call: Call): Promise<readonly TreeEntry[]>;
  /** Removes a file, or a folder with all that is in it. */
  remove(input: { owner: TreeOwner; path: string }, call: Call): Promise<void>;
  /** What an address of a client means here: `mlflow-artifacts:/…`, `runs:/…`, `models:/m-…`; undefined for foreign stores. */
  resolve(uri: string, call: Call): Promise<{ owner: TreeOwner; path: string } | undefined>;
};

/** What the tree is made from. */
export type ArtifactTreeParts = {
  readonly database: Pick<Database, "db" | "keyed">;
  readonly artifacts: Pick<Artifacts, "writeFor" | "nameStored" | "read" | "readRange" | "releaseAll">;
};

/** Owners whose writers are not looked up again. */
const MOST_OWNERS = 5_000;
/** The project's own files, which no step made. */
const NOBODYS: StoredOwner = { step: null };

type Place = { owner: TreeOwner; path: string };

/** The tree, with what the stage itself needs of it. */
export type ArtifactTreeService = ReturnType<typeof createArtifactTree>;

/** Makes the tree of files that runs, logged models, traces and projects have. */
export function createArtifactTree({ database, artifacts }: ArtifactTreeParts) {
  const { db, keyed } = database;
  const store = artifactTreeStore(db);
  const findOwner = artifactOwnerStore(askDriver(keyed));
  const owners = createBoundedMap<string, StoredOwner>(MOST_OWNERS);
  /** Paths that are being written in this process, by owner: two of them must not become file and folder of one name. */
  const writing = new Map<string, Map<string, Promise<unknown>>>();

  async function look(owner: TreeOwner, project: string): Promise<StoredOwner | undefined> {
    return owner.kind === "project" ? NOBODYS : findOwner(owner, project);
  }

  /** Throws where the owner is not in the caller's project, or a step's token reaches for what another step made. */
  async function requireOwner(owner: TreeOwner, call: Call, access: "read" | "write"): Promise<void> {
    allow(await look(owner, call.scope.project), { owner, call, access });
  }

  /**
   * The same for a file that is being written, whose naming looks for the owner once more. Whose an owner is, and which step
   * made it, never changes, so that one that was seen is not asked for again.
   */
  async function requireWriter(owner: TreeOwner, call: Call): Promise<void> {
    const { project } = call.scope;
    const key = `${project}/${ownerKey(owner, project)}`;
    const found = owners.get(key) ?? (await look(owner, project));
    if (found !== undefined) owners.set(key, found);
    allow(found, { owner, call, access: "write" });
  }

  async function put({ owner, path: given }: Place, call: Call, body: Readable): Promise<TreeEntry> {
    const path = artifactFilePath(given);
    const { project } = call.scope;
    const allowed = requireWriter(owner, call);
    // It is awaited below, beside the bytes; a refusal that comes earlier must not end the process.
    allowed.catch(() => undefined);
    const keeper = keeperOf({ owner, path }, project);
    const { digest, bytes, named } = await inTurn(ownerKey(owner, project), path, () =>
      artifacts.writeFor(body, { allowed, signal: call.signal }, keeper),
    );
    if (!named) {
      await requireOwner(owner, call, "write");
      throw noPlace(path);
    }
    return viewFile({ path, digest, bytes });
  }

  /** Gives a path to bytes that are stored already. */
  async function add(
    tx: Tx,
    { owner, path: given, digest, bytes }: Place & { digest: string; bytes: number },
    call: Pick<Call, "scope">,
  ): Promise<void> {
    const path = artifactFilePath(given);
    const keeper = keeperOf({ owner, path }, call.scope.project);
    if (!(await artifacts.nameStored(tx, { digest, bytes }, keeper))) throw noPlace(path);
  }

  function keeperOf({ owner, path }: Place, project: string): Keeper {
    return {
      owner: { project, subject: fileSubject(owner, path) },
      naming: FILE_NAMING,
      values: fileValues(ownerKey(owner, project), path, owner.kind),
    };
  }

  /** Waits for writes that would make a file where this one needs a folder, or the other way round. */
  async function inTurn<Result>(key: string, path: string, write: () => Promise<Result>): Promise<Result> {
    const paths = writing.get(key) ?? new Map<string, Promise<unknown>>();
    writing.set(key, paths);
    const before = [...paths].filter(([other]) => other === path || areInEachOther(other, path));
    const turn = Promise.allSettled(before.map(([, one]) => one)).then(write);
    paths.set(path, turn);
    try {
      return await turn;
    } finally {
      if (paths.get(path) === turn) paths.delete(path);
      if (paths.size === 0) writing.delete(key);
    }
  }

  async function findFile({ owner, path: given }: Place, call: Call): Promise<StoredFile> {
    const path = normalArtifactPath(given);
    const [, file] = await Promise.all([
      requireOwner(owner, call, "read"),
      store.findFile(ownerKey(owner, call.scope.project), path),
    ]);
    if (file !== undefined) return file;
    throw fail("NOT_FOUND", {
      message: `No such artifact: '${path}'`,
      field: "path",
      value: path,
      help:
        owner.kind === "run"
          ? `npx --no causeway experiments artifacts ${owner.id}`
          : "List the folder to see what is there.",
    });
  }

  async function find(place: Place, call: Call): Promise<TreeEntry> {
    const path = normalArtifactPath(place.path);
    await requireOwner(place.owner, call, "read");
    const key = ownerKey(place.owner, call.scope.project);
    const file = await store.findFile(key, path);
    if (file !== undefined) return viewFile(file);
    if (await store.hasBelow(key, path)) return { path, folder: true, bytes: null, digest: null };
    return viewFile(await findFile(place, call));
  }

  async function open(place: Place & { range?: { start: number; end: number } | undefined }, call: Call) {
    const { digest, bytes } = await findFile(place, call);
    const stream =
      place.range === undefined ? artifacts.read(digest) : await artifacts.readRange(digest, place.range);
    return { stream, bytes, digest };
  }

  async function list({ owner, path: given }: Place, call: Call): Promise<readonly StoredChild[]> {
    const path = normalArtifactPath(given);
    await requireOwner(owner, call, "read");
    return store.listChildren(ownerKey(owner, call.scope.project), path);
  }

  async function walk({ owner, path: given }: Place, call: Call): Promise<readonly TreeEntry[]> {
    const folder = normalArtifactPath(given);
    await requireOwner(owner, call, "read");
    return (await store.listFiles({ owner: ownerKey(owner, call.scope.project), folder })).map(viewFile);
  }

  /** A page of all files of an owner, by path. */
  async function page(
    { owner, after, limit }: { owner: TreeOwner; after: string | undefined; limit: number },
    call: Call,
  ): Promise<readonly StoredFile[]> {
    await requireOwner(owner, call, "read");
    return store.listFiles({ owner: ownerKey(owner, call.scope.project), folder: "", after, limit });
  }

  async function remove({ owner, path: given }: Place, call: Call): Promise<void> {
    const path = normalArtifactPath(given);
    await requireOwner(owner, call, "write");
    await db.transaction().execute((tx) => forget(tx, { owner, path }, call));
  }

  /** Lets go of a file, of a folder, or with the empty path of everything that an owner has, in the caller's transaction. */
  async function forget(tx: Tx, { owner, path }: Place, call: Pick<Call, "scope">): Promise<void> {
    const { project } = call.scope;
    const gone = await artifactTreeStore(tx).delete(ownerKey(owner, project), path);
    await artifacts.releaseAll(
      tx,
      project,
      gone.map((one) => fileSubject(owner, one)),
    );
  }

  /** The address by which clients know the files of a run or a logged model. */
  async function rootOf(owner: { kind: "run" | "model"; id: string }, call: Call): Promise<string> {
    const root = await store.findRoot(owner, call.scope.project);
    if (root === undefined) throw noOwner(owner);
    return root;
  }

  async function resolve(uri: string, call: Call): Promise<{ owner: TreeOwner; path: string } | undefined> {
    const place = placeOfUri(uri);
    if (place === undefined) return undefined;
    const path = normalArtifactPath(place.path);
    await requireOwner(place.owner, call, "read");
    return { owner: place.owner, path };
  }

  return {
    requireOwner,
    put,
    add,
    find,
    findFile,
    open,
    list,
    walk,
    page,
    rootOf,
    remove,
    forget,
    resolve,
  } satisfies ArtifactTree & Record<string, unknown>;
}

/** Throws where there is no owner, or a step's token reaches for what another step made. */
function allow(
  found: StoredOwner | undefined,
  { owner, call, access }: { owner: TreeOwner; call: Call; access: "read" | "write" },
): void {
  if (found === undefined) throw noOwner(owner);
  if (access === "read" || call.attempt === undefined) return;
  if (found.step !== null && call.actor.id === `${found.step.pipeline}/${found.step.run}`) return;
  requirePermission({ actor: call.actor, permissions: new Set() }, "experiments:write");
}

function viewFile({ path, digest, bytes }: StoredFile): TreeEntry {
  return { path, folder: false, bytes, digest };
}

function noPlace(path: string) {
  return fail("CONFLICT", {
    message: `${path} cannot be a file: it is a folder, or a part of it is a file`,
    field: "path",
    value: path,
    help: "Give another path, or delete what is there.",
  });
}

function noOwner(owner: TreeOwner) {
  const id = owner.kind === "project" ? "" : owner.id;
  return fail("NOT_FOUND", {
    message: `there is no ${owner.kind} ${id}`,
    field: owner.kind,
    value: id,
    help: "Look whether it is of this project, and was not removed for good.",
  });
}
