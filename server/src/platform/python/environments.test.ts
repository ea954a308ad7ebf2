import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createPythonEnvironments } from "./environments.ts";

const DIGEST = "d".repeat(64);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "environments-"));
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that stands for Python, pip or uv; `script` is what it does. */
async function program(name: string, script: string): Promise<string> {
  const path = join(folder, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o700);
  return path;
}

/** A uv that makes a folder with a Python, and writes down what it was asked for; `install` is how it installs. */
function fakeUv(install: string, hasPython = true): Promise<string> {
  const made =
    'for folder; do :; done; mkdir -p "$folder/bin"; printf "#!/bin/sh\\necho 3.11.7\\n" > "$folder/bin/python"; chmod 700 "$folder/bin/python"';
  const refused = hasPython ? "" : 'case "$*" in *--python*) echo "no such Python" >&2; exit 2;; esac; ';
  return program(
    "uv",
    `echo "$UV_FIND_LINKS $*" >> ${folder}/calls\ncase "$1" in venv) ${refused}${made};; pip) ${install};; esac`,
  );
}

/** A Python whose `-m venv` makes a folder with a Python that installs as `install` says. */
function fakePython(install: string): Promise<string> {
  const inner = `case "$*" in *pip*) ${install};; *platform*) echo 3.11.7;; esac`;
  const made = `mkdir -p "$3/bin" && printf '%s\\n' '#!/bin/sh' '${inner.replaceAll("'", "'\\''")}' > "$3/bin/python" && chmod 700 "$3/bin/python"`;
  return program("python3.11", `echo venv >> ${folder}/calls\n${made}`);
}

async function request(said: string[] = []) {
  const requirementsFile = join(folder, "requirements.txt");
  await writeFile(requirementsFile, "numpy==2.4.6\n");
  const { signal } = new AbortController();
  const shared = { digest: DIGEST, requirementsFile, title: "iris version 1", attempt: "a.1", signal };
  return {
    ...shared,
    python: "3.11.7",
    refusal: "BAD_MODEL" as const,
    say: (text: string) => said.push(text),
  };
}

function builder(given: readonly string[] = []) {
  const variables = { PATH: `${join(folder, "bin")}:/usr/bin:/bin` };
  return createPythonEnvironments({
    root: join(folder, "python"),
    dataDir: folder,
    modules: folder,
    variables,
    given,
  });
}

it("R2/environment is built once for everything that asks for the same", async () => {
  await fakePython("echo installed");
  const environmentOf = builder();
  const asked = await request();
  const [one, two] = await Promise.all([environmentOf(asked), environmentOf(asked)]);
  expect(one).toEqual({
    interpreter: join(folder, "python", DIGEST, "bin", "python"),
    python: "3.11.7",
    tool: "venv",
  });
  expect(two).toEqual(one);
  expect(await builder()(asked)).toEqual(one);
  expect(await readFile(join(folder, "calls"), "utf8")).toBe("venv\n");
});

it("tells pip's own last words where it cannot be built, and leaves nothing behind", async () => {
  await fakePython("echo 'ERROR: No matching distribution found for numpy==2.4.6'; exit 1");
  await expect(builder()(await request())).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: expect.stringContaining("No matching distribution found for numpy==2.4.6"),
  });
  await expect(readFile(join(folder, "python", DIGEST, ".complete"))).rejects.toThrow();
});

it("takes a given interpreter that has every package, and says why it does not take another", async () => {
  await fakePython("echo installed");
  const lacking = await program("lacking", "echo 'it has no numpy'; exit 1");
  const fitting = await program("fitting", "cat > /dev/null; echo 3.11.9");
  const said: string[] = [];
  const environment = await builder([lacking, fitting])(await request(said));
  expect(environment).toMatchObject({ tool: "given", python: "3.11.9" });
  expect(said).toContain(`${lacking} is not used: it has no numpy`);
  expect(await readFile(environment.interpreter, "utf8")).toContain(`exec '${fitting}'`);
});

