import type { FastifyReply } from "fastify";

/** A page that says one thing and the command that helps. */
export type Notice = {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly command: string;
};

/** Answers with a page that needs no script, no style sheet and no build. */
export function notice(reply: FastifyReply, { status, title, text, command }: Notice): FastifyReply {
  const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Causeway: ${escapeHtml(title)}</title></head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
<pre>${escapeHtml(command)}</pre>
</body>
</html>
`;
  return reply.status(status).type("text/html; charset=utf-8").header("cache-control", "no-store").send(page);
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
