import { mediaTypeOf, nameOfPath } from "../../lifecycle/experiments/index.ts";

const TEXT = "text/plain";

/** Endings of text that the wire knows by no other name. */
const TEXT_ENDINGS: readonly string[] = [
  ...["txt", "log", "err", "md", "rst", "csv", "tsv", "json", "ipynb", "xml", "yaml", "yml", "toml", "hocon"],
  ...["cfg", "conf", "cnf", "cf", "ini", "properties", "prop", "py", "py3", "js"],
];
const TEXT_NAMES: readonly string[] = ["MLmodel", "MLproject", "mlproject"];

/** Characters that a file name may have without quotes. */
const TOKEN = /^[!#$&+.^_`|~0-9A-Za-z%-]+$/;

/** What a file is sent with: it is saved, never shown, for what is stored may be anything. */
export function attachmentHeaders(path: string): { "content-type": string; "content-disposition": string } {
  const name = nameOfPath(path);
  return { "content-type": wireType(name), "content-disposition": `attachment; ${fileName(name)}` };
}

/** Clients compare the type as a whole, so that it names no charset. */
function wireType(name: string): string {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  if (TEXT_NAMES.includes(name) || TEXT_ENDINGS.includes(ending)) return TEXT;
  return mediaTypeOf(name).replace(/;.*$/, "");
}

/** The name twice where it has letters that old clients do not read. */
function fileName(name: string): string {
  if (TOKEN.test(name)) return `filename=${name}`;
  const plain = name
    .normalize("NFKD")
    .replaceAll(/[^ -~]/g, "")
    .replaceAll(/["\\]/g, "\\$&");
  const quoted = `filename="${plain}"`;
  return /^[ -~]*$/.test(name) ? quoted : `${quoted}; filename*=UTF-8''${encodeURIComponent(name)}`;
}
