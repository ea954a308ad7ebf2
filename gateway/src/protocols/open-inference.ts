import { fail } from "@causeway/contract";
import type { LiveDeployment } from "../desired/switcher.ts";
import { readJson } from "../http/body.ts";
import { sendAnswer, sendJson } from "../http/respond.ts";
import type { Access, Exchange, Route } from "../http/route.ts";
import type { ServedModel } from "../models/served-model.ts";
import type { Row } from "../runtimes/index.ts";
import { type AnswerRows, parseKey, parseTimes, recordText } from "./answer-rows.ts";
import {
  inferenceRows,
  inputInfos,
  keyTensor,
  outputText,
  parseInferenceRequest,
} from "./inference-tensors.ts";

const NAME = "causeway";

/** The Open Inference Protocol, version 2, over JSON. */
export function inferenceRoutes(options: {
  readonly answerRows: AnswerRows;
  readonly ready: () => boolean;
  readonly version: string;
}): Route[] {
  const { answerRows, ready, version } = options;
  const get = (path: string, access: Access, handle: Route["handle"]): Route => ({
    method: "GET",
    path,
    access,
    errors: "inference",
    protocol: "inference",
    handle,
  });
  const withVersion = (path: string) => path.replace(":deployment", ":deployment/versions/:version");
  const model = "/v2/models/:deployment";
  const infer = (path: string): Route => ({
    method: "POST",
    path: `${path}/infer`,
    access: "deployment",
    errors: "inference",
    protocol: "inference",
    handle: (exchange) => answerInference(exchange, answerRows),
  });
  return [
    get("/v2/health/live", "open", ({ response }) => sendJson(response, '{"live":true}')),
    get("/v2/health/ready", "open", ({ response }) => {
      sendJson(response, JSON.stringify({ ready: ready(), live: true }), ready() ? 200 : 503);
    }),
    get("/v2", "any", ({ response }) =>
      sendJson(response, JSON.stringify({ name: NAME, version, extensions: [] })),
    ),
    ...[model, withVersion(model)].flatMap((path) => [
      get(path, "deployment", (exchange) => sendJson(exchange.response, JSON.stringify(describe(exchange)))),
      get(`${path}/ready`, "deployment", (exchange) => {
        const served = deploymentOf(exchange).serving();
        if (served) checkVersion(exchange, served);
        const body = JSON.stringify({ name: exchange.parameters["deployment"], ready: served !== null });
        sendJson(exchange.response, body, served ? 200 : 503);
      }),
      infer(path),
    ]),
  ];
}

function describe(exchange: Exchange) {
  const served = deploymentOf(exchange).serving();
  if (!served) throw fail("UNAVAILABLE", { message: "no revision of the deployment is ready" });
  checkVersion(exchange, served);
  return {
    name: served.desired.name,
    versions: [String(served.desired.version)],
    platform: served.platform,
    inputs: inputInfos(served.desired.signature),
    outputs: served.facts.outputs,
  };
}

async function answerInference(exchange: Exchange, answerRows: AnswerRows): Promise<void> {
  const { request, response, startedMs } = exchange;
  if (request.headers["inference-header-content-length"] !== undefined) {
    throw fail("BAD_REQUEST", {
      message: "binary tensors are not taken",
      field: "Inference-Header-Content-Length",
      help: "send the tensors' data as JSON",
    });
  }
  const { value } = await readJson(request);
  const asked = parseInferenceRequest(value);
  const deployment = deploymentOf(exchange);
  const ask = (served: ServedModel) => {
    exchange.revision = served.desired.revision;
    checkVersion(exchange, served);
    checkOutputs(asked.outputs, served);
    const { key } = deployment.desired();
    const { tensor, rest } = keyTensor(asked, key, served.desired.signature);
    const rows = served.check.values(inferenceRows(rest, served.desired.signature));
    const recordTexts = rows.map((row) => recordText(recordOf(row, served), true));
    const occurredAt = parseTimes(asked.parameters["occurredAt"], rows.length);
    const keys = key === null ? null : rows.map((_, row) => parseKey(tensor?.data[row], key));
    return { rows, recordTexts, occurredAt, keys };
  };
  const { id, served, batch, predictionTexts } = await answerRows({
    deployment,
    startedMs,
    wanted: () => !response.destroyed,
    ask,
  });
  const { name, version } = served.desired;
  const wanted = asked.outputs ?? served.facts.outputs.map((output) => output.name);
  const tensors = wanted.flatMap((output) => batch.tensors.find((tensor) => tensor.name === output) ?? []);
  const head = JSON.stringify({
    model_name: name,
    model_version: String(version),
    ...(asked.id === undefined ? {} : { id: asked.id }),
    ...(id === null ? {} : { parameters: { prediction_id: id } }),
  });
  const outputs = tensors.map((tensor) => outputText(tensor, batch, predictionTexts.length));
  sendAnswer(response, `${head.slice(0, -1)},"outputs":[${outputs.join(",")}]}`, { id, version });
}

function recordOf(row: Row, served: ServedModel): Record<string, unknown> {
  return Object.fromEntries(served.check.fields.map((name, index) => [name, row[index]]));
}

function deploymentOf({ deployment }: Exchange): LiveDeployment {
  if (deployment) return deployment;
  throw fail("INTERNAL", { message: "an inference route was reached without its deployment" });
}

function checkVersion({ parameters }: Exchange, { desired }: ServedModel): void {
  const asked = parameters["version"];
  if (asked === undefined || asked === String(desired.version)) return;
  throw fail("NOT_FOUND", {
    message: `deployment ${desired.name} serves version ${desired.version} of ${desired.model}, not ${asked}`,
    field: "version",
    value: asked,
    help: "leave the version out to be answered by the one that serves",
  });
}

function checkOutputs(outputs: readonly string[] | null, { facts }: ServedModel): void {
  const unknown = outputs?.find((name) => !facts.outputs.some((output) => output.name === name));
  if (unknown === undefined) return;
  throw fail("BAD_REQUEST", {
    message: `the model has no output ${unknown}; it has ${facts.outputs.map((output) => output.name).join(", ")}`,
    field: "outputs",
    value: unknown,
  });
}
