import { MARK, OTHER, type PickleValue, rawArrayOf } from "./pickle-values.ts";

/** Something that a pickle imports when it is loaded. */
export type PickleImport = { readonly module: string; readonly name: string };

/** What a look at a pickle found. */
export type PickleWalk = {
  readonly imports: readonly PickleImport[];
  /** Modules that are imported by name, through `importlib` or cloudpickle. */
  readonly modules: readonly string[];
  /** True where a name that is imported is made up only while loading. */
  readonly hidden: boolean;
  /** What could not be read, and where; null where every byte was understood. */
  readonly problem: string | null;
};

/** More opcodes than this are no model. */
const MOST_OPCODES = 200_000_000;

/** True where bytes begin as a pickle of protocol 2 or later does. */
export function looksLikePickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && (bytes[1] ?? 0xff) >= 2 && (bytes[1] ?? 0xff) <= 5;
}

/**
 * Walks the opcodes of pickles (Python's pickletools names them, protocols 0 to 5), one after the other as torch and joblib
 * write them, and tells what they import. Nothing is loaded: the stack holds names and texts only.
 */
export function walkPickle(bytes: Uint8Array): PickleWalk {
  const walk = createWalk(bytes);
  let at = 0;
  let problem: string | null = null;
  try {
    for (at = walk.pickle(0); at < bytes.length && looksLikePickle(bytes.subarray(at)); )
      at = walk.pickle(at);
  } catch (error) {
    if (!(error instanceof BadPickle)) throw error;
    problem = error.message;
  }
  return { ...walk.found(), problem };
}

class BadPickle extends Error {
  override readonly name = "BadPickle";
}

