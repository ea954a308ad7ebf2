import type { PipelineRun, StepOutput, StepRun } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { Go } from "../../components/go.tsx";
import { addressOf } from "../../lib/client.ts";
import { shortDigest } from "../../lib/format.ts";
import { placeOfSubject } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** What a step made: each output leads to its page, its file, or the files of its folder. */
export function StepOutputs({ run, step }: { run: PipelineRun; step: StepRun }) {
  const { t, format } = useWords();
  const outputs = Object.entries(step.outputs);
  if (outputs.length === 0) return <p className="quiet log-empty">{t("pipelines.noOutputs")}</p>;
  return (
    <table className="table compact">
      <tbody>
        {outputs.map(([name, output]) => (
          <tr key={name}>
            <td>
              <Content run={run} step={step} name={name} output={output} />
            </td>
            <td className="second">{t(`portKind.${output.kind}`)}</td>
            <td className="number">{format.bytes(output.bytes)}</td>
            <td>
              <CopyId id={output.digest} short={shortDigest(output.digest)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Shown = {
  readonly run: PipelineRun;
  readonly step: StepRun;
  readonly name: string;
  readonly output: StepOutput;
};

function Content({ run, step, name, output }: Shown) {
  const { t, format } = useWords();
  const scope = useScope();
  const place = output.subject === null ? undefined : placeOfSubject(scope, output.subject);
  const address = (path?: string) =>
    addressOf(
      ["pipelines", "downloadOutput"],
      { pipeline: run.pipeline, number: run.number, step: step.name, output: name, path },
      scope,
    );
  if (place !== undefined) return <Go to={place}>{name}</Go>;
  const { files } = output;
  if (files === undefined)
    return (
      <a href={address()} download={name}>
        {name}
      </a>
    );
  return (
    <details>
      <summary>
        {name} <span className="quiet small">{t("pipelines.folderOf", { count: files.length })}</span>
      </summary>
      <ul className="plain-list">
        {files.map(({ path, bytes }) => (
          <li key={path}>
            <a href={address(path)} download={path.split("/").at(-1)}>
              {path}
            </a>{" "}
            <span className="quiet small">{format.bytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
