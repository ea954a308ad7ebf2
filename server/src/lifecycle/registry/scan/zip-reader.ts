import { inflateRawSync } from "node:zlib";

/** A member of a zip; `bytes` gives its content, or null where it is larger than what is looked at. */
export type ZipMember = {
  readonly name: string;
  readonly size: number;
  readonly bytes: () => Uint8Array | null;
};

const END_SIGNATURE = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const MEMBER_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const WIDE = 0xffffffff;

/** True where bytes begin as a zip does. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 0x03 || bytes[2] === 0x05);
}

/** The members of a zip by its central directory; throws where there is none. `most` bounds each member's bytes. */
export function readZip(bytes: Uint8Array, most: number): ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === null) throw new RangeError("it has no directory");
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if ((at === WIDE || count === 0xffff) && end >= 20 && view.getUint32(end - 20, true) === END64_LOCATOR) {
    const wide = Number(view.getBigUint64(end - 12, true));
    count = Number(view.getBigUint64(wide + 32, true));
    at = Number(view.getBigUint64(wide + 48, true));
  }
  const members: ZipMember[] = [];
  const text = new TextDecoder();
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== MEMBER_SIGNATURE) throw new RangeError("its directory is damaged");
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const commentBytes = view.getUint16(at + 32, true);
    const name = text.decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const sizes = widened(view, {
      at: at + 46 + nameBytes,
      length: extraBytes,
      packed,
      size,
      offset: view.getUint32(at + 42, true),
    });
    members.push({ name, size: sizes.size, bytes: () => contentOf({ bytes, view, method, most }, sizes) });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return members;
}

type Sizes = { readonly packed: number; readonly size: number; readonly offset: number };

/** Sizes that do not fit 32 bits stand in a field of their own, in this order, only those that do not fit. */
function widened(
  view: DataView,
  { at, length, packed, size, offset }: Sizes & { readonly at: number; readonly length: number },
): Sizes {
  for (let field = at; field + 4 <= at + length; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let place = field + 4;
    const next = (value: number): number => {
      if (value !== WIDE) return value;
      place += 8;
      return Number(view.getBigUint64(place - 8, true));
    };
    const wideSize = next(size);
    return { size: wideSize, packed: next(packed), offset: next(offset) };
  }
  return { packed, size, offset };
}

type Source = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly method: number;
  readonly most: number;
};

function contentOf(
  { bytes, view, method, most }: Source,
  { packed, size, offset }: Sizes,
): Uint8Array | null {
  const from = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const stored = bytes.subarray(from, from + packed);
  if (method === 0) return stored.length > most ? null : stored;
  if (method !== 8 || size > most) return null;
  try {
    // The size in the directory is a claim; what comes out is bounded by itself.
    return inflateRawSync(stored, { maxOutputLength: most });
  } catch {
    return null;
  }
}

function findEnd(view: DataView): number | null {
  const least = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= least; at--)
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  return null;
}
