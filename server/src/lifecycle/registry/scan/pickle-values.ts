/** What the stack of a pickle holds, as far as a look without running it can tell. */
export type PickleValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "import"; readonly module: string; readonly name: string }
  | { readonly kind: "tuple"; readonly items: readonly PickleValue[] }
  | { readonly kind: "dict"; readonly members: Map<string, PickleValue> }
  | {
      readonly kind: "made";
      readonly by: PickleValue;
      readonly given: PickleValue;
      state: PickleValue | null;
    }
  | { readonly kind: "mark" }
  | { readonly kind: "other" };

export const OTHER: PickleValue = { kind: "other" };
export const MARK: PickleValue = { kind: "mark" };

/** The array that joblib wrote behind an object of its own, as raw bytes that are no opcodes. */
export type RawArray = {
  /** True where the array holds objects: then a pickle of its own follows. */
  readonly ofObjects: boolean;
  readonly bytes: number;
  /** True where one byte says how many bytes of padding stand before the array. */
  readonly padded: boolean;
};

/** The array behind an object that is complete; null where the object is none of joblib's. */
export function rawArrayOf(value: PickleValue): RawArray | null {
  if (value.kind !== "made" || value.state?.kind !== "dict") return null;
  const { by } = value;
  if (by.kind !== "import" || by.name !== "NumpyArrayWrapper" || !by.module.startsWith("joblib."))
    return null;
  const { members } = value.state;
  const shape = members.get("shape");
  const dtype = members.get("dtype");
  const code = dtype?.kind === "made" && dtype.given.kind === "tuple" ? dtype.given.items[0] : undefined;
  if (shape?.kind !== "tuple" || code?.kind !== "text") return null;
  const count = shape.items.reduce(
    (product, item) => product * (item.kind === "number" ? item.number : 1),
    1,
  );
  const alignment = members.get("numpy_array_alignment_bytes");
  return {
    ofObjects: code.text.startsWith("O"),
    bytes: count * itemBytes(code.text),
    padded: alignment?.kind === "number",
  };
}

/** Bytes of one element of numpy's type, for example 8 of `<f8` and 40 of `U10`. */
function itemBytes(dtype: string): number {
  const [, kind = "", digits = "1"] = /^[<>=|]?([a-zA-Z?])(\d*)/.exec(dtype) ?? [];
  const size = digits === "" ? 1 : Number(digits);
  if (kind === "U") return 4 * size;
  return kind === "M" || kind === "m" ? 8 : size;
}
