import { fail } from "@causeway/contract";

/** The first bytes of a file as text; letters that were cut in the middle are left out. */
export async function readTextHead(url: string, most: number): Promise<string> {
  const response = await fetch(url, { headers: { range: `bytes=0-${most - 1}` } });
  if (!response.ok) {
    throw fail("INTERNAL", {
      message: `the file could not be read: the server answered ${response.status}`,
      help: "open it by its link to see what the server says",
    });
  }
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // A server without ranges sends the whole file; reading stops where enough was read.
  while (reader !== undefined && bytes < most) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, most - bytes);
    bytes += part.length;
    text += decoder.decode(part, { stream: true });
  }
  await reader?.cancel();
  return text;
}
