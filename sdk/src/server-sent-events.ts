/** The `data:` fields of a stream of server-sent events (WHATWG HTML, section 9.2), joined per event; comments are passed over. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  let lines: string[] = [];
  for await (const chunk of chunks(body)) {
    rest += decoder.decode(chunk, { stream: true });
    const complete = rest.split(/\r\n|\n|\r(?!$)/);
    rest = complete.pop() ?? "";
    for (const line of complete) {
      if (line === "") {
        if (lines.length > 0) yield lines.join("\n");
        lines = [];
      } else if (line.startsWith("data:")) {
        lines.push(line.slice(line[5] === " " ? 6 : 5));
      }
    }
  }
}

/** Browsers do not all iterate a ReadableStream, so it is read by hand and given back when the reader stops early. */
async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
