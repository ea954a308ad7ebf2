import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { fail } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Artifacts } from "../../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../../platform/database/index.ts";
import type { TreeEntry } from "../tracking.ts";
import { placeOfProxyPath } from "./artifact-address.ts";
import { artifactFilePath } from "./artifact-path.ts";
import type { ArtifactTreeService } from "./artifact-tree-service.ts";
import { type NamedPart, orderParts } from "./upload-parts.ts";
import { PART_NAMING, type StoredUpload, uploadStore } from "./upload-store.ts";

/** What uploads in parts are made from. */
export type UploadParts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "writeFor" | "read" | "releaseAll">;
  readonly tree: ArtifactTreeService;
};

const SWEEP_BATCH = 100;

/** Uploads that come in parts. */
export type Uploads = ReturnType<typeof createUploads>;

/** Makes the service of uploads that come in parts, in any order. Parts are on the disk: an upload survives a restart. */
export function createUploads({ database, artifacts, tree }: UploadParts) {
  const { db } = database;

  /** Opens an upload to a path of the proxy. */
  async function begin(input: { path: string; parts: number }, call: Call): Promise<{ id: string }> {
    const path = artifactFilePath(input.path);
    await tree.requireOwner(placeOfProxyPath(path).owner, call, "write");
    const id = randomBytes(32).toString("hex");
    const { project } = call.scope;
    await uploadStore(db).insert({ id, project, path, parts: input.parts, createdBy: call.actor });
    return { id };
  }

  /** Keeps one part; one that comes again takes the place of the one before. */
  async function putPart(
    { upload: id, number }: { upload: string; number: number },
    call: Call,
    body: Readable,
  ): Promise<{ digest: string }> {
    const upload = await find(id, call);
    if (number < 1 || number > upload.parts) {
      throw fail("INVALID_FIELD", {
        message: `The upload has parts 1 to ${upload.parts}, not ${number}`,
        field: "part_number",
        value: number,
        help: "Send the parts that the upload was opened with.",
      });
    }
    const { digest } = await artifacts.writeFor(
      body,
      { signal: call.signal },
      {
        owner: { project: upload.project, subject: partSubject(id, number) },
        naming: PART_NAMING,
        values: [id, number],
      },
    );
    return { digest };
  }

  /** Joins the parts to the file. */
  async function complete(
    { upload: id, path, parts }: { upload: string; path: string; parts: readonly NamedPart[] },
    call: Call,
  ): Promise<TreeEntry> {
    const upload = await find(id, call, path);
    const ordered = orderParts(await uploadStore(db).listParts(id), parts, upload.parts);
    const joined = Readable.from(join(ordered), { objectMode: false });
    const entry = await tree.put(placeOfProxyPath(upload.path), call, joined);
    await drop(upload);
    return entry;
  }

  async function* join(parts: readonly { digest: string }[]): AsyncGenerator<Buffer, void> {
    for (const { digest } of parts) yield* artifacts.read(digest);
  }

  /** Ends an upload without a file; one that has ended already is content. */
  async function abort({ upload: id, path }: { upload: string; path: string }, call: Call): Promise<void> {
    const upload = await uploadStore(db).find(call.scope.project, id);
    if (upload !== undefined && upload.path === artifactFilePath(path)) await drop(upload);
  }

  async function find(id: string, call: Call, path?: string): Promise<StoredUpload> {
    const upload = await uploadStore(db).find(call.scope.project, id);
    if (upload !== undefined && (path === undefined || upload.path === artifactFilePath(path))) return upload;
    throw fail("NOT_FOUND", {
      message: `There is no upload ${id} to this path`,
      field: "upload_id",
      value: id,
      help: "It was completed, aborted, or left alone for a day: begin a new one.",
    });
  }

  function drop({ id, project, parts }: Pick<StoredUpload, "id" | "project" | "parts">): Promise<void> {
    return db.transaction().execute(async (tx: Tx) => {
      await uploadStore(tx).delete(id);
      const subjects = Array.from({ length: parts }, (_, index) => partSubject(id, index + 1));
      await artifacts.releaseAll(tx, project, subjects);
    });
  }

  /** Drops uploads that nobody completed. */
  async function sweep(olderThan: Date): Promise<{ removed: number }> {
    for (let removed = 0; ; ) {
      const stale = await uploadStore(db).listOlder(olderThan, SWEEP_BATCH);
      for (const upload of stale) await drop(upload);
      removed += stale.length;
      if (stale.length < SWEEP_BATCH) return { removed };
    }
  }

  return { begin, putPart, complete, abort, sweep };
}

const partSubject = (upload: string, number: number): string =>
  `/api/experiments/uploads/${upload}/parts/${number}`;
