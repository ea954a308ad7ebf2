import { z } from "zod";

const Column = z.object({
  name: z.string().optional(),
  type: z.string(),
  required: z.boolean().optional(),
  "tensor-spec": z.object({ dtype: z.string(), shape: z.array(z.number()) }).optional(),
});

/** One input, output or parameter of a model as its MLmodel file has it. */
export type SignatureColumn = { name: string; type: string; required: boolean };
export type MlModelSignature = Record<(typeof PARTS)[number], SignatureColumn[]>;

const PARTS = ["inputs", "outputs", "params"] as const;

/** The signature in an MLmodel file: JSON texts inside YAML, folded over lines; undefined where there is none to read. */
export function signatureIn(text: string): MlModelSignature | undefined {
  const block = /^signature:\n((?:[ \t]+.*\n?|\n)+)/m.exec(text)?.[1];
  if (block === undefined) return undefined;
  const [inputs, outputs, params] = PARTS.map((part) => columnsOf(block, part));
  if (inputs === undefined && outputs === undefined) return undefined;
  return { inputs: inputs ?? [], outputs: outputs ?? [], params: params ?? [] };
}

function columnsOf(block: string, part: string): SignatureColumn[] | undefined {
  const quoted = new RegExp(`^[ \\t]+${part}: '((?:[^']|'')*)'`, "m").exec(block)?.[1];
  if (quoted === undefined) return undefined;
  const json = quoted.replaceAll("''", "'").replace(/\s*\n\s*/g, " ");
  const columns = z.array(Column).safeParse(parseJson(json));
  if (!columns.success) return undefined;
  return columns.data.map((column) => {
    const tensor = column["tensor-spec"];
    return {
      name: column.name ?? "",
      type: tensor === undefined ? column.type : `tensor ${tensor.dtype} [${tensor.shape.join(", ")}]`,
      required: column.required ?? true,
    };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
