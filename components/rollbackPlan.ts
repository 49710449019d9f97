import * as pulumi from "@pulumi/pulumi";
import { AlertRules } from "./alertRules.ts";
import { checksFor, checksOf } from "./database/checks.ts";
import { type DatabaseMove, databaseName, decideMove, namedBackups, stateAfter } from "./database/move.ts";
import { DatabaseRevision } from "./databaseRevision.ts";
import { makeFeatures } from "./feature.ts";
import { FeatureFlags, flagsVersion } from "./featureFlags.ts";
import { fingerprint } from "./fingerprint.ts";
import { flagEnvironment } from "./flags/environment.ts";
import type { GoogleCloud } from "./gcp/googleCloud.ts";
import { describeChange } from "./guards/change.ts";
import type { Drills, DrillsError } from "./guards/drills.ts";
import { judge } from "./guards/judge.ts";
import { say, stopLossOfData } from "./guards/say.ts";
import { bucketOf } from "./levers/backups.ts";
import type { Levers } from "./levers/levers.ts";
import { makeNetworkPolicy } from "./network.ts";
import type { Plan } from "./plan/plan.ts";
import { planVerification } from "./planVerification.ts";
import { ProviderCredentials } from "./providerCredentials.ts";
import { Release, type ReleaseArgs, type ReleaseTrack } from "./release.ts";
import { historySince, type ReleaseRecord } from "./releaseRecord.ts";
import { Settings, settingsVersion } from "./settings.ts";
import { cacheAccess, databaseAccess } from "./storeAccess.ts";
import { Task } from "./task.ts";
import { type TrackLever, trackLevers } from "./trackLevers.ts";
import { Verification } from "./verification.ts";
import { Worker } from "./worker.ts";

export interface RollbackPlanArgs {
  /** What the team agreed on: `definePlan`. */
  plan: Plan;
  /** What the stack's config says: `readPlanAndLevers`. */
  levers: Levers;
  /** What the updates before left: decides which way traffic moves. See `readLastUpdate`. */
  last: ReleaseRecord | undefined;
  /** The code of the Google Cloud parts, for stacks that set the `gcp` lever: `await loadGoogleCloud(levers)`. */
  googleCloud?: typeof GoogleCloud | undefined;
  /** The last good rehearsal of each level, for the guard that asks for one, or why nothing is known of them. Default: none. */
  drills?: Drills | DrillsError;
}

/** What pods cannot start without, and where it comes from. */
interface Given {
  settings: Settings;
  flags: FeatureFlags | undefined;
  google: GoogleCloud | undefined;
  /** By provider. */
  credentials: Record<string, ProviderCredentials>;
}

interface DatabaseArgs {
  move: DatabaseMove | undefined;
  app: ReleaseTrack & { service: Plan["service"] };
  bucket: GoogleCloud["backups"];
  tracks: readonly ReleaseTrack[];
  /** What is made after the database's first steps, and its last steps come after. */
  release: Promise<pulumi.Resource[]>;
}

interface TasksArgs {
  app: ReleaseTrack & { service: Plan["service"] };
  given: Given;
  after: pulumi.Resource[];
}

/** A level's own objective bounds the wait of an update that names it; the slowest level's bounds every other. */
function patience({ levels }: Plan, { change }: Levers): number {
  const named = change?.level === undefined ? undefined : levels[change.level];
  return named?.rtoSeconds ?? Math.max(...Object.values(levels).map(({ rtoSeconds }) => rtoSeconds));
}

function releaseTrack(plan: Plan, levers: Levers, { settings, flags, google, credentials }: Given, lever: TrackLever): ReleaseTrack {
  const { track, image, provider, replicas, serving } = lever;
  const { env: providerEnv, credentials: variables } = plan.providers.known[provider] as Plan["providers"]["known"][string];
  const env = { ...providerEnv, ...flagEnvironment(plan, levers.flags) };
  const flagsFile = flags && plan.flags.file ? { configMapName: flags.configMapName, path: plan.flags.file } : undefined;
  const secret = credentials[provider] as ProviderCredentials;
  const serviceAccountName = google?.identity.serviceAccountName;
  const database = databaseAccess(plan, levers);
  const cache = cacheAccess(plan, levers);
  const template = fingerprint(
    plan.service,
    image,
    env,
    settings.kept[0]?.hash,
    flagsFile,
    secret.secretName,
    ...(google ? [serviceAccountName] : []),
    ...(database ? [database] : []),
    ...(cache ? [cache] : []),
  );
  return {
    track,
    image,
    provider,
    replicas,
    autoscaling: track === "stable" ? plan.service.autoscaling : undefined,
    release: template,
    env,
    settingsName: settings.configMapName,
    flagsFile,
    credentials: { secretName: secret.secretName, variables: Object.values(variables) },
    state: { track, provider, template, replicas, serving },
    database,
    cache,
    serviceAccountName,
    requires: [settings, ...(flags ? [flags] : []), secret, ...(google?.rights ?? [])],
  };
}

