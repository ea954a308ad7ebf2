import { Go, useSegment } from "../../components/go.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { AboutSection } from "./about-section.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { AuditSection } from "./audit-section.tsx";
import { ChannelsSection } from "./channels-section.tsx";
import { ProjectsSection } from "./projects-section.tsx";
import { TokensSection } from "./tokens-section.tsx";

const SECTIONS = ["projects", "tokens", "channels", "appearance", "audit", "about"] as const;

/** Settings: a list of sections at the left, one of them open. */
export function SettingsPage() {
  const { t } = useWords();
  const scope = useScope();
  const name = useSegment("section");
  const open = SECTIONS.find((section) => section === name) ?? "tokens";
  return (
    <>
      <PageHead title={t("shell.settings")} tab={t(`settings.${open}`)} />
      <div className="settings">
        <nav className="menu" aria-label={t("shell.settings")}>
          {SECTIONS.map((section) => (
            <Go
              key={section}
              to={places.settings(scope, section)}
              current={section === open ? "page" : undefined}
            >
              <span style={{ gridColumn: "1 / -1" }}>{t(`settings.${section}`)}</span>
            </Go>
          ))}
        </nav>
        <div>{sectionOf(open)}</div>
      </div>
    </>
  );
}

function sectionOf(section: (typeof SECTIONS)[number]) {
  switch (section) {
    case "projects":
      return <ProjectsSection />;
    case "tokens":
      return <TokensSection />;
    case "channels":
      return <ChannelsSection />;
    case "appearance":
      return <AppearanceSection />;
    case "audit":
      return <AuditSection />;
    case "about":
      return <AboutSection />;
    default:
      return section satisfies never;
  }
}
