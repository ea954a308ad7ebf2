import pg from "pg";

const TIMEOUT_MS = 3_000;

/** Uses one connection outside of any pool, for the few questions asked before there is a pool. */
export async function withConnection<Answer>(
  url: string,
  use: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "causeway start",
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  client.on("error", () => {}); // the query in flight reports it; unheard, it would end the process
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {}); // already ended by the server
  }
}
