import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Config } from "@pulumi/pulumi";

const config = new Config();
const namespace = config.require("namespace");

for (let index = 0; index < config.requireNumber("count"); index++) {
  const name = `settings-${index}`;
  new ConfigMap(name, { metadata: { name, namespace }, data: { index: String(index) } });
}