function createWalk(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder();
  const imports = new Map<string, PickleImport>();
  const modules = new Set<string>();
  let hidden = false;
  let opcodes = 0;

  /** Walks one pickle from its first byte; gives the place behind its last. */
  function pickle(from: number): number {
    let at = from;
    let stack: PickleValue[] = [];
    const memo = new Map<number, PickleValue>();

    const need = (count: number): number => {
      if (!Number.isSafeInteger(count) || count < 0 || at + count > bytes.length)
        throw new BadPickle(`it ends in the middle, at byte ${at}`);
      const start = at;
      at += count;
      return start;
    };
    const size = (width: 1 | 2 | 4 | 8): number => {
      const start = need(width);
      if (width === 1) return view.getUint8(start);
      if (width === 2) return view.getUint16(start, true);
      if (width === 4) return view.getUint32(start, true);
      return Number(view.getBigUint64(start, true));
    };
    const textOf = (count: number): string => {
      const start = need(count);
      // What is imported has short names; longer texts are values.
      return count > 4096 ? "" : text.decode(bytes.subarray(start, start + count));
    };
    const line = (): string => {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) throw new BadPickle(`a line without an end, at byte ${at}`);
      const said = text.decode(bytes.subarray(at, end));
      at = end + 1;
      return said;
    };
    const push = (value: PickleValue) => {
      stack.push(value);
    };
    const pop = (): PickleValue => stack.pop() ?? OTHER;
    const toMark = (): PickleValue[] => {
      const mark = stack.lastIndexOf(MARK);
      const items = mark < 0 ? stack : stack.slice(mark + 1);
      stack = mark < 0 ? [] : stack.slice(0, mark);
      return items;
    };
    const tuple = (items: readonly PickleValue[]) => push({ kind: "tuple", items });
    const bringIn = (module: PickleValue, name: PickleValue) => {
      if (module.kind === "text" && name.kind === "text" && module.text !== "" && name.text !== "") {
        imports.set(`${module.text} ${name.text}`, { module: module.text, name: name.text });
        push({ kind: "import", module: module.text, name: name.text });
      } else {
        hidden = true;
        push(OTHER);
      }
    };
    const make = (by: PickleValue, given: PickleValue) => {
      if (by.kind === "import" && isImporter(by) && given.kind === "tuple" && given.items[0]?.kind === "text")
        modules.add(given.items[0].text);
      push({ kind: "made", by, given, state: null });
    };
    const setItems = (items: readonly PickleValue[]) => {
      const target = stack.at(-1);
      if (target?.kind !== "dict") return;
      for (let index = 0; index + 1 < items.length; index += 2) {
        const key = items[index];
        if (key?.kind === "text") target.members.set(key.text, items[index + 1] ?? OTHER);
      }
    };
    const build = () => {
      const state = pop();
      const target = stack.at(-1);
      if (target?.kind !== "made") return;
      target.state = state;
      const raw = rawArrayOf(target);
      if (raw === null) return;
      if (raw.ofObjects) at = pickle(at);
      else {
        if (raw.padded) need(size(1));
        need(raw.bytes);
      }
    };

    for (;;) {
      opcodes += 1;
      if (opcodes > MOST_OPCODES) throw new BadPickle("it has more opcodes than any model");
      const opcode = size(1);
      switch (opcode) {
        case 0x2e: // STOP
          return at;
        case 0x28: // MARK
          push(MARK);
          break;
        case 0x30: // POP
          pop();
          break;
        case 0x31: // POP_MARK
          toMark();
          break;
        case 0x32: // DUP
          push(stack.at(-1) ?? OTHER);
          break;
        case 0x46: // FLOAT
        case 0x4c: // LONG
        case 0x50: // PERSID
          line();
          push(OTHER);
          break;
        case 0x49: // INT
          push({ kind: "number", number: Number(line()) });
          break;
        case 0x4a: // BININT
          push({ kind: "number", number: view.getInt32(need(4), true) });
          break;
        case 0x4b: // BININT1
          push({ kind: "number", number: size(1) });
          break;
        case 0x4d: // BININT2
          push({ kind: "number", number: size(2) });
          break;
        case 0x4e: // NONE
        case 0x88: // NEWTRUE
        case 0x89: // NEWFALSE
        case 0x8f: // EMPTY_SET
        case 0x5d: // EMPTY_LIST
          push(OTHER);
          break;
        case 0x51: // BINPERSID
          pop();
          push(OTHER);
          break;
        case 0x52: // REDUCE
        case 0x81: {
          // NEWOBJ
          const given = pop();
          make(pop(), given);
          break;
        }
        case 0x92: {
          // NEWOBJ_EX
          pop();
          const given = pop();
          make(pop(), given);
          break;
        }
        case 0x53: // STRING
          push({ kind: "text", text: line().replace(/^(['"])(.*)\1$/, "$2") });
          break;
        case 0x56: // UNICODE
          push({ kind: "text", text: line() });
          break;
        case 0x54: // BINSTRING
        case 0x58: // BINUNICODE
          push({ kind: "text", text: textOf(size(4)) });
          break;
        case 0x55: // SHORT_BINSTRING
        case 0x8c: // SHORT_BINUNICODE
          push({ kind: "text", text: textOf(size(1)) });
          break;
        case 0x8d: // BINUNICODE8
          push({ kind: "text", text: textOf(size(8)) });
          break;
        case 0x42: // BINBYTES
        case 0x8b: // LONG4
          need(size(4));
          push(OTHER);
          break;
        case 0x43: // SHORT_BINBYTES
        case 0x8a: {
          // LONG1
          const length = size(1);
          const start = need(length);
          push(
            opcode === 0x8a && length <= 6
              ? { kind: "number", number: littleEndian(bytes, start, length) }
              : OTHER,
          );
          break;
        }
        case 0x8e: // BINBYTES8
        case 0x96: // BYTEARRAY8
          need(size(8));
          push(OTHER);
          break;
        case 0x47: // BINFLOAT
          need(8);
          push(OTHER);
          break;
        case 0x61: // APPEND
          pop();
          break;
        case 0x65: // APPENDS
        case 0x90: // ADDITEMS
          toMark();
          break;
        case 0x62: // BUILD
          build();
          break;
        case 0x63: {
          // GLOBAL
          const module = line();
          bringIn({ kind: "text", text: module }, { kind: "text", text: line() });
          break;
        }
        case 0x93: {
          // STACK_GLOBAL
          const name = pop();
          bringIn(pop(), name);
          break;
        }
        case 0x69: {
          // INST
          const module = line();
          bringIn({ kind: "text", text: module }, { kind: "text", text: line() });
          const by = pop();
          make(by, { kind: "tuple", items: toMark() });
          break;
        }
        case 0x6f: {
          // OBJ
          const [by = OTHER, ...items] = toMark();
          make(by, { kind: "tuple", items });
          break;
        }
        case 0x7d: // EMPTY_DICT
          push({ kind: "dict", members: new Map() });
          break;
        case 0x64: {
          // DICT
          const items = toMark();
          push({ kind: "dict", members: new Map() });
          setItems(items);
          break;
        }
        case 0x73: {
          // SETITEM
          const value = pop();
          const key = pop();
          setItems([key, value]);
          break;
        }
        case 0x75: // SETITEMS
          setItems(toMark());
          break;
        case 0x6c: // LIST
        case 0x91: // FROZENSET
          toMark();
          push(OTHER);
          break;
        case 0x74: // TUPLE
          tuple(toMark());
          break;
        case 0x29: // EMPTY_TUPLE
          tuple([]);
          break;
        case 0x85: // TUPLE1
        case 0x86: // TUPLE2
        case 0x87: // TUPLE3
          tuple(stack.splice(Math.max(0, stack.length - (opcode - 0x84))));
          break;
        case 0x67: // GET
          push(memo.get(Number(line())) ?? OTHER);
          break;
        case 0x68: // BINGET
          push(memo.get(size(1)) ?? OTHER);
          break;
        case 0x6a: // LONG_BINGET
          push(memo.get(size(4)) ?? OTHER);
          break;
        case 0x70: // PUT
          memo.set(Number(line()), stack.at(-1) ?? OTHER);
          break;
        case 0x71: // BINPUT
          memo.set(size(1), stack.at(-1) ?? OTHER);
          break;
        case 0x72: // LONG_BINPUT
          memo.set(size(4), stack.at(-1) ?? OTHER);
          break;
        case 0x94: // MEMOIZE
          memo.set(memo.size, stack.at(-1) ?? OTHER);
          break;
        case 0x80: // PROTO
          need(1);
          break;
        case 0x95: // FRAME
          need(8);
          break;
        case 0x82: // EXT1
        case 0x83: // EXT2
        case 0x84: // EXT4: a class of a registry that only the loading program knows
          need(opcode === 0x82 ? 1 : opcode === 0x83 ? 2 : 4);
          hidden = true;
          push(OTHER);
          break;
        case 0x97: // NEXT_BUFFER
          push(OTHER);
          break;
        case 0x98: // READONLY_BUFFER
          break;
        default:
          throw new BadPickle(`byte ${at - 1} is no opcode of a pickle`);
      }
    }
  }

  return { pickle, found: () => ({ imports: [...imports.values()], modules: [...modules], hidden }) };
}

/** What imports a module that it is given by name. */
function isImporter({ module, name }: PickleImport): boolean {
  return name === "subimport" || name === "import_module" || (module === "builtins" && name === "__import__");
}

function littleEndian(bytes: Uint8Array, from: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index--) value = value * 256 + (bytes[from + index] ?? 0);
  return value;
}
