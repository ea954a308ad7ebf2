import { ENVIRONMENTS, STAGES } from "@causeway/contract";
import { useLocation } from "@tanstack/react-router";
import { Go } from "../components/go.tsx";
import { Icon, Mark } from "../components/icon.tsx";
import { StatusMark } from "../components/status-mark.tsx";
import { stageCounts } from "../features/home/stage-state.ts";
import { useOverview } from "../features/home/use-overview.ts";
import { inEnvironment, places } from "../lib/places.ts";
import { basePath, environmentOf, useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";
import { ProjectSwitcher } from "./project-switcher.tsx";

/** The menu: environments, home, the seven stages, settings. A stage counts only what runs, waits or is wrong. */
export function Sidebar() {
  const { t, format } = useWords();
  const scope = useScope();
  const { overview } = useOverview();
  const path = `${basePath(scope.project).replace(/\/$/, "")}${useLocation().pathname}`;
  const counts = overview === undefined ? {} : stageCounts(overview, scope.environment);
  const isSettings = environmentOf(path) === undefined && path.includes("/settings");
  const isHome = path.replace(/\/$/, "") === places.home(scope).replace(/\/$/, "");
  return (
    <>
      <div className="brand-line">
        <Go className="brand" to={places.home(scope)}>
          <Mark />
          Causeway
        </Go>
        <ProjectSwitcher />
      </div>
      <fieldset className="environments" aria-label={t("shell.environment")}>
        {ENVIRONMENTS.map((environment) => (
          <Go
            key={environment}
            to={isSettings ? places.home({ ...scope, environment }) : inEnvironment(scope, path, environment)}
            current={environment === scope.environment ? "true" : undefined}
          >
            {environment}
          </Go>
        ))}
      </fieldset>
      <nav className="menu" aria-label={t("shell.lifecycle")}>
        <Go to={places.home(scope)} current={isHome ? "page" : undefined}>
          <Icon name="home" />
          <span>{t("shell.home")}</span>
        </Go>
        <hr />
        {STAGES.map((stage) => {
          const to = places.stage(scope, stage);
          const count = counts[stage];
          return (
            <Go key={stage} to={to} current={path === to || path.startsWith(`${to}/`) ? "page" : undefined}>
              <Icon name={stage} />
              <span>{t(`stages.${stage}`)}</span>
              {count === undefined ? null : (
                <span className={`count is-${count.status}`}>
                  <StatusMark status={count.status} size={10} />
                  {format.count(count.count)}
                  <span className="unseen">{t(`status.${count.status}`)}</span>
                </span>
              )}
            </Go>
          );
        })}
      </nav>
      <nav className="menu foot" aria-label={t("shell.platform")}>
        <Go to={places.settings(scope, "tokens")} current={isSettings ? "page" : undefined}>
          <Icon name="settings" />
          <span>{t("shell.settings")}</span>
        </Go>
      </nav>
    </>
  );
}
