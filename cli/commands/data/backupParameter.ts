/** The backup that a command is about. No shell waits for what only a pod of the cluster knows, so there is no completion. */
export const backupParameter = {
  kind: "tuple",
  parameters: [{ placeholder: "backup", brief: "Its file name; rollback data backups lists them", parse: String }],
} as const;
