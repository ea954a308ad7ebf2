import type { Readable } from "node:stream";
import { fail, type Run, type RunArtifact } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import { keysetPage } from "../../../platform/paging/index.ts";
import type { TreeOwner } from "../tracking.ts";
import { nameOfPath } from "./artifact-path.ts";
import type { ArtifactTreeService } from "./artifact-tree-service.ts";
import { mediaTypeOf } from "./media-type.ts";

/** Largest file that is shown, in bytes. */
const LARGEST_PREVIEW = 10 * 1024 * 1024;

/** What the files of runs are made from. */
export type RunArtifactsParts = {
  readonly tree: ArtifactTreeService;
  /** A run of the caller's project by its id or a prefix of it. */
  readonly getRun: (input: { run: string }, call: Call) => Promise<Run>;
};

/** Makes the service that answers the endpoints of a run's files. */
export function createRunArtifacts({ tree, getRun }: RunArtifactsParts) {
  async function ownerOf(input: { run: string }, call: Call): Promise<TreeOwner> {
    return { kind: "run", id: (await getRun(input, call)).id };
  }

  async function listArtifacts(
    input: { run: string; limit: number; after?: string | undefined },
    call: Call,
  ): Promise<{ items: RunArtifact[]; next: string | null }> {
    const owner = await ownerOf(input, call);
    const files = await tree.page({ owner, after: input.after, limit: input.limit + 1 }, call);
    const { items, next } = keysetPage(files, input.limit, ({ path }) => path);
    return { items: [...items], next };
  }

  async function uploadArtifact(
    input: { run: string; path: string },
    call: Call,
    body: Readable,
  ): Promise<RunArtifact> {
    const owner = await ownerOf(input, call);
    return asArtifact(await tree.put({ owner, path: input.path }, call, body));
  }

  async function findArtifact(input: { run: string; path: string }, call: Call): Promise<RunArtifact> {
    const owner = await ownerOf(input, call);
    return asArtifact(await tree.findFile({ owner, path: input.path }, call));
  }

  async function downloadArtifact(input: { run: string; path: string }, call: Call) {
    const owner = await ownerOf(input, call);
    const { stream, bytes } = await tree.open({ owner, path: input.path }, call);
    return { stream, bytes, name: nameOfPath(input.path) };
  }

  /** A file to be shown: small, with its media type. */
  async function previewArtifact(input: { run: string; path: string }, call: Call) {
    const owner = await ownerOf(input, call);
    const { bytes } = await tree.findFile({ owner, path: input.path }, call);
    if (bytes > LARGEST_PREVIEW) {
      throw fail("PAYLOAD_TOO_LARGE", {
        message: `${input.path} has ${bytes} bytes; at most ${LARGEST_PREVIEW} are shown`,
        field: "path",
        value: input.path,
        help: "Download it instead.",
      });
    }
    const { stream } = await tree.open({ owner, path: input.path }, call);
    return { stream, bytes, name: nameOfPath(input.path), mediaType: mediaTypeOf(input.path), shown: true };
  }

  return { listArtifacts, uploadArtifact, findArtifact, downloadArtifact, previewArtifact };
}

function asArtifact({ path, digest, bytes }: { path: string; digest: string | null; bytes: number | null }) {
  if (digest === null || bytes === null) throw new Error(`${path} is a folder where a file was asked for`);
  return { path, digest, bytes };
}
