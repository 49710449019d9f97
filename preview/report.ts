/** What reports have in common that are posted once and edited in place after. */

/** Second line of a report that has nothing to tell: no comment or issue is opened for it. */
export const quiet = "<!-- nothing to tell -->";

/** First line of the comment on a pull request. */
export const previewMarker = "<!-- rollback-stacks preview -->";

/** First line of the issue on a stack that is not as its last update left it. */
export const driftMarker = (stack: string): string => `<!-- rollback-stacks drift: ${stack} -->`;
