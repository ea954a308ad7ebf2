import type { FieldType, Signature, SignatureInput } from "@causeway/contract";

/** An input with nothing known of its values. */
export function column(name: string, type: FieldType, more: Partial<SignatureInput> = {}): SignatureInput {
  return { name, type, nullable: false, categories: null, range: null, ...more };
}

/** A signature for tests. */
export function signature(inputs: SignatureInput[], more: Partial<Signature> = {}): Signature {
  return { task: "other", target: null, classes: [], inputs, ...more };
}
