import { fileURLToPath } from "node:url";
import { toProblem } from "@causeway/contract";
import { parseCommand } from "./command-line.ts";
import { pythonProgram, pythonVariables } from "./python-program.ts";

// onnxruntime tells its maker of every session, and keeps a file under HOME for that, unless this is set before it is loaded.
process.env["ORT_DISABLE_TELEMETRY"] = "1";

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2), { token: process.env["CAUSEWAY_GATEWAY_TOKEN"] });
  switch (command.kind) {
    case "serve": {
      const { serve } = await import("./serve.ts");
      return serve(command, {
        path: fileURLToPath(new URL("./main.ts", import.meta.url)),
        variables: pythonVariables(process.env),
      });
    }
    case "score":
    case "inspect": {
      const { inspect, score } = await import("./score.ts");
      const { format, model: modelPath, signature: signaturePath } = command;
      const python = command.python === null ? null : pythonProgram(command.python, process.env);
      if (command.kind === "inspect" || signaturePath === null)
        return inspect({ format, modelPath, signaturePath, python, output: process.stdout });
      return score({
        format,
        modelPath,
        signaturePath,
        python,
        input: process.stdin,
        output: process.stdout,
      });
    }
    case "trial": {
      const { runTrials } = await import("./models/trial.ts");
      return runTrials(process.stdin, process.stdout);
    }
    default:
      command satisfies never;
  }
}

try {
  await main();
} catch (error) {
  const problem = toProblem(error);
  await new Promise<void>((sent) =>
    process.send ? process.send({ kind: "failed", problem }, () => sent()) : sent(),
  );
  process.stderr.write(`${JSON.stringify(problem)}\n`);
  if (problem.code === "INTERNAL" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
// Whatever is still open, a parent's channel or a library's thread, is no reason to stay.
process.stdout.write("", () => process.exit());
