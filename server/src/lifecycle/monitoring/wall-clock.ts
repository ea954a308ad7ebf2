const formatters = new Map<string, Intl.DateTimeFormat>();

/** The time that clocks in a zone show, as if it were milliseconds of UTC since 1970. */
export function toWall(time: number, zone: string): number {
  if (zone === "UTC") return time;
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, formatter);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(time)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const milliseconds = ((time % 1_000) + 1_000) % 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
}

/**
 * The moment at which clocks in a zone show a time: the first one where they show it twice, the moment of the jump where
 * they leave it out.
 */
export function fromWall(wall: number, zone: string): number {
  if (zone === "UTC") return wall;
  const day = 86_400_000;
  // Offsets before and after any change nearby.
  const earlier = wall - (toWall(wall - day, zone) - (wall - day));
  const later = wall - (toWall(wall + day, zone) - (wall + day));
  const shown = [earlier, later].filter((moment) => toWall(moment, zone) === wall);
  if (shown.length > 0) return Math.min(...shown);
  return jumpBetween(Math.min(earlier, later), Math.max(earlier, later), { wall, zone });
}

/** Clocks jump over the time: the first moment at which they show more. */
function jumpBetween(from: number, to: number, { wall, zone }: { wall: number; zone: string }): number {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (toWall(middle, zone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}
