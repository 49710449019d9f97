import { Track } from "rollback-stacks";
import { app } from "./app.ts";

new Track("shop-stable", { ...app, track: "stable", provider: "openai", replicas: 2, timeoutSeconds: 60 });
