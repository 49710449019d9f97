import { isPresent } from "../../probes/podState.ts";
import { podName, type Trouble } from "./trouble.ts";

export const configNotUpdated: Trouble = {
  name: "pods that have other settings than the last verified release",
  look({ live: { pods }, app, record, kubectl }) {
    const [settings] = record?.settings ?? [];
    if (!settings) return [];
    const current = `-${settings.hash}`;
    const others = pods.filter((pod) => {
      const names = (pod.spec?.containers[0]?.envFrom ?? []).flatMap(({ configMapRef }) => configMapRef?.name ?? []);
      const own = names.filter((name) => name.includes("-settings-"));
      return isPresent(pod) && pod.metadata?.labels?.app === app && own.length > 0 && !own.some((name) => name.endsWith(current));
    });
    if (others.length === 0) return [];
    return [
      {
        what: `${others.map(podName).join(", ")}: not with …-settings${current}. Settings are immutable and named by content: pods of an update that did not end well`,
        mend: `rollback last-good; then look: ${kubectl} get pods --selector app=${app}`,
      },
    ];
  },
};
