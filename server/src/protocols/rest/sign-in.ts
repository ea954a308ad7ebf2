import type { FastifyInstance } from "fastify";
import type { Access } from "../../platform/access/index.ts";
import { cookieValue } from "./authenticate.ts";
import { notice } from "./notice.ts";

/** What signing a browser in needs. */
export type SignInParts = {
  readonly access: Pick<Access, "signIn" | "identifySession">;
  readonly cookieName: string;
};

/** Adds `/go/sign-in?code=`: uses the one-time code up and gives the browser its session. */
export function addSignIn(app: FastifyInstance, { access, cookieName }: SignInParts): void {
  app.get<{ Querystring: { code?: string | string[] } }>(
    "/go/sign-in",
    { config: { open: true } },
    async (request, reply) => {
      const { code } = request.query;
      const session = typeof code === "string" ? await access.signIn(code, request.id) : undefined;
      if (session !== undefined) {
        const seconds = Math.floor((session.expiresAt.getTime() - Date.now()) / 1000);
        const secure = request.headers["x-forwarded-proto"] === "https" ? "; Secure" : "";
        reply.header(
          "set-cookie",
          `${cookieName}=${session.secret}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`,
        );
        return reply.redirect("/", 303);
      }
      const known = cookieValue(request.headers.cookie, cookieName);
      // A link that was opened twice in the same browser did its work the first time.
      if (known !== undefined && (await access.identifySession(known)) !== undefined)
        return reply.redirect("/", 303);
      return notice(reply, {
        status: 401,
        title: "This link does not work any more",
        text: "A link signs one browser in, once, within ten minutes. Make a new one on the machine that Causeway runs on:",
        command: "npx --no causeway token link",
      });
    },
  );
}
