import type { IncomingHttpHeaders } from "node:http";
import {
  type ArtifactPlace,
  type ArtifactTreeService,
  parseByteRange,
} from "../../lifecycle/experiments/index.ts";
import type { Call } from "../../platform/access/index.ts";
import { attachmentHeaders } from "./attachment-headers.ts";
import { mlflowError } from "./errors.ts";
import { WireReply } from "./route.ts";

/** Answers a file, or the range of it that was asked for. */
export async function sendFile(
  tree: Pick<ArtifactTreeService, "find" | "open">,
  place: ArtifactPlace,
  { call, headers }: { call: Call; headers: IncomingHttpHeaders },
): Promise<WireReply> {
  const { path, folder, bytes, digest } = await tree.find(place, call);
  if (folder || bytes === null || digest === null) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Artifact path refers to a directory, not a file: '${path}'`,
    );
  }
  const etag = `"${digest}"`;
  const about = {
    ...attachmentHeaders(path),
    "accept-ranges": "bytes",
    etag,
  };
  const condition = headers["if-range"];
  const asked = condition === undefined || condition === etag ? headers.range : undefined;
  const range = parseByteRange(asked, bytes);
  if (range === "none") {
    return new WireReply({ status: 416, headers: { ...about, "content-range": `bytes */${bytes}` } });
  }
  const { stream } = await tree.open({ ...place, ...(range === "all" ? {} : { range }) }, call);
  if (range === "all") return new WireReply({ headers: { ...about, "content-length": bytes }, body: stream });
  const { start, end } = range;
  return new WireReply({
    status: 206,
    headers: {
      ...about,
      "content-length": end - start + 1,
      "content-range": `bytes ${start}-${end}/${bytes}`,
    },
    body: stream,
  });
}
