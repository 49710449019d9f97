import { z } from "zod";

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "expected the name of an HTTP header, like x-user-segment");

/** How requests tell a Gateway whose they are. */
export const traffic = z
  .strictObject({
    /** Headers that carry the caller's segment and tenant, set where the caller is known: at the edge, after sign-in. */
    headers: z.strictObject({ segments: headerName.optional(), tenants: headerName.optional() }).prefault({}),
  })
  .prefault({});
