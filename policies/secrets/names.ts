/** Which names say that what they hold is a secret. */

/** `openaiApiKey`, `openai.api-key` and `--openai-api-key` are all `OPENAI_API_KEY`. */
const words = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();

const secret =
  /(^|_)(PASSWORDS?|PASSWD|PASSPHRASE|PASS|PWD|SECRETS?|CREDENTIALS?|TOKEN|KEY|APIKEY|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_KEYS)$/;
const harmlessKey =
  /(^|_)(PUBLIC|PUBLISHABLE|ANON|SITE|CACHE|SORT|PARTITION|PRIMARY|FOREIGN|ROUTE|SHARD|HASH|INDEX|OBJECT|LOOKUP|GROUP|ORDER|TARGETING|FLAG|BUCKET|LABEL|HEADER|MESSAGE|TRANSLATION|IDEMPOTENCY)_KEY$/;
const harmlessToken = /(^|_)(MAX|MIN|EOS|BOS|PAD|UNK|STOP|NEXT|PAGE|CONTINUATION|PER)_TOKEN$/;

/** Whether a name says that what it holds is a secret: `OPENAI_API_KEY`, not `MAX_TOKENS`, `SECRET_NAME` or `CACHE_KEY`. */
export function isSecretName(name: string): boolean {
  const spelled = words(name);
  return secret.test(spelled) && !harmlessKey.test(spelled) && !harmlessToken.test(spelled);
}

/** Words that mean many things in a file: `key: value` is no secret, `apiKey: value` is. */
export const isAmbiguous = (name: string): boolean => /^_?(KEYS?|TOKENS?|SECRETS?|PASS|PWD|CREDENTIALS?)$/.test(words(name));

/** What bundlers write into the page that they make, for everyone to read. Row E6. */
const publicPrefix = /^(VITE|NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|EXPO_PUBLIC|GATSBY|PUBLIC)_(?=.)/;

export const isPublicName = (name: string): boolean => publicPrefix.test(name);
export const withoutPublicPrefix = (name: string): string => name.replace(publicPrefix, "");
