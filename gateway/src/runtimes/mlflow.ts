import { fail, type Signature } from "@causeway/contract";
import {
  type FolderRuntime,
  type Inspection,
  PYTHON_FORMS,
  type PythonForm,
  type Row,
  Structured,
  type Tensor,
} from "./define.ts";
import { joinTensors } from "./join-tensors.ts";
import { decodeOutputs, encodeColumns, type OutputHeader, outputInfo } from "./python-columns.ts";
import type { Frame } from "./python-frames.ts";
import { superviseModel } from "./python-supervisor.ts";

/** What is known of a model that no example could be answered for: each answer is told as it comes. */
const UNKNOWN_OUTPUT: OutputHeader = { name: "predictions", datatype: "BYTES", rowShape: [], json: true };

/** MLflow models of every flavour, in a process of Python with the model's own packages. Nothing is unpickled here. */
export const mlflow: FolderRuntime = {
  holds: "folder",
  format: "mlflow",
  platform: "mlflow_pyfunc",
  async load(place, signature, watch) {
    const model = await superviseModel(place, watch);
    const inspection = inspectionOf(model.ready);
    let form = formOf(model.ready);

    async function runGroup(rows: readonly Row[], params: unknown): Promise<Tensor[]> {
      const { columns, parts } = encodeColumns(rows, signature);
      const isOpen = signature.open === true;
      const asked = { kind: "run", rows: rows.length, columns, open: isOpen, params: params ?? null };
      const answer = await model.ask(asked, parts);
      if (answer.header["kind"] !== "answer") throw refusal(answer);
      form = formOf(answer);
      return decodeOutputs(answer, rows.length);
    }

    return {
      inspection,
      outputs: inspection.outputs,
      labels: inspection.labels,
      // Python's own numbers and texts can all be missing; the signature says where they may.
      takesNull: signature.inputs.map(({ type }) => type !== "tensor"),
      async run(rows) {
        const groups = groupByParams(rows, signature);
        const [only] = groups;
        if (only && groups.length === 1) return runGroup(only.rows, only.params);
        const parts: Tensor[][] = [];
        for (const { rows: own, params } of groups) parts.push(await runGroup(own, params));
        return joined(parts, rows.length);
      },
      release: model.release,
      process: model.process,
      form: () => form,
    };
  },
};

/** What a process said of its model when it was ready. */
function inspectionOf(ready: Frame): Inspection {
  const { header } = ready;
  return {
    inputs: [],
    outputs: outputsOf(ready).map(outputInfo),
    labels: labelsOf(ready),
    python: {
      form: formOf(ready),
      // The worker of this repository wrote them, as records.
      examples: (header["examples"] ?? []) as Record<string, unknown>[],
      exampleProblem: typeof header["exampleProblem"] === "string" ? header["exampleProblem"] : null,
      loadMs: Number(header["loadMs"]),
      memoryBytes: Number(header["memoryBytes"]),
    },
  };
}

type Group = { readonly params: unknown; readonly rows: Row[] };

/** Rows that follow each other and share the parameters of their request. */
function groupByParams(rows: readonly Row[], { inputs, open }: Signature): Group[] {
  const place = open === true ? 1 : inputs.length;
  const groups: Group[] = [];
  for (const row of rows) {
    const given = row[place];
    const params = given instanceof Structured ? given.json : undefined;
    const last = groups.at(-1);
    if (last && last.params === params) last.rows.push(row);
    else groups.push({ params, rows: [row] });
  }
  return groups;
}

/** Answers of several runs as one. */
function joined(parts: readonly Tensor[][], rows: number): Tensor[] {
  const [first = []] = parts;
  return first.flatMap((tensor, index) => {
    const own = parts.flatMap((part) => part[index] ?? []);
    if (own.some(({ datatype, width }) => datatype !== tensor.datatype || width !== tensor.width)) {
      throw fail("INTERNAL", {
        message: `the model's output ${tensor.name} changed its type between two runs`,
        help: "send requests with other parameters apart from each other",
      });
    }
    return joinTensors(own, rows) ?? [];
  });
}

function outputsOf({ header }: Frame): readonly OutputHeader[] {
  // The worker of this repository wrote it.
  return (header["outputs"] as OutputHeader[] | null) ?? [UNKNOWN_OUTPUT];
}

function labelsOf({ header }: Frame): readonly string[] | null {
  const labels = header["labels"];
  return Array.isArray(labels) ? labels.map(String) : null;
}

function formOf({ header }: Frame): PythonForm {
  return PYTHON_FORMS.find((form) => form === header["form"]) ?? "unknown";
}

/** The model's own words: rows that it does not take are the caller's matter, everything else its own. */
function refusal({ header }: Frame) {
  const message = String(header["message"] ?? "the model said nothing");
  return header["kind"] === "refused"
    ? fail("INVALID_FIELD", {
        message,
        field: "record",
        help: "send the columns of the model's signature in their types",
      })
    : fail("INTERNAL", { message: `the model failed on this request: ${message}` });
}
