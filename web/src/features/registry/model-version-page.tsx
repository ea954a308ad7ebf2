import type { ModelVersion } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { RecordFacts } from "../../components/record-facts.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { SubjectLineage } from "../../components/subject-lineage.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useAnswer } from "../../lib/api.ts";
import { middle } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { AliasTags } from "./alias-tags.tsx";
import { CardView } from "./card-view.tsx";
import { ClientFacts } from "./client-facts.tsx";
import { DecisionSection } from "./decision-section.tsx";
import { FileList } from "./file-list.tsx";
import { PreparationView } from "./preparation-view.tsx";
import { SignatureView } from "./signature-view.tsx";

/** One version: is it good, for whom does it answer, what was it made from, and the decision to let it serve. */
export function ModelVersionPage() {
  const model = useSegment("model");
  const number = Number(useSegment("version"));
  const version = useAnswer(["registry", "getVersion"], { model, version: number });
  return (
    <Loaded answer={version} skeleton={<PictureSkeleton height={420} />}>
      {(known) => <VersionView version={known} />}
    </Loaded>
  );
}

/** The REST path of a version: what lineage and events call it. */
export function subjectOf({ model, version }: { model: string; version: number }): string {
  return `/api/registry/models/${model}/versions/${version}`;
}

function VersionView({ version }: { version: ModelVersion }) {
  const { t } = useWords();
  const scope = useScope();
  const here = version.aliases.filter(({ environment }) => environment === scope.environment);
  const model = useAnswer(["registry", "getModel"], { model: version.model });
  const championNumber = model.data?.aliases.find(
    ({ alias, environment }) => alias === "champion" && environment === scope.environment,
  )?.version;
  const isOther = championNumber !== undefined && championNumber !== version.version;
  const champion = useAnswer(
    ["registry", "getVersion"],
    { model: version.model, version: championNumber ?? version.version },
    { enabled: isOther },
  );
  return (
    <div className="version-page">
      <PageHead
        tab={`${version.model} v${version.version}`}
        title={
          <>
            {version.model} v{version.version} <AliasTags aliases={here} />
          </>
        }
        sub={<Sub version={version} isServing={here.length > 0} />}
      />
      <SubjectTrace
        here="model-version"
        subject={subjectOf(version)}
        text={`${version.model} v${version.version}`}
      />
      <Tabs
        label={version.model}
        tabs={[
          ["decision", t("registry.decision")],
          ["signature", t("registry.signature")],
          ["environment", t("experiments.drivers")],
          ["files", t("words.files")],
          ["card", t("registry.card")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "decision":
              return (
                <>
                  {version.format === "mlflow" ? <PreparationView version={version} /> : null}
                  <DecisionSection
                    version={version}
                    champion={
                      isOther && champion.data?.version === championNumber ? champion.data : undefined
                    }
                    championNumber={championNumber}
                  />
                  <section className="section">
                    <SubjectLineage subject={subjectOf(version)} />
                  </section>
                  <ClientFacts version={version} />
                </>
              );
            case "signature":
              return <SignatureView version={version} />;
            case "environment":
              return (
                <div className="section open">
                  <RecordFacts record={version.record} />
                </div>
              );
            case "files":
              return <FileList version={version} />;
            case "card":
              return <CardView version={version} />;
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </div>
  );
}

function Sub({ version, isServing }: { version: ModelVersion; isServing: boolean }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <>
      {isServing ? null : (
        <StatusWord status="waiting">{t("registry.waits", { environment: scope.environment })}</StatusWord>
      )}
      <span>
        {t("registry.registered")} <Moment at={version.createdAt} />{" "}
        {version.pipelineRun === null ? (
          t("shell.madeBy", { who: version.createdBy.name })
        ) : (
          <>
            {t("shell.by")}{" "}
            <Go to={places.pipelineRun(scope, version.pipelineRun)}>
              {version.pipelineRun.pipeline} {version.pipelineRun.number}
            </Go>
          </>
        )}{" "}
        · {version.format}, {format.bytes(version.bytes)}
      </span>
      <CopyId id={version.digest} short={`sha256 ${middle(version.digest, 4)}`} />
      {version.refitOf === null ? null : (
        <span>
          {t("registry.refitOf")}{" "}
          <Go to={places.modelVersion(scope, { model: version.model, version: version.refitOf })}>
            v{version.refitOf}
          </Go>
        </span>
      )}
      {version.description === "" ? null : <span>{version.description}</span>}
    </>
  );
}
