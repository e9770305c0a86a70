// Photographs the gallery: `npm run gallery && node scripts/photograph.mjs FOLDER` writes one picture a section and theme.
// WebKitGTK's own MiniBrowser and driver, under a display of its own: the engine that draws the application's window.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ui = fileURLToPath(new URL("..", import.meta.url));
const page = join(ui, "gallery-dist/gallery.html");
const folder = resolve(process.argv[2] ?? join(ui, "gallery-dist/pictures"));
const running = [];

function start(program, args, options = {}) {
  const child = spawn(program, args, options);
  child.on("error", (error) => stop(`${program}: ${error.message}`));
  running.push(child);
  return child;
}
function stop(why) {
  for (const child of running) child.kill();
  if (why) console.error(`photograph: ${why}`);
  process.exit(why ? 1 : 0);
}

const port = await new Promise((free) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => free(port));
  });
});
const driver = `http://127.0.0.1:${port}`;
async function ask(method, path, body) {
  const answer = await fetch(`${driver}${path}`, { method, ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${value.message}`);
  return value;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

if (!existsSync(page)) stop("no gallery; run `npm run gallery` first");
const browser = readdirSync("/usr/lib").map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`).find(existsSync);
if (!browser) stop("no MiniBrowser (Debian package libwebkit2gtk-4.1-0)");
mkdirSync(folder, { recursive: true });

const screen = start("Xvfb", ["-displayfd", "1", "-screen", "0", "1640x1400x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
const display = await new Promise((line) => screen.stdout.once("data", (data) => line(`:${String(data).trim()}`)));
start("WebKitWebDriver", [`--port=${port}`], { env: { ...process.env, DISPLAY: display }, stdio: "ignore" });

try {
  let session;
  for (let tries = 0; !session; tries += 1) {
    try {
      const options = { binary: browser, args: ["--automation"] };
      session = await ask("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } });
    } catch (error) {
      if (tries > 40) throw error;
      await pause(250);
    }
  }
  const at = `/session/${session.sessionId}`;
  await ask("POST", `${at}/window/rect`, { x: 0, y: 0, width: 1640, height: 1400 });
  await ask("POST", `${at}/url`, { url: pathToFileURL(page).href });
  const ready = "return document.documentElement.dataset.ready === 'true'";
  for (let tries = 0; !(await ask("POST", `${at}/execute/sync`, { script: ready, args: [] })); tries += 1) {
    const wrong = await ask("POST", `${at}/execute/sync`, { script: "return document.documentElement.dataset.wrong ?? null", args: [] });
    if (wrong !== null || tries > 120) stop(`the gallery does not come up: ${wrong}`);
    await pause(500);
  }
  await pause(1000);
  const sections = await ask("POST", `${at}/elements`, { using: "css selector", value: "[data-section]" });
  const names = "return [...document.querySelectorAll('[data-section]')].map((s) => `${s.closest('[data-night]').dataset.night === 'true' ? 'night' : 'day'}-${s.dataset.section}`)";
  const titles = await ask("POST", `${at}/execute/sync`, { script: names, args: [] });
  for (const [i, section] of sections.entries()) {
    const [id] = Object.values(section);
    // The driver photographs only what is drawn, which is what is in sight.
    await ask("POST", `${at}/execute/sync`, { script: "arguments[0].scrollIntoView()", args: [section] });
    await pause(150);
    const picture = await ask("GET", `${at}/element/${id}/screenshot`);
    const name = titles[i].toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    writeFileSync(join(folder, `${name}.png`), Buffer.from(picture, "base64"));
  }
  console.log(`${sections.length} pictures in ${folder}`);
  await ask("DELETE", at);
  stop();
} catch (error) {
  stop(error.message);
}
