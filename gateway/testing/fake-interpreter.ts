import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelPlace } from "../src/runtimes/index.ts";

/**
 * A program that speaks as the worker of Python models does, without Python: it answers each run with its own process id, and
 * does as the parameter `act` says. `once` is done by the first process alone.
 */
const SCRIPT = `
const fs = require("node:fs");
const first = !fs.existsSync(__filename + ".ran");
fs.writeFileSync(__filename + ".ran", "");
function send(header) {
  const text = Buffer.from(JSON.stringify(header));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(text.length, 0);
  fs.writeSync(4, Buffer.concat([lengths, text]));
}
const output = (data) => [{ name: "predictions", datatype: "BYTES", rowShape: [], json: false, data }];
console.error("loading");
if (process.argv[2] === "refused") {
  send({ kind: "failed", message: "ModuleNotFoundError: No module named 'acme'" });
  process.exit(1);
}
send({ kind: "ready", outputs: output([]), form: "array", labels: null, memoryBytes: 1000, loadMs: 1, examples: [] });
let held = Buffer.alloc(0);
fs.createReadStream(null, { fd: 3 }).on("data", (chunk) => {
  held = Buffer.concat([held, chunk]);
  while (held.length >= 8 && held.length >= 8 + held.readUInt32LE(0) + held.readUInt32LE(4)) {
    const end = 8 + held.readUInt32LE(0);
    const header = JSON.parse(held.toString("utf8", 8, end));
    held = held.subarray(end + held.readUInt32LE(4));
    const act = header.params?.act;
    if (act === "crash" || (act === "crash once" && first)) process.exit(3);
    if (act === "hang") continue;
    if (act === "refuse") send({ kind: "refused", id: header.id, message: "it is no iris", memoryBytes: 1000 });
    else send({ kind: "answer", id: header.id, form: "array", outputs: output(Array(header.rows).fill(String(process.pid))),
      memoryBytes: act === "grow" ? 5000 : 1000 });
  }
}).on("end", () => process.exit(0));
`;

/** Writes the program, and gives the place of a model that it runs. */
export async function fakeInterpreter({ loads = true } = {}): Promise<ModelPlace> {
  const path = await mkdtemp(join(tmpdir(), "interpreter-"));
  const script = join(path, "worker.cjs");
  const interpreter = join(path, "python");
  await writeFile(script, SCRIPT);
  await writeFile(
    interpreter,
    `#!/bin/sh\nexec '${process.execPath}' '${script}' ${loads ? "loads" : "refused"}\n`,
  );
  await chmod(interpreter, 0o700);
  return { path, python: { interpreter, modules: path, variables: {} } };
}
