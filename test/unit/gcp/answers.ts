/** What the cluster and Google Cloud, neither of which is here, would fill in. */
// biome-ignore lint/suspicious/noExplicitAny: whatever was registered
export function answered(type: string, name: string, inputs: any) {
  switch (type) {
    case "gcp:serviceaccount/account:Account": {
      const email = `${inputs.accountId}@${inputs.project}.iam.gserviceaccount.com`;
      return { ...inputs, email, member: `serviceAccount:${email}`, name: `projects/${inputs.project}/serviceAccounts/${email}` };
    }
    case "gcp:secretmanager/secret:Secret":
      return { ...inputs, id: `projects/${inputs.project}/secrets/${inputs.secretId}` };
    case "gcp:logging/projectBucketConfig:ProjectBucketConfig":
      return { ...inputs, id: `projects/${inputs.project}/locations/${inputs.location}/buckets/${inputs.bucketId}` };
    case "kubernetes:core/v1:ServiceAccount":
      return { ...inputs, metadata: { ...inputs.metadata, namespace: "shop" } };
    default:
      return { ...inputs, id: name };
  }
}
