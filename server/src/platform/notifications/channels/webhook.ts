import { createHash } from "node:crypto";
import { answerText, defineChannel } from "./define.ts";

/**
 * A generic webhook. The body is that of Alertmanager's webhook, version 4, so that its receivers take it as it is;
 * what does not fit there stands in `causeway`.
 */
export const webhook = defineChannel({
  kind: "webhook",
  params: { url: { title: "URL", secret: true } },
  render(message) {
    const { title, text, facts, url, status, subject, project, environment, home } = message;
    const labels = { alertname: title, project, environment, subject };
    const annotations = { summary: title, description: text };
    const at = message.createdAt.toISOString();
    const fingerprint = createHash("sha256").update(`${project}/${environment}${subject}`).digest("hex");
    return {
      version: "4",
      groupKey: `${project}/${environment}:${subject}`,
      truncatedAlerts: 0,
      status,
      receiver: message.channel,
      groupLabels: { subject },
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: home,
      alerts: [
        {
          status,
          labels,
          annotations,
          startsAt: at,
          endsAt: status === "resolved" ? at : "0001-01-01T00:00:00Z",
          generatorURL: url ?? home,
          fingerprint: fingerprint.slice(0, 16),
        },
      ],
      causeway: { id: message.id, createdAt: at, subject, title, text, facts, url, project, environment },
    };
  },
  judge(answer) {
    return answer.status >= 200 && answer.status < 300 ? "arrived" : { problem: answerText(answer) };
  },
});
