import { type BuiltImage, buildNodeImage, type NodeImage } from "../images/build.ts";

const release = (version: string, databaseRevision: number) => ({
  version,
  env: { APP_VERSION: version, APP_DATABASE_REVISION: String(databaseRevision) },
});

/**
 * `/app/service.mjs` runs the service; `args: ["/app/providers.mjs"]` runs the provider stand-in. What the plans' own workers and
 * tasks are started with is there as commands too. Its two releases differ in APP_VERSION, enough to see which one answers, and in
 * the newest revision of the database that they know; `migrate` knows every one in both.
 */
export const demoImage: NodeImage = {
  name: "rollback-demo",
  programs: {
    service: "demo/service/main.ts",
    worker: "demo/worker/main.ts",
    tool: "demo/tool/main.ts",
    providers: "demo/providers/main.ts",
    migrate: "demo/database/main.ts",
    cache: "demo/cache/main.ts",
  },
  command: "service",
  commands: { celery: "worker", "redis-cli": "cache", python: "tool", migrate: "migrate" },
  releases: [release("1.1.0", 2), release("1.0.0", 1)],
};

export interface DemoImages {
  current: BuiltImage;
  previous: BuiltImage;
}

/** The demo's image (see {@link buildNodeImage}), and the release before it for rollbacks of the image. */
export async function buildDemoImages(outDir: string): Promise<DemoImages> {
  const [current, previous] = (await buildNodeImage(demoImage, outDir)) as [BuiltImage, BuiltImage];
  return { current, previous };
}

export async function buildDemoImage(outDir: string): Promise<BuiltImage> {
  return (await buildDemoImages(outDir)).current;
}
