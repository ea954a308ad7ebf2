import { fail, type Gate, type ModelVersion } from "@causeway/contract";

/** Refuses a request that leans on a gate which judged something else, or did not let the version pass. */
export function checkGateBehind(
  gate: Gate | undefined,
  asked: { readonly gate: string; readonly version: Pick<ModelVersion, "model" | "version" | "refitOf"> },
): void {
  const { model, version, refitOf } = asked.version;
  const isOwn = gate?.model === model && (gate.version === version || gate.version === refitOf);
  if (gate === undefined || !isOwn) {
    throw fail("CONFLICT", {
      message: `The gate ${asked.gate} judged neither version ${version} of ${model} nor the one that it repeats`,
      field: "gate",
      value: asked.gate,
      help: `Judge it: npx --no causeway registry gate ${model}@${version} --rows <dataset@version>`,
    });
  }
  if (gate.passed === true) return;
  throw fail("CONFLICT", {
    message:
      gate.passed === null
        ? `The gate has judged nothing: ${gate.problem ?? gate.state}`
        : `The gate refused it: ${gate.summary ?? ""}`,
    field: "gate",
    value: asked.gate,
    help:
      gate.passed === null
        ? "Wait for the gate's end, or start another."
        : "Leave the gate out to ask all the same, or train another version.",
  });
}
