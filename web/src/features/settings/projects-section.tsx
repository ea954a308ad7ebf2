import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { NameForm } from "../../components/name-form.tsx";
import { Section } from "../../components/page-frame.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Projects: the scopes of names and rights. Opening one loads its pages anew, since every address begins with it. */
export function ProjectsSection() {
  const { t } = useWords();
  const scope = useScope();
  const projects = useAnswer(["platform", "listProjects"], { limit: 1000 });
  const create = useAction(["platform", "createProject"]);
  return (
    <Section open title={t("settings.projects")} hint={t("settings.projectsHint")}>
      <NameForm
        label={t("settings.projectName")}
        submit={t("settings.makeProject")}
        permission="platform:admin"
        action={create}
        onName={(name, done) => create.mutate({ name }, { onSuccess: done })}
      />
      <Loaded answer={projects}>
        {({ items }) => (
          <DataTable
            label={t("settings.projects")}
            rows={items}
            rowKey={(project) => project.name}
            columns={[
              {
                key: "name",
                title: t("words.name"),
                sort: (project) => project.name,
                cell: (project) => (
                  <a
                    className="ink-link strong"
                    href={places.home({ project: project.name, environment: scope.environment })}
                  >
                    {project.name}
                  </a>
                ),
              },
              { key: "by", title: t("words.createdBy"), cell: ({ createdBy }) => createdBy.name },
              {
                key: "created",
                title: t("words.created"),
                number: true,
                sort: ({ createdAt }) => createdAt,
                cell: ({ createdAt }) => <Moment at={createdAt} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
