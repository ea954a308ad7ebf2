import { useAnswer } from "../lib/api.ts";
import { places } from "../lib/places.ts";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";

/** Chooses the project, once there are two. Every address begins with it, so the pages load anew. */
export function ProjectSwitcher() {
  const { t } = useWords();
  const scope = useScope();
  const projects = useAnswer(["platform", "listProjects"], { limit: 1000 }).data?.items ?? [];
  if (projects.length < 2) return null;
  return (
    <select
      className="projects"
      aria-label={t("shell.project")}
      value={scope.project}
      onChange={(event) => location.assign(places.home({ ...scope, project: event.currentTarget.value }))}
    >
      {projects.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
