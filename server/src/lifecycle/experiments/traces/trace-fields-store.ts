import type { SearchField } from "@causeway/contract";
import { type RawBuilder, sql } from "kysely";
import type { FieldSql, FieldTable } from "../search/filter-store.ts";

/** How MLflow's filters write the state of a trace. */
const STATUS = sql`case trace.state when 'unspecified' then 'STATE_UNSPECIFIED' else upper(replace(trace.state, '-', '_')) end`;

/** What an assessment says: text, or a number where it is one. */
const TEXT = { type: "text", sql: sql`assessed.value` } as const;
const NUMBER = {
  type: "number",
  sql: sql`(case when assessed.value ~ '^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$' then assessed.value::double precision end)`,
} as const;

/** The span as it is kept. It may hold U+0000, which the functions on JSON refuse. */
const WHOLE = sql`replace(span.content::text, '\\u0000', '\\ufffd')::json`;

/**
 * What a span says, as text: name, attributes, message of its status, events. Not the whole as it is kept, where each value stands
 * beside words of OpenTelemetry's schema, which nobody wrote.
 */
const CONTENT = sql`jsonb_build_object(
    'name', span.name,
    'attributes', span.attributes,
    'message', ${WHOLE} #>> '{status,message}',
    'events', (select jsonb_agg(event ->> 'name') || coalesce(jsonb_agg(
        (select jsonb_object_agg(coalesce(attribute ->> 'key', ''), coalesce(attribute #>> '{value,string_value}', attribute ->> 'value'))
          from json_array_elements(event -> 'attributes') as attribute)), '[]')
      from json_array_elements(${WHOLE} -> 'events') as event)
  )::text`;

/** Fields of the row `trace` of experiments_traces that are its own. */
export function traceAttribute(key: string): FieldSql | undefined {
  switch (key) {
    case "request_id":
      return { type: "text", sql: sql`trace.id` };
    case "timestamp_ms":
      return { type: "number", sql: sql`trace.request_at_ms` };
    case "execution_time_ms":
      return { type: "number", sql: sql`trace.duration_ms` };
    case "end_time_ms":
      return { type: "number", sql: sql`(trace.request_at_ms + trace.duration_ms)` };
    case "status":
      return { type: "text", sql: STATUS, read: (text) => text.toUpperCase() };
    case "client_request_id":
      return { type: "text", sql: sql`trace.client_request_id` };
    case "experiment_id":
      return {
        type: "text",
        sql: sql`(select number::text from experiments_experiments where key = trace.experiment_key)`,
      };
    case "name":
      return { type: "text", sql: textOf("tag", "mlflow.traceName") };
    case "run_id":
      return { type: "text", sql: textOf("metadata", "mlflow.sourceRun") };
    default:
      return undefined;
  }
}

function textOf(kind: "tag" | "metadata", name: string): RawBuilder<unknown> {
  return sql`(select value from experiments_trace_texts
    where project = trace.project and trace = trace.id and kind = ${kind} and name = ${name})`;
}

/** Every field of a trace that a filter can name. */
export const traceFields: FieldTable = ({ group, key }: SearchField, value): FieldSql | undefined => {
  switch (group) {
    case "attribute":
      if (key === "run_id") return { type: "text", sql: sql`run`, exists: ofRuns };
      if (key === "text") return { type: "text", sql: CONTENT, exists: ofSpans };
      return traceAttribute(key);
    case "tag":
    case "metadata":
      return {
        type: "text",
        sql: sql`value`,
        exists: (condition) => sql`(select ${condition} from experiments_trace_texts
          where project = trace.project and trace = trace.id and kind = ${group} and name = ${key})`,
      };
    case "span":
      return spanField(key);
    case "feedback":
    case "expectation":
      return {
        ...(typeof value === "number" ? NUMBER : TEXT),
        exists: (condition) => sql`exists (
          select from experiments_assessments as assessment
          cross join lateral (select coalesce(
            assessment.content -> ${group} ->> 'value',
            assessment.content -> ${group} -> 'serialized_value' ->> 'value'
          ) as value) as assessed
          where assessment.project = trace.project and assessment.trace = trace.id
            and assessment.valid and assessment.name = ${key} and assessment.content -> ${group} is not null
            and ${condition})`,
      };
    default:
      return undefined;
  }
};

/** A trace is of the run that it was made in, and of those that it was linked to. */
function ofRuns(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (select from (
      select run from experiments_trace_runs where project = trace.project and trace = trace.id
      union all
      select value from experiments_trace_texts where project = trace.project and trace = trace.id
        and kind = 'metadata' and name = 'mlflow.sourceRun'
    ) as of_run (run) where ${condition})`;
}

function ofSpans(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (select from experiments_spans as span
    where span.project = trace.project and span.trace = trace.id and ${condition})`;
}

function spanField(key: string): FieldSql | undefined {
  switch (key) {
    case "name":
      return { type: "text", sql: sql`span.name`, exists: ofSpans };
    case "type":
      return { type: "text", sql: sql`span.type`, exists: ofSpans };
    case "status":
      return { type: "text", sql: sql`span.status`, exists: ofSpans, read: (text) => text.toUpperCase() };
    case "content":
      return { type: "text", sql: CONTENT, exists: ofSpans };
    default: {
      if (!key.startsWith("attributes.")) return undefined;
      const attribute = key.slice("attributes.".length);
      return { type: "text", sql: sql`(span.attributes ->> ${attribute})`, exists: ofSpans };
    }
  }
}
