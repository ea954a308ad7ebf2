import type { Deployment, Json } from "@causeway/contract";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { Command } from "../../components/copy.tsx";
import { Column } from "../../components/page-frame.tsx";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { curlLine } from "./curl-line.ts";

/** A record to change and the request that sends it. Predictions are asked from the gateway, which browsers of other origins may not call. */
export function TryIt({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const [text, setText] = useState(() => JSON.stringify(deployment.example ?? {}, null, 2));
  const record = readRecord(text);
  return (
    <div className="columns open">
      <Column
        title={t("deployments.firstRequest")}
        hint={t("deployments.firstRequestHint")}
        className="stack"
      >
        <Textarea
          label={t("deployments.record")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={record === undefined ? t("deployments.badRecord") : undefined}
          autosize
          minRows={6}
          maxRows={24}
          styles={{ input: { fontFamily: "var(--mono)", fontSize: 12 } }}
        />
        {record === undefined ? null : (
          <Command line={curlLine({ scope, deployment: deployment.name, url: deployment.url, record })} />
        )}
      </Column>
      <Column title={t("registry.signature")} hint={t("deployments.signatureHint")}>
        <dl className="facts">
          {deployment.signature.inputs.map((input) => (
            <div key={input.name} style={{ display: "contents" }}>
              <dt>{input.name}</dt>
              <dd>
                {t(`columnType.${input.type}`)}
                {input.nullable ? <span className="quiet">, {t("deployments.mayMiss")}</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      </Column>
    </div>
  );
}

function readRecord(text: string): Record<string, Json> | undefined {
  try {
    const value: Json = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
