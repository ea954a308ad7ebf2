/** Payload: the kind of work that became due. */
export const WORK_QUEUED = "causeway_work";

/** Payload: the id of work whose state or progress changed. */
export const WORK_CHANGED = "causeway_work_changed";

/** Payload: the id of running work that is to be cancelled. */
export const WORK_CANCEL = "causeway_work_cancel";
