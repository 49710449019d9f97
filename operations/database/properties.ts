import { type Client, escapeIdentifier, escapeLiteral } from "pg";

/** A row of pg_database; which columns there are depends on PostgreSQL's version. */
interface Description {
  oid: number;
  encoding: string;
  owner: string;
  tablespace: string;
  comment: string | null;
  datconnlimit: number;
  datcollate: string;
  datctype: string;
  datlocprovider?: string;
  daticulocale?: string | null;
  datlocale?: string | null;
}

/**
 * Makes an empty database with what another one has beside its contents: owner, encoding, locale, tablespace, connection limit, settings, who
 * may use it, comment. A dump has none of that unless it makes the database itself, under the name that it had.
 */
export async function createLike(client: Client, database: string, name: string): Promise<void> {
  const model = await describe(client, database);
  const quoted = escapeIdentifier(name);
  await client.query(`CREATE DATABASE ${quoted} TEMPLATE template0 ${creation(model)}`);
  await client.query("BEGIN");
  for (const statement of await privileges(client, model.oid, quoted)) await client.query(statement);
  await copySettings(client, model.oid, quoted);
  if (model.comment !== null) await client.query(`COMMENT ON DATABASE ${quoted} IS ${escapeLiteral(model.comment)}`);
  await client.query("COMMIT");
}

async function describe(client: Client, database: string): Promise<Description> {
  const { rows } = await client.query<{ description: Description }>(
    `SELECT to_jsonb(d) || jsonb_build_object('oid', oid::bigint, 'encoding', pg_encoding_to_char(encoding), 'owner', pg_get_userbyid(datdba),
       'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = dattablespace), 'comment', shobj_description(oid, 'pg_database')) AS description
     FROM pg_database AS d WHERE datname = $1`,
    [database],
  );
  return (rows[0] as { description: Description }).description;
}

function creation({ owner, encoding, tablespace, datconnlimit, datcollate, datctype, ...locale }: Description): string {
  const icu = locale.daticulocale ?? locale.datlocale;
  return [
    `OWNER ${escapeIdentifier(owner)} ENCODING ${escapeLiteral(encoding)} TABLESPACE ${escapeIdentifier(tablespace)}`,
    `LC_COLLATE ${escapeLiteral(datcollate)} LC_CTYPE ${escapeLiteral(datctype)} CONNECTION LIMIT ${datconnlimit}`,
    ...(locale.datlocprovider === "i" && icu ? [`LOCALE_PROVIDER icu ICU_LOCALE ${escapeLiteral(icu)}`] : []),
  ].join(" ");
}

/** Nothing where they were never changed. */
async function privileges(client: Client, oid: number, quoted: string): Promise<string[]> {
  const { rows } = await client.query<{ privilege: string; grantee: string; option: string }>(
    `SELECT privilege_type AS privilege, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee,
       CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option
     FROM pg_database, aclexplode(datacl) WHERE pg_database.oid = $1`,
    [oid],
  );
  if (rows.length === 0) return [];
  const grants = rows.map(({ privilege, grantee, option }) => `GRANT ${privilege} ON DATABASE ${quoted} TO ${grantee}${option}`);
  return [`REVOKE ALL ON DATABASE ${quoted} FROM PUBLIC`, ...grants];
}

/** By way of the transaction's own settings, so that PostgreSQL reads and quotes what it wrote itself. */
async function copySettings(client: Client, oid: number, quoted: string): Promise<void> {
  const { rows } = await client.query<{ role: string | null; name: string; value: string }>(
    `SELECT CASE WHEN setrole <> 0 THEN quote_ident(pg_get_userbyid(setrole)) END AS role,
       split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
     FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setdatabase = $1`,
    [oid],
  );
  for (const { role, name, value } of rows) {
    await client.query("SELECT set_config($1, $2, true)", [name, value]);
    const target = role === null ? `DATABASE ${quoted}` : `ROLE ${role} IN DATABASE ${quoted}`;
    await client.query(`ALTER ${target} SET ${name.split(".").map(escapeIdentifier).join(".")} FROM CURRENT`);
  }
}
