import { type About, platform } from "@causeway/contract";
import type { Access } from "../../platform/access/index.ts";
import type { Audit } from "../../platform/audit/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import type { Notifications } from "../../platform/notifications/index.ts";
import type { Projects } from "../../platform/projects/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** What answers the platform's own table. */
export type PlatformServices = {
  readonly access: Access;
  readonly audit: Audit;
  readonly events: Events;
  readonly lineage: Lineage;
  readonly notifications: Notifications;
  readonly projects: Projects;
  readonly about: () => Promise<About>;
  /** Where a browser finds control. */
  readonly publicUrl: () => string;
};

/** Routes of `contract/src/platform.ts`. */
export function platformRoutes(services: PlatformServices): BoundRoute[] {
  const { access, audit, events, lineage, notifications, projects, about, publicUrl } = services;
  return bind(
    platform,
    {
      about,
      whoAmI: access.whoAmI,
      listProjects: projects.list,
      createProject: projects.create,
      listTokens: access.listTokens,
      createToken: access.createToken,
      revokeToken: access.revokeToken,
      createSignInLink: async (_input, call) => {
        const { code, expiresAt } = await access.createSignInCode(call);
        return { url: `${publicUrl()}/go/sign-in?code=${code}`, expiresAt: expiresAt.toISOString() };
      },
      listEvents: events.list,
      streamEvents: events.stream,
      listAudit: audit.list,
      createChannel: notifications.createChannel,
      listChannels: notifications.listChannels,
      testChannel: notifications.testChannel,
      deleteChannel: notifications.deleteChannel,
      listNotifications: notifications.listNotifications,
      getLineage: lineage.trace,
    },
    { streamEvents: ({ id }) => id },
  );
}
