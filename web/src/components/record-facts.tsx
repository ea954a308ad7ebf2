import type { RunRecord, RunUsage } from "@causeway/contract";
import type { ReactNode } from "react";
import { shortDigest } from "../lib/format.ts";
import { places } from "../lib/places.ts";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";
import { CopyId } from "./copy.tsx";
import { Go } from "./go.tsx";

/** The five drivers of a run or version: data, code, artifacts' settings, middleware, infrastructure. */
export function RecordFacts({ record, usage = [] }: { record: RunRecord; usage?: readonly RunUsage[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  const { code, hardware, lock } = record;
  const settings = [...Object.entries(record.config), ...Object.entries(record.seeds)];
  const rows: [string, ReactNode][] = [
    [
      t("drivers.data"),
      record.data.length === 0
        ? null
        : record.data.map(({ name, dataset, digest }) => (
            <div key={`${name}:${digest}`}>
              {dataset === null ? (
                <CopyId id={digest} short={shortDigest(digest)} />
              ) : (
                <Go to={places.datasetVersion(scope, { dataset, id: digest })}>
                  {dataset} <code>{shortDigest(digest)}</code>
                </Go>
              )}{" "}
              <span className="quiet">{name}</span>
            </div>
          )),
    ],
    [
      t("drivers.code"),
      code === null ? null : (
        <>
          {code.commit === null ? null : (
            <>
              <CopyId id={code.commit} short={code.commit.slice(0, 8)} />{" "}
              {code.branch === null ? "" : t("drivers.onBranch", { branch: code.branch })}
            </>
          )}{" "}
          {code.digest === null ? null : (
            <CopyId id={code.digest} short={`sha256 ${shortDigest(code.digest)}`} />
          )}
          <span className={code.diff === null ? "quiet" : "is-warn"}>
            {" "}
            {code.commit === null ? "" : code.diff === null ? t("drivers.clean") : t("drivers.changed")}
          </span>
        </>
      ),
    ],
    [
      t("drivers.settings"),
      settings.length === 0 ? null : (
        <code key="settings">
          {settings.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ")}
        </code>
      ),
    ],
    [
      t("drivers.middleware"),
      record.runtime === null && lock === null ? null : (
        <>
          {record.runtime ?? ""}
          {lock === null ? null : (
            <>
              {record.runtime === null ? "" : ", "}
              {t("drivers.lock", { kind: lock.kind })}{" "}
              <CopyId id={lock.digest} short={shortDigest(lock.digest)} />
            </>
          )}
        </>
      ),
    ],
    [
      t("drivers.infrastructure"),
      hardware === null
        ? null
        : [
            t("drivers.cores", { count: hardware.cores }),
            format.memory(hardware.memoryBytes),
            hardware.cpu,
            `${hardware.os} ${hardware.machine}`,
            ...hardware.gpus,
          ].join(", "),
    ],
    ...usage.map((attempt): [string, ReactNode] => [
      t("drivers.usage", { attempt: attempt.attempt }),
      t("drivers.used", {
        cpu: format.duration(attempt.cpuSeconds * 1000),
        memory: format.memory(attempt.peakMemoryBytes),
        read: format.bytes(attempt.readBytes),
        written: format.bytes(attempt.writtenBytes),
      }),
    ]),
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value ?? <span className="quiet">{t("drivers.unknown")}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
