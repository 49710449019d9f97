import type { V1Pod } from "@kubernetes/client-node";

export const isRunning = ({ status }: V1Pod): boolean => status?.phase !== "Succeeded" && status?.phase !== "Failed";
export const namesOf = (pods: readonly V1Pod[]): string => pods.map(({ metadata }) => metadata?.name).join(", ");
