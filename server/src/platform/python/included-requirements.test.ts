import { expect, it } from "vitest";
import { includeRequirements } from "./included-requirements.ts";
import { environmentDigest, readRequirements } from "./requirements.ts";

function include(files: Record<string, string>) {
  const folder = { read: async (path: string) => files[path] ?? null, refusal: "BAD_MODEL" as const };
  return includeRequirements(files["requirements.txt"] ?? "", { file: "requirements.txt", folder });
}

it("R2/environment takes the lines of further files from the place of the file that names them, each once", async () => {
  const found = await include({
    "requirements.txt": "mlflow\n-r more/base.txt\n--requirement=extra.txt\n-rextra.txt\nscipy\n",
    "more/base.txt": "numpy==2.4.6\n-r ../extra.txt\n",
    "extra.txt": "-r requirements.txt # around again\npandas\n",
  });
  expect(found).toEqual({ lines: ["mlflow", "numpy==2.4.6", "pandas", "scipy"], constraints: [] });
});

it("R2/environment keeps limits apart from what is installed, also in the files that they lead to", async () => {
  const found = await include({
    "requirements.txt": "mlflow\n-c constraints.txt\n--constraint more.txt\n",
    "constraints.txt": "numpy<3\n-r more.txt\n",
    "more.txt": "scipy==1.17.1\n",
  });
  expect(found).toEqual({ lines: ["mlflow"], constraints: ["numpy<3", "scipy==1.17.1"] });
});

it.each([
  ["a path upwards", "-r ../other.txt"],
  ["a path that comes back up", "-r a/../../other.txt"],
  ["a path of the machine", "-r /etc/pip.txt"],
  ["an address", "-r https://example.com/requirements.txt"],
  ["an address of files", "-c file:///etc/limits.txt"],
  ["a path of Windows", "-c ..\\limits.txt"],
  ["a variable", `-r $${"{HOME}"}/other.txt`],
])("R2/environment refuses %s, and names line and way out", async (_, line) => {
  await expect(include({ "requirements.txt": `mlflow \\\n  ==3\n\n${line}\n` })).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: `requirements.txt line 4, "${line}", names a file outside of the model's folder`,
    help: expect.stringContaining("Put that file beside requirements.txt"),
  });
});

it("R2/environment names the file that is not there, by the line of the file that asks for it", async () => {
  const files = { "requirements.txt": "-r more/base.txt\n", "more/base.txt": "numpy\n-r gone.txt\n" };
  await expect(include(files)).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: 'more/base.txt line 2, "-r gone.txt", names more/gone.txt, which is not in the model\'s folder',
  });
});

it("stops at a hundred files", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`f${index}.txt`, `-r f${index + 1}.txt\n`]),
  );
  await expect(include({ ...files, "requirements.txt": "-r f0.txt" })).rejects.toThrow(/100th file/);
});

it("names an environment by what the further files hold", async () => {
  const digestOf = async (base: string) => {
    const files: Record<string, string> = { "requirements.txt": "-r base.txt", "base.txt": base };
    return environmentDigest(
      await readRequirements({ read: async (path) => files[path] ?? null, refusal: "BAD_MODEL" }),
    );
  };
  expect(await digestOf("numpy==2")).toBe(await digestOf("# as it was\nnumpy==2"));
  expect(await digestOf("numpy==2")).not.toBe(await digestOf("numpy==3"));
});
