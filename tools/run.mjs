// The entry of every `npm run` command. It needs only Node 18 and npm: it installs the project's packages, a newer Node among them,
// and goes on under that.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldestNode = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const lock = join(root, ".rollback", "npm-ci.lock");
const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
const resume = "run the same command again";

/** @param {string} message @returns {never} */
function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

/** npm writes down what it installed when it is done, so a set-up that was killed does not look complete. */
function installed() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const there = packagesOf(record);
  const wanted = Object.entries(packagesOf(join(root, "package-lock.json")));
  return wanted.every(([path, { version, optional }]) => path === "" || there[path]?.version === version || (optional && !there[path]));
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

const owner = () => (existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0);

/** One installation at a time; a lock whose owner is gone does not count. */
async function lockInstall() {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; await pause(300)) {
    if (owner() && !alive(owner())) rmSync(lock, { force: true });
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
    } catch {
      if (!told) console.error("another command is installing the npm packages, waiting for it");
      told = true;
      continue;
    }
    // Two that found the same dead owner may both have removed its lock: the last to write has it.
    await pause(50);
    if (owner() === process.pid) return process.on("exit", () => rmSync(lock, { force: true }));
  }
}

/**
 * Runs a command to its end; signals that only this process gets are passed on.
 * @param {string} command @param {string[]} args @param {import("node:child_process").StdioOptions} stdio @returns {Promise<number>}
 */
function run(command, args, stdio) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: command === "npm" ? root : process.cwd(), stdio });
    // A terminal sends Ctrl-C to the child as well.
    for (const signal of signals) process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? (constants.signals[signal] ?? 0) : 1)));
  });
}

async function install() {
  if (installed()) return;
  await lockInstall();
  if (installed()) return rmSync(lock, { force: true });
  console.error("… npm packages (usually about 1 min)");
  const begun = Date.now();
  const seconds = () => `${Math.round((Date.now() - begun) / 1000)} s`;
  const heartbeat = setInterval(() => console.error(`  npm packages  ${seconds()}`), 20_000);
  // None of the packages needs its install script; that of @pulumi/kubernetes would download what set-up looks for by itself.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await run("npm", args, ["ignore", 2, 2]).catch((error) => fail(`npm cannot be run: ${error.message}`));
  clearInterval(heartbeat);
  if (code >= 128) fail(`Interrupted; ${resume} to go on.`, code);
  if (code !== 0) fail(`The npm packages could not be installed.\n  Check that \`npm ping\` reaches a registry, then ${resume}.`);
  rmSync(lock, { force: true });
  console.error(`✔ npm packages  ${seconds()}`);
}

const major = Number(process.versions.node.split(".")[0]);
if (major < 18) fail(`Node 18 or newer is needed, this is ${process.versions.node}.`);
await install();
const main = join(root, "tools", "main.ts");
const newer = join(modules, ".bin", "node");
if (major >= oldestNode) {
  process.argv.splice(1, 1, main);
  await import(main);
} else if (existsSync(newer)) {
  process.exit(await run(newer, [main, ...process.argv.slice(2)], "inherit"));
} else {
  fail(
    `Node ${oldestNode} or newer is needed; this is ${process.versions.node}, and npm has none for ${process.platform} on ${process.arch}.\n` +
      `  Install one from https://nodejs.org, then ${resume}.`,
  );
}
