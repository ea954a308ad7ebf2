export { reasonOf } from "./delivery.ts";
export { createNotifications, type MessageRequest, type Notifications } from "./notifications.ts";
export { retryPause } from "./retry-pause.ts";
export { keepSending, startSender } from "./sender.ts";
