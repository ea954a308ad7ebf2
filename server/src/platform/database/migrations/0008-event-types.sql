-- Consumers look for the next event of a few types: this spares them every other event, and a commit for each.
create index platform_events_types on platform_events (type, position);
