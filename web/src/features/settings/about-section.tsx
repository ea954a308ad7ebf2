import { CopyId } from "../../components/copy.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Facts, Section } from "../../components/page-frame.tsx";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

/** This installation: version, addresses, database; and who is signed in with which rights. */
export function AboutSection() {
  const { t } = useWords();
  const about = useAnswer(["platform", "about"], {});
  const identity = useAnswer(["platform", "whoAmI"], {});
  return (
    <>
      <Section open title={t("settings.installation")}>
        <Loaded answer={about}>
          {(known) => (
            <Facts
              of={[
                [t("words.version"), known.version],
                [t("settings.address"), <CopyId key="url" id={known.url} />],
                [
                  t("settings.gatewayAddress"),
                  known.gatewayUrl === null ? (
                    t("shell.none")
                  ) : (
                    <CopyId key="gateway" id={known.gatewayUrl} />
                  ),
                ],
                [
                  t("settings.database"),
                  `PostgreSQL ${known.database.version}, ${t(`settings.${known.database.kind}`)}`,
                ],
                [t("settings.node"), known.node],
                [t("words.started"), <Moment key="started" at={known.startedAt} />],
              ]}
            />
          )}
        </Loaded>
      </Section>
      <Section title={t("settings.you")}>
        <Loaded answer={identity}>
          {(known) => (
            <Facts
              of={[
                [t("words.actor"), known.actor.name],
                [t("settings.rights"), known.permissions.join(", ")],
              ]}
            />
          )}
        </Loaded>
      </Section>
    </>
  );
}
