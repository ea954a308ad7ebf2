import { describe, expect, it } from "vitest";
import { ADMIN_TOKEN, TEST_HOST, testControl } from "../testing/control.ts";

const { control } = await testControl();

async function send(method: "GET" | "POST" | "PUT", url: string, body?: { type: string; payload: string }) {
  const response = await control.app.inject({
    method,
    url,
    headers: {
      host: TEST_HOST,
      authorization: `Bearer ${ADMIN_TOKEN}`,
      ...(body === undefined ? {} : { "content-type": body.type }),
    },
    ...(body === undefined ? {} : { payload: body.payload }),
  });
  const { "content-type": type, "content-disposition": disposition } = response.headers;
  return { status: response.statusCode, text: response.body, type, disposition };
}

async function makeRun(): Promise<string> {
  const payload = JSON.stringify({ experiment_id: "0", start_time: 1 });
  const made = await send("POST", "/api/2.0/mlflow/runs/create", { type: "application/json", payload });
  return JSON.parse(made.text).run.info.run_id;
}

const PROXY = "/api/2.0/mlflow-artifacts";

describe("files of the wire", () => {
  it("E1/artifacts come as attachments of the type and name that clients compare", async () => {
    const run = await makeRun();
    const octets = "application/octet-stream";
    for (const [name, type] of [
      ["a.txt", "text/plain"],
      ["MLmodel", "text/plain"],
      ["b.pkl", octets],
      ["c.png", "image/png"],
    ]) {
      const address = `${PROXY}/artifacts/0/${run}/artifacts/${name}`;
      expect((await send("PUT", address, { type: octets, payload: "x" })).status).toBe(200);
      const expected = { status: 200, text: "x", type, disposition: `attachment; filename=${name}` };
      expect(await send("GET", address)).toEqual(expected);
      expect(await send("GET", `/get-artifact?run_id=${run}&path=${name}`)).toEqual(expected);
    }
  });

  it("E1/artifacts that are no path of a folder are refused before anything else is looked at", async () => {
    for (const path of ["..%2fx", "a%2f..%2f..%2fb", "%252e%252e%2fx"]) {
      const { status, text } = await send("GET", `${PROXY}/presigned/${path}`);
      expect([path, status, JSON.parse(text).error_code]).toEqual([path, 400, "INVALID_PARAMETER_VALUE"]);
    }
    expect((await send("GET", `${PROXY}/presigned/0/a.txt`)).status).toBe(501);
  });
});

describe("presigned addresses", () => {
  it.each(["upload", "download"])(
    "E1/artifacts refuse a wrong %s before a store that signs nothing",
    async (kind) => {
      const run = await makeRun();
      const ask = async (fields: Record<string, unknown>): Promise<[number, string]> => {
        const { status, text } = await send("POST", `/api/2.0/mlflow/artifacts/presigned-${kind}-url`, {
          type: "application/json",
          payload: JSON.stringify(fields),
        });
        return [status, JSON.parse(text).message];
      };
      const path = "model.pkl";
      expect(await ask({ run_id: run, path: "../x" })).toEqual([400, expect.stringMatching(/^Invalid path/)]);
      const exactlyOne = "Exactly one of run_id and model_id must be provided.";
      expect(await ask({ path })).toEqual([400, exactlyOne]);
      expect(await ask({ path, run_id: run, model_id: "m-1" })).toEqual([400, exactlyOne]);
      expect(await ask({ path, run_id: run, expiration: 0 })).toEqual([
        400,
        "expiration must be between 1 and 604800 seconds (got 0).",
      ]);
      expect(await ask({ path, run_id: "nonexistent_run" })).toEqual([
        404,
        "Run with id=nonexistent_run not found",
      ]);
      expect(await ask({ path, run_id: run })).toEqual([
        400,
        expect.stringContaining("proxied artifact storage"),
      ]);
    },
  );
});
