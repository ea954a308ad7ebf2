import { useWords } from "../../../lib/words.tsx";
import type { MlModelSignature } from "./mlmodel-signature.ts";

/** What a logged model takes and answers. */
export function SignatureColumns({ signature }: { signature: MlModelSignature }) {
  const { t } = useWords();
  const parts = (["inputs", "outputs", "params"] as const).filter((part) => signature[part].length > 0);
  return (
    <div className="scroll">
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col">{t("words.name")}</th>
            <th scope="col">{t("words.type")}</th>
            <th scope="col">{t("artifact.required")}</th>
          </tr>
        </thead>
        {parts.map((part) => (
          <tbody key={part}>
            <tr className="group">
              <td colSpan={3}>{t(`artifact.${part}`)}</td>
            </tr>
            {signature[part].map(({ name, type, required }, index) => (
              // Tensors may have no name but their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <tr key={`${index}:${name}`}>
                <td>{name === "" ? <span className="quiet">{t("shell.none")}</span> : <b>{name}</b>}</td>
                <td>
                  <code>{type}</code>
                </td>
                <td>{t(required ? "shell.yes" : "shell.no")}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
