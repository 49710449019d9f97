import { Config } from "@pulumi/pulumi";
import { ProviderCredentials } from "rollback-stacks";

// As text, since the Secret is named by what is in it; the component makes it a secret again.
const values = { OPENAI_API_KEY: new Config("openai").require("apiKey") };

export const { secretName } = new ProviderCredentials("shop-openai", { values, labels: { app: "shop" } });
