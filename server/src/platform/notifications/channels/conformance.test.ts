import { CHANNEL_KINDS } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import type { Message } from "./define.ts";
import { CHANNELS } from "./index.ts";

const message: Message = {
  id: "00000000-0000-7000-8000-000000000001",
  project: "default",
  environment: "prod",
  channel: "ops",
  subject: "/api/monitoring/alerts/1",
  title: "churn: accuracy <fell>",
  text: "accuracy 0.71 (0.68 to 0.74) & 0.88 in the reference",
  facts: [{ name: "Columns", value: "price > 30, contract" }],
  url: "http://127.0.0.1:7420/prod/monitoring/churn?window=1",
  status: "firing",
  createdAt: new Date("2026-11-21T10:00:00.000Z"),
  home: "http://127.0.0.1:7420",
};

/** More than any receiver takes. */
const long: Message = {
  ...message,
  title: "t".repeat(1_000),
  text: "&".repeat(10_000),
  facts: Array.from({ length: 40 }, (_, index) => ({ name: `fact ${index}`, value: "v".repeat(5_000) })),
};
const bare: Message = { ...message, text: "", facts: [], url: null };

describe.each(CHANNEL_KINDS)("%s", (kind) => {
  const channel = CHANNELS[kind];

  it("is listed under its own kind and keeps its address secret", () => {
    expect(channel.kind).toBe(kind);
    expect(channel.params.url.secret).toBe(true);
  });

  it.each([
    ["a message", message],
    ["a long one", long],
    ["a bare one", bare],
  ])("renders %s as JSON with its title, the same each time", (_name, given) => {
    const text = JSON.stringify(channel.render(given));
    expect(JSON.stringify(channel.render(given))).toBe(text);
    expect(text).toContain(given.title.slice(0, 5));
    expect(text.length).toBeLessThan(300_000);
  });

  it("takes no failure for an arrival, and says what came back", () => {
    for (const status of [302, 400, 404, 429, 500, 503]) {
      const judged = channel.judge({ status, text: "no_service", retryAfterSeconds: null });
      expect(judged).toMatchObject({ problem: expect.stringContaining(`${status}: no_service`) });
    }
    expect(channel.judge({ status: 200, text: "ok", retryAfterSeconds: null })).toBe("arrived");
  });
});

describe("slack", () => {
  it("M9/slack renders header, section with fields, context and a button, within Slack's limits", () => {
    expect(CHANNELS.slack.render(message)).toEqual({
      text: "churn: accuracy &lt;fell&gt;: accuracy 0.71 (0.68 to 0.74) &amp; 0.88 in the reference",
      blocks: [
        { type: "header", text: { type: "plain_text", text: "churn: accuracy <fell>", emoji: true } },
        {
          type: "section",
          text: { type: "mrkdwn", text: "accuracy 0.71 (0.68 to 0.74) &amp; 0.88 in the reference" },
          fields: [{ type: "mrkdwn", text: "*Columns*\nprice &gt; 30, contract" }],
        },
        {
          type: "context",
          elements: [
            {
              type: "mrkdwn",
              text: "Causeway · default / prod · <!date^1795255200^{date_short_pretty} {time}|2026-11-21T10:00:00.000Z>",
            },
          ],
        },
        {
          type: "actions",
          elements: [
            {
              type: "button",
              text: { type: "plain_text", text: "Open in Causeway" },
              url: "http://127.0.0.1:7420/prod/monitoring/churn?window=1",
            },
          ],
        },
      ],
      unfurl_links: false,
      unfurl_media: false,
    });
    const { blocks } = CHANNELS.slack.render(long) as {
      blocks: [{ text: { text: string } }, { text: { text: string }; fields: { text: string }[] }];
    };
    expect(blocks[0].text.text).toHaveLength(150);
    expect(blocks[1].text.text.length).toBeLessThanOrEqual(3_000);
    expect(blocks[1].fields).toHaveLength(10);
    for (const { text } of blocks[1].fields) expect(text.length).toBeLessThanOrEqual(2_000);
  });

  it("says everything in the header where there is no text", () => {
    const { blocks } = CHANNELS.slack.render(bare) as { blocks: { type: string }[] };
    expect(blocks.map(({ type }) => type)).toEqual(["header", "context"]);
  });
});

describe("webhook", () => {
  it("M9/webhook renders the body of Alertmanager's webhook, version 4, with our own facts beside it", () => {
    expect(CHANNELS.webhook.render(message)).toEqual({
      version: "4",
      groupKey: "default/prod:/api/monitoring/alerts/1",
      truncatedAlerts: 0,
      status: "firing",
      receiver: "ops",
      groupLabels: { subject: message.subject },
      commonLabels: {
        alertname: message.title,
        project: "default",
        environment: "prod",
        subject: message.subject,
      },
      commonAnnotations: { summary: message.title, description: message.text },
      externalURL: "http://127.0.0.1:7420",
      alerts: [
        {
          status: "firing",
          labels: {
            alertname: message.title,
            project: "default",
            environment: "prod",
            subject: message.subject,
          },
          annotations: { summary: message.title, description: message.text },
          startsAt: "2026-11-21T10:00:00.000Z",
          endsAt: "0001-01-01T00:00:00Z",
          generatorURL: message.url,
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
      causeway: {
        id: message.id,
        createdAt: "2026-11-21T10:00:00.000Z",
        subject: message.subject,
        title: message.title,
        text: message.text,
        facts: message.facts,
        url: message.url,
        project: "default",
        environment: "prod",
      },
    });
  });

  it("tells that something is over, under the fingerprint of what it was", () => {
    const first = CHANNELS.webhook.render(message) as { alerts: [{ fingerprint: string }] };
    const over = CHANNELS.webhook.render({ ...message, status: "resolved", title: "over" });
    expect(over).toMatchObject({
      status: "resolved",
      alerts: [
        {
          status: "resolved",
          endsAt: "2026-11-21T10:00:00.000Z",
          fingerprint: first.alerts[0].fingerprint,
        },
      ],
    });
  });
});
