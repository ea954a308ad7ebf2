import { fail, type MonitorSettings } from "@causeway/contract";

/** Refuses settings that no window can be made of. */
export function checkSettings({ zone }: Pick<MonitorSettings, "zone">): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch (cause) {
    throw fail("INVALID_FIELD", {
      message: `${zone} is no time zone`,
      field: "settings.zone",
      value: zone,
      help: 'Name one of the IANA database, for example "UTC" or "Asia/Ho_Chi_Minh".',
      cause,
    });
  }
}
