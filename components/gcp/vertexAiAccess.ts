import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import * as pulumi from "@pulumi/pulumi";

export interface VertexAiAccessArgs {
  project: string;
  /** Who may call Vertex AI, as IAM names them. */
  caller: pulumi.Input<string>;
}

/** The right to call Vertex AI's models in a project, and nothing more. */
export class VertexAiAccess extends pulumi.ComponentResource {
  constructor(name: string, args: VertexAiAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:VertexAiAccess", name, {}, opts);
    // One member of the role: a binding would take it from everyone else in the project.
    new IAMMember(name, { project: args.project, role: "roles/aiplatform.user", member: args.caller }, { parent: this });
    this.registerOutputs();
  }
}
