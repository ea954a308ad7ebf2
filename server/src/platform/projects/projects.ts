import { fail, type Project } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import type { Database } from "../database/index.ts";
import type { Events } from "../events/index.ts";
import { keysetPage } from "../paging/index.ts";
import { checkProjectName } from "./project-name.ts";
import { projectsStore } from "./projects-store.ts";

/** The scopes of names and rights. */
export type Projects = ReturnType<typeof createProjects>;

/** Makes the keeper of projects. */
export function createProjects({ database, events }: { database: Database; events: Events }) {
  /** Projects are never removed, so that one that was seen needs no second look. */
  const seen = new Set(["default"]);

  async function create(input: { name: string }, call: Call): Promise<Project> {
    const refused = checkProjectName(input.name);
    if (refused !== undefined) throw refused;
    return database.db.transaction().execute(async (tx) => {
      const project = await projectsStore(tx).insert(input.name, call.actor);
      if (project === undefined) {
        throw fail("ALREADY_EXISTS", {
          message: `There is a project ${input.name} already`,
          field: "name",
          value: input.name,
          help: "Choose another name, or use the project as it is.",
        });
      }
      const subject = `/api/platform/projects/${project.name}`;
      await events.record(tx, call, {
        type: "platform.project-created",
        subject,
        data: { name: project.name },
      });
      return project;
    });
  }

  async function list(input: { limit: number; after?: string | undefined }) {
    const rows = await projectsStore(database.db).list(input.after, input.limit + 1);
    return keysetPage(rows, input.limit, ({ name }) => name);
  }

  /** Refuses a scope whose project nobody made. */
  async function require(name: string): Promise<void> {
    if (seen.has(name)) return;
    if (await projectsStore(database.db).exists(name)) {
      seen.add(name);
      return;
    }
    throw fail("NOT_FOUND", {
      message: `There is no project ${name}`,
      field: "project",
      value: name,
      help: "Leave project out for the default one, or make it: POST /api/platform/projects",
    });
  }

  return { create, list, require };
}
