import { expect, it } from "vitest";
import { eventData } from "./event-stream.ts";

async function read(...chunks: string[]): Promise<string[]> {
  async function* bytes() {
    for (const chunk of chunks) yield Buffer.from(chunk, "latin1");
  }
  const events: string[] = [];
  for await (const data of eventData(bytes())) events.push(data);
  return events;
}

it.each([
  ["one event", ["data: a\n\n"], ["a"]],
  ["an event in pieces", ["da", "ta: a", "b\n", "\nda", "ta: c\n\n"], ["ab", "c"]],
  ["several lines", ["data: a\ndata: b\n\n"], ["a\nb"]],
  ["comments and other fields", [": ping\n\nevent: x\nid: 7\ndata:a\n\n"], ["a"]],
  ["carriage returns", ["data: a\r\n\r\ndata: b\r", "\n\r\n"], ["a", "b"]],
  ["a character cut in two", ["data: \xc3", "\xa9\n\n"], ["é"]],
  ["an event that was not ended", ["data: a\n\ndata: b\n"], ["a"]],
])("reads %s", async (_, chunks, events) => {
  expect(await read(...chunks)).toEqual(events);
});