it("R2/environment is built by uv where it is there, from where pip on the machine takes packages", async () => {
  await fakeUv("echo installed");
  await program("python3", "echo \"global.find-links='/opt/wheels'\"");
  const environmentOf = builder();
  const asked = await request();
  expect(await environmentOf(asked)).toMatchObject({ tool: "uv", python: "3.11.7" });
  expect(await environmentOf(asked)).toMatchObject({ tool: "uv" });
  const made = join(folder, "python", DIGEST);
  expect((await readFile(join(folder, "calls"), "utf8")).trim().split("\n")).toEqual([
    `/opt/wheels venv --no-project --clear --python 3.11 ${made}`,
    `/opt/wheels pip install --python ${join(made, "bin", "python")} -r ${asked.requirementsFile}`,
  ]);
});

it("R2/environment is held to limits by uv, and where an interpreter has everything already", async () => {
  const asked = await request();
  const constraintsFile = join(folder, "limits.txt");
  await writeFile(constraintsFile, "pandas<3\nscipy==1.17.1\n");
  const heard = join(folder, "heard");
  const given = await program("given", `cat > ${heard}; echo 3.11.9`);
  expect(await builder([given])({ ...asked, constraintsFile })).toMatchObject({ tool: "given" });
  const lines = (await readFile(heard, "utf8")).split("\n").filter((line) => line !== "");
  expect(lines).toEqual(["numpy==2.4.6", "-c pandas<3", "-c scipy==1.17.1"]);
  await fakeUv("echo installed");
  await program("python3", "exit 0");
  await builder()({ ...asked, digest: "b".repeat(64), constraintsFile });
  expect(await readFile(join(folder, "calls"), "utf8")).toContain(`requirements.txt -c ${constraintsFile}`);
});

it("takes the Python that is there where uv can neither find nor fetch the wanted one", async () => {
  await fakeUv("echo installed", false);
  const said: string[] = [];
  const asked = { ...(await request(said)), python: "3.10.4" };
  expect(await builder()(asked)).toMatchObject({ tool: "uv", python: "3.11.7" });
  expect(said).toContain("iris version 1 was made with Python 3.10.4; this machine has 3.11.7");
});

it("tells uv's own last words where it cannot be built, and leaves nothing behind", async () => {
  await fakeUv("echo 'error: no version of numpy==2.4.6' >&2; exit 1");
  await expect(builder()(await request())).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: expect.stringContaining("no version of numpy==2.4.6"),
  });
  await expect(readFile(join(folder, "python", DIGEST, ".complete"))).rejects.toThrow();
});

const UV = (process.env["PATH"] ?? "").split(delimiter).find((place) => existsSync(join(place, "uv")));

/** A wheel of a package without any code. */
const WHEEL = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1] + "/small_thing-1.0-py3-none-any.whl", "w")
wheel.writestr("small_thing.py", "")
wheel.writestr("small_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: small-thing\\nVersion: 1.0\\n")
wheel.writestr("small_thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
wheel.writestr("small_thing-1.0.dist-info/RECORD", "small_thing.py,,\\n")
wheel.close()
`;

it.runIf(UV !== undefined)(
  "R2/environment is built by the real uv, once, and says why it cannot be",
  async () => {
    execFileSync("python3", ["-c", WHEEL, folder]);
    const environmentOf = createPythonEnvironments({
      root: join(folder, "python"),
      dataDir: folder,
      modules: folder,
      variables: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? folder,
        PIP_NO_INDEX: "1",
        PIP_FIND_LINKS: folder,
      },
      given: [],
    });
    const said: string[] = [];
    const asked = { ...(await request(said)), python: null };
    await writeFile(asked.requirementsFile, "small-thing==1.0\n");
    const built = await environmentOf(asked);
    expect(built).toMatchObject({ tool: "uv", python: expect.stringMatching(/^3\./) });
    execFileSync(built.interpreter, ["-c", "import small_thing"]);
    const before = said.length;
    expect(await environmentOf(asked)).toEqual(built);
    expect(said).toHaveLength(before);
    await writeFile(asked.requirementsFile, "small-thing==2.0\n");
    await expect(environmentOf({ ...asked, digest: "e".repeat(64) })).rejects.toMatchObject({
      code: "BAD_MODEL",
      message: expect.stringMatching(/small-thing==2\.0/),
    });
  },
  60_000,
);
