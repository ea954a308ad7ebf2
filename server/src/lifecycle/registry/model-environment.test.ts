import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { EnvironmentRequest } from "../../platform/python/index.ts";
import { readMlModel } from "./mlmodel.ts";
import { createModelEnvironments } from "./model-environment-service.ts";

const root = mkdtempSync("/tmp/causeway-model-environment-");
afterAll(() => rmSync(root, { recursive: true, force: true }));

const mlModel = readMlModel(
  "flavors:\n  python_function: {loader_module: mlflow.sklearn, python_version: 3.11.7}\nmlflow_version: 3.17.2\n",
);

type Asked = Pick<EnvironmentRequest, "digest" | "title"> & {
  readonly asked: string;
  readonly limits: string | null;
};

let made = 0;
/** Asks for the environment of a folder of these files, with the files that were there while it was built. */
async function environmentOf(files: Readonly<Record<string, string>>): Promise<Asked> {
  const folder = join(root, String(++made), "model");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const heard: Asked[] = [];
  const modelEnvironmentOf = createModelEnvironments({
    async environmentOf({ digest, title, requirementsFile, constraintsFile }) {
      const limits = constraintsFile === undefined ? null : readFileSync(constraintsFile, "utf8");
      heard.push({ digest, title, asked: readFileSync(requirementsFile, "utf8"), limits });
      return { interpreter: "/bin/python", python: "3.11.7", tool: "uv" };
    },
  });
  const { signal } = new AbortController();
  const asked = { folder, mlModel, title: "iris version 1", content: "c".repeat(64), attempt: "a.1", signal };
  await modelEnvironmentOf({ ...asked, say: () => {} });
  expect(readdirSync(dirname(folder))).toEqual(["model"]);
  const [only] = heard;
  if (only === undefined) throw new Error("no environment was asked for");
  return only;
}

it("R2/environment asks for what further files of the folder name, held to the limits that MLflow wrote beside them", async () => {
  const files = {
    "requirements.txt": "scikit-learn==1.9.1\n-r more/base.txt\n-c constraints.txt\n",
    "more/base.txt": "numpy==2.4.6\n",
    "constraints.txt": "pandas==3.1.1\n",
  };
  const found = await environmentOf(files);
  expect(found).toMatchObject({
    asked: "scikit-learn==1.9.1\nnumpy==2.4.6\nmlflow==3.17.2\n",
    limits: "pandas==3.1.1\n",
  });
  expect((await environmentOf(files)).digest).toBe(found.digest);
  for (const path of ["more/base.txt", "constraints.txt"])
    expect((await environmentOf({ ...files, [path]: "numpy==2.4.5\n" })).digest).not.toBe(found.digest);
});

it("names an environment as before where one file says everything", async () => {
  const found = await environmentOf({ "requirements.txt": "mlflow==3.17.2\nnumpy==2.4.6\n" });
  expect(found.limits).toBeNull();
  const { digest } = await environmentOf({
    "requirements.txt": "-r base.txt\nnumpy==2.4.6\n",
    "base.txt": "mlflow==3.17.2",
  });
  expect(digest).toBe(found.digest);
});

it("refuses a file outside of the folder although it is there", async () => {
  await expect(
    environmentOf({ "requirements.txt": "numpy\n-r ../outside.txt\n", "../outside.txt": "scipy\n" }),
  ).rejects.toMatchObject({ code: "BAD_MODEL", message: expect.stringContaining("requirements.txt line 2") });
});
