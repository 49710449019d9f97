import type { Cluster } from "./types.ts";
export async function useContext(_context: string): Promise<Cluster> {
  throw new Error("todo");
}
