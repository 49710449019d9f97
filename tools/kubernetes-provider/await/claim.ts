import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { type Awaiter, ready, type Verdict, type View } from "./awaiter.ts";

/** A class or a volume that the same update brings is there within this time. */
const NO_VOLUME_GRACE_MS = 10_000;

/**
 * Done when bound; a claim whose class waits for its first pod would wait for the pod that waits for this update. One that nothing
 * can provide a volume for fails early (the official provider waits five minutes).
 */
export const persistentVolumeClaim: Awaiter = {
  dependsOnOthers: true,
  assess(view) {
    const { status, spec } = view.object as unknown as V1PersistentVolumeClaim;
    if (status?.phase === "Bound") return ready;
    if (status?.phase === "Lost") return { state: "failed", causes: [`its volume ${spec?.volumeName} is gone`] };
    return unbound(view, `claim is ${status?.phase ?? "Pending"}`);
  },
  related(object) {
    const path = `/api/v1/namespaces/${object.metadata.namespace}/events`;
    return {
      classes: { path: "/apis/storage.k8s.io/v1/storageclasses" },
      volumes: { path: "/api/v1/persistentvolumes" },
      events: { path, fieldSelector: `involvedObject.name=${object.metadata.name},involvedObject.kind=PersistentVolumeClaim` },
    };
  },
};

function unbound(view: View, progress: string): Verdict {
  const { spec } = view.object as unknown as V1PersistentVolumeClaim;
  const classes = (view.related.classes ?? []) as unknown as V1StorageClass[];
  const found = classes.find((item) => item.metadata?.name === spec?.storageClassName);
  if (found?.volumeBindingMode === "WaitForFirstConsumer") return ready;
  const isProvisioned = found !== undefined && found.provisioner !== "kubernetes.io/no-provisioner";
  const isKnown = ["classes", "volumes"].every((name) => view.listed.has(name) && !view.denied.has(name));
  if (isProvisioned || !isKnown || mayBind(view)) {
    return { state: "waiting", progress, causes: view.events.map((event) => event.message ?? "").slice(-1) };
  }
  const causes = [whyUnprovided(spec?.storageClassName, found, classes)];
  if (view.elapsedMs >= NO_VOLUME_GRACE_MS) return { state: "failed", causes };
  return { state: "waiting", progress, causes, recheckMs: NO_VOLUME_GRACE_MS - view.elapsedMs };
}

/** Whether a volume is there that could become the claim's. */
function mayBind(view: View): boolean {
  const { spec, metadata } = view.object as unknown as V1PersistentVolumeClaim;
  const volumes = (view.related.volumes ?? []) as unknown as V1PersistentVolume[];
  return volumes.some((volume) => {
    const claimed = volume.spec?.claimRef;
    if (claimed) return claimed.name === metadata?.name && claimed.namespace === metadata?.namespace;
    if (spec?.volumeName) return volume.metadata?.name === spec.volumeName;
    return (volume.spec?.storageClassName ?? "") === (spec?.storageClassName ?? "");
  });
}

function whyUnprovided(wanted: string | undefined, found: V1StorageClass | undefined, classes: V1StorageClass[]): string {
  const names = classes.map((item) => item.metadata?.name).join(", ") || "none";
  const nothing = "no unbound PersistentVolume fits either";
  if (found) return `StorageClass ${wanted} provides no volumes by itself, and no unbound PersistentVolume is of it`;
  if (wanted) return `there is no StorageClass ${wanted} (there are: ${names}), and ${nothing}`;
  if (wanted === "") return "it asks for no StorageClass, and no unbound PersistentVolume without one is there";
  return `it names no StorageClass, none is the default (there are: ${names}), and ${nothing}`;
}