/** What answers instead of the tracks, while the system is in maintenance. */
function pageOf(plan: Plan, { maintenance, verification }: Levers): ReleaseArgs["maintenance"] {
  return maintenance && plan.maintenance && verification ? { page: plan.maintenance, image: verification.image } : undefined;
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A whole system, from its plan and its levers: credentials, settings, flags, tracks and traffic as one unit. */
export class RollbackPlan extends pulumi.ComponentResource {
  /**
   * What this update is made of; the stack's `release` output. It resolves once everything is ready and verified: the record of an update that
   * failed never takes the place of the last good one.
   */
  readonly record: pulumi.Output<ReleaseRecord>;

  constructor(name: string, args: RollbackPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, levers, last, drills = {} } = args;
    const change = describeChange({ plan, levers, last, drills, now: new Date() });
    const verdict = judge(change);
    const { refused } = verdict;
    // The one input that the policy pack reads. There is none in an update that may happen, so it makes no difference to the next.
    super("rollback-stacks:components:RollbackPlan", name, Object.keys(refused).length > 0 ? { refused } : {}, opts);
    say(verdict, this);
    stopLossOfData(verdict);
    const given = this.makeGiven(name, args);
    const timeoutSeconds = patience(plan, levers);
    const tracks = trackLevers(plan, levers).map((lever) => releaseTrack(plan, levers, given, lever));
    const app = { ...(tracks.find(({ track }) => track === "stable") as ReleaseTrack), service: plan.service };
    const there = Promise.withResolvers<pulumi.Resource[]>();
    const move = decideMove({ plan, levers, last: last?.database });
    const database = this.makeDatabase(name, args, { move, app, bucket: given.google?.backups, tracks, release: there.promise });
    const migrated = database?.before ?? [];
    const features = makeFeatures(name, { plan, levers, app, timeoutSeconds }, { parent: this, dependsOn: [...app.requires, ...migrated] });
    // What uses a feature finds it there; where it was there all along, nothing waits for its new pods.
    const returning = features.filter(({ feature }) => !last?.features?.includes(feature));
    const first = [...returning.flatMap(({ resources }) => resources), ...migrated];
    for (const track of tracks) track.requires = [...track.requires, ...first];
    const release = this.makeRelease(name, args, tracks, timeoutSeconds);
    const workers = Object.entries(levers.maintenance ? {} : plan.workers).map(
      ([worker, definition]) =>
        new Worker(`${name}-${worker}`, { ...app, worker, definition, timeoutSeconds }, { parent: this, dependsOn: release }),
    );
    there.resolve([release, ...workers, ...features]);
    const steps = database?.steps ?? [];
    const tasks = this.makeTasks(name, args, { app, given, after: [release, ...workers, ...steps] });
    const { enabled, ...alerts } = levers.alerts;
    if (enabled) new AlertRules(`${name}-alerts`, { plan, ...alerts }, { parent: this });
    const record: ReleaseRecord = {
      tracks: tracks.map(({ state, image }) => ({ ...state, image })),
      selector: release.motion.selector,
      ...(release.route && { route: { wanted: release.route.wanted, backends: release.route.backends, pins: release.route.pins } }),
      settings: given.settings.kept,
      flags: given.flags?.kept ?? [],
      tasks: Object.fromEntries(tasks.map(({ task, ran }) => [task, ran])),
      credentials: Object.fromEntries(Object.entries(given.credentials).map(([provider, { version }]) => [provider, version])),
      features: features.map(({ feature }) => feature),
      ...(move && { database: stateAfter(move, levers) }),
    };
    const order = planVerification(plan, levers, record);
    const after = [release, ...features, ...workers, ...steps, ...tasks];
    const verification = order && new Verification(`${name}-verification`, { ...order, after }, { parent: this });
    const done: (pulumi.Output<unknown> | undefined)[] = [
      release.ready,
      ...features.flatMap(({ resources }) => resources.map(({ id }) => id)),
      ...workers.map(({ deployment }) => deployment.id),
      ...tasks.map(({ job }) => job.id),
      ...steps.map(({ id }) => id),
      verification?.passed,
    ];
    this.record = pulumi.all([pulumi.output(database?.evidence), pulumi.all(done)]).apply(([evidence]) => ({
      ...record,
      ...(record.database && { database: { ...record.database, evidence } }),
      ...historySince(change, new Date()),
    }));
    this.registerOutputs({ release: this.record });
  }

  private makeGiven(name: string, args: RollbackPlanArgs): Given {
    const { plan, levers, last } = args;
    const labels = { app: plan.service.name };
    const current = settingsVersion(plan, levers.settings);
    const settings = new Settings(`${name}-settings`, { current, earlier: last?.settings ?? [], labels }, { parent: this });
    const flags = this.makeFlags(name, args, labels);
    const google = this.makeGoogleCloud(name, args);
    return { settings, flags, google, credentials: this.makeCredentials(name, plan, levers, labels, google) };
  }

  private makeRelease(name: string, { plan, levers, last }: RollbackPlanArgs, tracks: ReleaseTrack[], timeoutSeconds: number): Release {
    const { traffic, pins } = levers;
    const maintenance = pageOf(plan, levers);
    const gateway = traffic.mode === "gateway" ? { weight: levers.canary?.weight ?? 0, traffic, pins } : undefined;
    if (plan.network) {
      const gatewayNamespace = gateway && traffic.gateway?.namespace;
      makeNetworkPolicy({ app: plan.service.name, network: plan.network, gatewayNamespace }, { parent: this });
    }
    return new Release(name, { plan, tracks, maintenance, gateway, last, timeoutSeconds }, { parent: this });
  }

  private makeDatabase(name: string, { plan, levers, last }: RollbackPlanArgs, args: DatabaseArgs): DatabaseRevision | undefined {
    const { move, tracks, ...more } = args;
    if (!move || !plan.database || !levers.database) return undefined;
    const releases = [...new Set(tracks.filter(({ replicas }) => replicas > 0).map((track) => track.release))];
    const evidence = move.isOver ? last?.database?.evidence : undefined;
    const [checks, backupChecks] = [checksFor(plan, levers.database.revision), checksOf(plan)];
    const spared = namedBackups(last?.database, levers.database);
    const asked = { checks, backupChecks, spared, evidence };
    const revision = { ...more, ...asked, definition: plan.database, lever: levers.database, move, releases };
    return new DatabaseRevision(databaseName(name), revision, { parent: this });
  }

  private makeTasks(name: string, { plan, last }: RollbackPlanArgs, { app, given, after }: TasksArgs): Task[] {
    const { settings, flags } = given;
    const causes = { image: app.image, settings: settings.kept[0]?.hash ?? "", flags: fingerprint(flags?.kept[0]?.hash) };
    const tasks: Task[] = [];
    for (const [task, definition] of Object.entries(plan.tasks)) {
      const opts = { parent: this, dependsOn: [...after, ...tasks] };
      tasks.push(new Task(`${name}-${kebab(task)}`, { ...app, task, definition, causes, last: last?.tasks?.[task] }, opts));
    }
    return tasks;
  }

  private makeFlags(name: string, { plan, levers, last }: RollbackPlanArgs, labels: Record<string, string>): FeatureFlags | undefined {
    if (Object.keys(plan.flags.known).length === 0) return undefined;
    const current = flagsVersion(plan, levers.flags);
    return new FeatureFlags(`${name}-flags`, { current, earlier: last?.flags ?? [], labels }, { parent: this });
  }

  private makeGoogleCloud(name: string, { plan, levers, googleCloud }: RollbackPlanArgs): GoogleCloud | undefined {
    const { gcp, credentials, alerts, database } = levers;
    if (!gcp) return undefined;
    if (!googleCloud)
      throw new pulumi.RunError("gcp is set: RollbackPlan needs `googleCloud: await loadGoogleCloud(levers)`. Nothing was changed.");
    const bucket = bucketOf(database?.backups);
    const backups = bucket === undefined ? undefined : { bucket, serviceAccountName: databaseName(name) };
    return new googleCloud(`${name}-gcp`, { plan, gcp, credentials, backups, runbooks: alerts.runbooks }, { parent: this });
  }

  private makeCredentials(
    name: string,
    plan: Plan,
    levers: Levers,
    labels: Record<string, string>,
    google: GoogleCloud | undefined,
  ): Record<string, ProviderCredentials> {
    const made: Record<string, ProviderCredentials> = {};
    for (const [provider, values] of Object.entries(levers.credentials)) {
      const variables = plan.providers.known[provider]?.credentials ?? {};
      const env = Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [variables[key] ?? key, String(value)]));
      const opts = { parent: this, dependsOn: google?.stored[provider] ?? [] };
      made[provider] = new ProviderCredentials(`${name}-${provider}`, { values: env, labels }, opts);
    }
    return made;
  }
}
