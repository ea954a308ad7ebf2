import { fail, type Pipeline, type PolicySettings } from "@causeway/contract";

/** The pipeline's dataset param that gets fresh data, and the dataset that it means without. */
export type RetrainedDataset = {
  readonly param: string;
  readonly dataset: string;
  /** `latest`, or the id of a version that is always built on. */
  readonly version: string;
};

/** Finds the param and its dataset, or refuses a pipeline that cannot be given fresh rows. */
export function retrainedDataset(
  { name, latest }: Pick<Pipeline, "name" | "latest">,
  settings: Pick<PolicySettings, "param" | "params">,
): RetrainedDataset {
  const { datasetParams, paramsSchema } = latest.definition;
  const [only, ...more] = datasetParams;
  if (only === undefined)
    throw refusal(name, {
      field: "settings.retrain",
      message: `The pipeline ${name} has no dataset param that fresh rows could be given to`,
      help: "Give it one, for example params: { customers: dataset() }, and deploy it again.",
    });
  if (settings.param !== undefined && !datasetParams.includes(settings.param))
    throw refusal(settings.param, {
      field: "settings.param",
      message: `The pipeline ${name} has no dataset param ${settings.param}`,
      help: `Choose one of ${datasetParams.join(", ")}.`,
    });
  if (settings.param === undefined && more.length > 0)
    throw refusal(datasetParams.join(", "), {
      field: "settings.param",
      message: `The pipeline ${name} has more than one dataset param: ${datasetParams.join(", ")}`,
      help: 'Say which gets the fresh rows, for example "param": "customers".',
    });
  const param = settings.param ?? only;
  const reference = settings.params[param] ?? defaultOf(paramsSchema, param);
  if (typeof reference !== "string" || !reference.includes("@"))
    throw refusal(param, {
      field: `settings.params.${param}`,
      message: `Nothing says which dataset the param ${param} of ${name} means`,
      help: `Give it, for example "params": {"${param}": "customers@latest"}.`,
    });
  const at = reference.lastIndexOf("@");
  return { param, dataset: reference.slice(0, at), version: reference.slice(at + 1) };
}

function defaultOf(schema: Pipeline["latest"]["definition"]["paramsSchema"], param: string): unknown {
  const properties = schema["properties"];
  const own: unknown =
    typeof properties === "object" && properties !== null ? Reflect.get(properties, param) : undefined;
  return typeof own === "object" && own !== null ? Reflect.get(own, "default") : undefined;
}

function refusal(
  value: string,
  { field, message, help }: { field: string; message: string; help: string },
): Error {
  return fail("INVALID_FIELD", { message, field, value, help });
}
