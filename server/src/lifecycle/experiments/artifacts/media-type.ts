import { nameOfPath } from "./artifact-path.ts";

/** What files are, by the ending of their names; everything else is octets. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  gif: "image/gif",
  htm: "text/html; charset=utf-8",
  html: "text/html; charset=utf-8",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  log: "text/plain; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  py: "text/plain; charset=utf-8",
  svg: "image/svg+xml",
  toml: "text/plain; charset=utf-8",
  ts: "text/plain; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  wav: "audio/wav",
  webp: "image/webp",
  xml: "text/xml; charset=utf-8",
  yaml: "text/plain; charset=utf-8",
  yml: "text/plain; charset=utf-8",
};

const OCTETS = "application/octet-stream";

/** Text without an ending of its own, as MLflow writes it. */
const TEXTS = ["MLmodel", "MLproject", "LICENSE", "README", "Dockerfile"];

/** The media type of a file by its name. */
export function mediaTypeOf(path: string): string {
  const name = nameOfPath(path);
  if (TEXTS.includes(name)) return "text/plain; charset=utf-8";
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(MEDIA_TYPES, ending) ? (MEDIA_TYPES[ending] ?? OCTETS) : OCTETS;
}
