import { gzipSync } from "node:zlib";

/** A file of a bundle; paths are relative, with forward slashes. */
export type BundleFile = { readonly path: string; readonly bytes: Uint8Array };

const BLOCK = 512;
const OS_BYTE = 9;
const OS_UNKNOWN = 255;

/** Packs files as a gzipped tar that is the same for the same files: sorted, without times, owners and machine. */
export function packTar(files: readonly BundleFile[]): Uint8Array {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const blocks = sorted.flatMap(({ path, bytes }) => [
    header(path, bytes.length),
    bytes,
    padding(bytes.length),
  ]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  packed[OS_BYTE] = OS_UNKNOWN;
  return packed;
}

function padding(length: number): Uint8Array {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);
}

/** A ustar header (POSIX.1-1988): a name of up to 100 bytes, and a prefix of up to 155 before it. */
function header(path: string, length: number): Uint8Array {
  const { prefix, name } = splitPath(path);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${length.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  block.write(prefix, 345, 155);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: "", name: path };
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { prefix, name };
  }
  throw new RangeError(`the path ${path} is too long for a bundle`);
}
