import type { V1Pod } from "@kubernetes/client-node";
import { isPresent } from "../../probes/podState.ts";
import { podName, type Trouble } from "./trouble.ts";

export const configNotUpdated: Trouble = {
  name: "pods that have other settings than the last verified release",
  look({ live: { pods }, app, record, kubectl }) {
    const [settings] = record?.settings ?? [];
    if (!settings) return [];
    const current = `-${settings.hash}`;
    const own = pods.filter((pod) => isPresent(pod) && pod.metadata?.labels?.app === app && settingsOf(pod).length > 0);
    const others = own.filter((pod) => !settingsOf(pod).some((name) => name.endsWith(current)));
    if (others.length === 0) return [];
    return [
      {
        what: `${others.length} of ${own.length} pods (${podName(others[0] as V1Pod)}, …) are not with …-settings${current}, but of an update that did not end well`,
        mend: `rollback last-good; then look: ${kubectl} get pods --selector app=${app}`,
      },
    ];
  },
};

/** Settings are immutable ConfigMaps, named by their content. */
const settingsOf = ({ spec }: V1Pod): string[] =>
  (spec?.containers[0]?.envFrom ?? []).flatMap(({ configMapRef }) =>
    configMapRef?.name?.includes("-settings-") ? [configMapRef.name] : [],
  );
