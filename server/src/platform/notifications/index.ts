export { createNotifications, type MessageRequest, type Notifications } from "./notifications.ts";
export { startSender } from "./sender.ts";
