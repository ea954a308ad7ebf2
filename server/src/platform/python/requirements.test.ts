import { expect, it } from "vitest";
import type { RequirementFolder } from "./included-requirements.ts";
import { environmentDigest, isRelative, packageOf, readRequirements } from "./requirements.ts";

/** A folder of these files. */
function folderOf(files: Record<string, string>): RequirementFolder {
  return { read: async (path) => files[path] ?? null, refusal: "BAD_MODEL" };
}

it("reads requirements without comments and blank lines, and Python's version beside them", async () => {
  const folder = folderOf({
    "requirements.txt": "mlflow==3.17.2\n\n# for the model\nnumpy==2.4.6  # exact\nscipy \\\n  ==1.17.1\n",
    "python_env.yaml": "python: 3.11.7\nbuild_dependencies: []\n",
  });
  expect(await readRequirements(folder)).toEqual({
    lines: ["mlflow==3.17.2", "numpy==2.4.6", "scipy ==1.17.1"],
    constraints: [],
    python: "3.11.7",
  });
});

it("takes conda's record where there is nothing else, in pip's words", async () => {
  const conda =
    "dependencies:\n- python=3.10.4\n- pip<=23\n- scipy=1.9\n- pip:\n  - mlflow==2.0.1\n  - xgboost\n";
  expect(await readRequirements(folderOf({ "conda.yaml": conda }))).toEqual({
    lines: ["scipy==1.9", "mlflow==2.0.1", "xgboost"],
    constraints: [],
    python: "3.10.4",
  });
});

it("names the same packages the same, in any order and with any patch of Python", () => {
  const wanted = { lines: ["a==1", "b==2"], constraints: [], python: "3.11.7" };
  const one = environmentDigest(wanted);
  expect(environmentDigest({ ...wanted, lines: ["b==2", "a==1"], python: "3.11.9" })).toBe(one);
  expect(environmentDigest({ ...wanted, python: "3.12.0" })).not.toBe(one);
  expect(environmentDigest(wanted, "other files")).not.toBe(one);
  expect(environmentDigest({ ...wanted, constraints: ["c<3"] })).not.toBe(one);
});

it.each([
  ["Scikit_Learn==1.9", "scikit-learn"],
  ["mlflow[extras]>=3", "mlflow"],
  ["numpy", "numpy"],
  ["torch @ https://example.com/torch.whl", "torch"],
  ["-r other.txt", null],
])("finds the package of %s", (line, name) => {
  expect(packageOf(line)).toBe(name);
});

it("knows lines that mean files beside them", () => {
  expect(["./wheels/a.whl", "-r more.txt", "-e .", "wheels/a.whl"].every(isRelative)).toBe(true);
  expect(["numpy==1", "torch @ https://example.com/torch.whl"].some(isRelative)).toBe(false);
});
