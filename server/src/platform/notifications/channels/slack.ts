import { answerText, defineChannel, type Message } from "./define.ts";

/** Limits of Slack's Block Kit, in characters and fields. */
const HEADER = 150;
const SECTION = 3_000;
const FIELD = 2_000;
const FIELDS = 10;
const BUTTON_URL = 3_000;

/** A Slack incoming webhook: blocks for people, a plain text for notifications and old clients. */
export const slack = defineChannel({
  kind: "slack",
  params: { url: { title: "Incoming webhook URL", secret: true } },
  render(message) {
    return {
      text: cut(escaped(`${message.title}: ${message.text}`), SECTION),
      blocks: blocksOf(message),
      unfurl_links: false,
      unfurl_media: false,
    };
  },
  judge(answer) {
    return answer.status === 200 && answer.text.trim() === "ok"
      ? "arrived"
      : { problem: `Slack did not take the message; ${answerText(answer)}` };
  },
});

function blocksOf({ title, text, facts, url, project, environment, createdAt }: Message): object[] {
  const fields = facts.slice(0, FIELDS).map(({ name, value }) => ({
    type: "mrkdwn",
    text: cut(`*${escaped(name)}*\n${escaped(value)}`, FIELD),
  }));
  const body = text === "" ? {} : { text: { type: "mrkdwn", text: cut(escaped(text), SECTION) } };
  const seconds = Math.floor(createdAt.getTime() / 1000);
  const when = `<!date^${seconds}^{date_short_pretty} {time}|${createdAt.toISOString()}>`;
  return [
    { type: "header", text: { type: "plain_text", text: cut(title, HEADER), emoji: true } },
    ...(text === "" && fields.length === 0
      ? []
      : [{ type: "section", ...body, ...(fields.length === 0 ? {} : { fields }) }]),
    {
      type: "context",
      elements: [
        { type: "mrkdwn", text: `Causeway · ${escaped(project)} / ${escaped(environment)} · ${when}` },
      ],
    },
    ...(url === null || url.length > BUTTON_URL
      ? []
      : [
          {
            type: "actions",
            elements: [{ type: "button", text: { type: "plain_text", text: "Open in Causeway" }, url }],
          },
        ]),
  ];
}

/** Slack reads these three characters as markup. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
