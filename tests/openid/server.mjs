// A certified OpenID provider, and before a FHIR server a guard that lets only its tokens through.
// Usage: node server.mjs PORT UPSTREAM PASSWORD
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [port, upstream, password] = process.argv.slice(2);
const origin = `http://127.0.0.1:${port}`;

const provider = new Provider(origin, {
  clients: [
    {
      client_id: "beddenwacht",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: ["http://127.0.0.1/aangemeld"],
    },
    {
      client_id: "dienst",
      client_secret: "geheim-van-de-dienst",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    },
  ],
  scopes: ["openid", "offline_access", "user/*.rs", "user/Basic.cruds", "system/*.rs"],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: true } },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  // Beddenwacht asks anew half a minute before the end: every other second here.
  ttl: { AccessToken: 32, ClientCredentials: 32, RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 600 },
});
// Everything that whoever has it can sign in with, as the test looks for it afterwards; and every address that was asked.
const secrets = new Set();
const asked = [];
provider.use(async (context, next) => {
  await next();
  if (context.path !== "/token") return;
  const { code, code_verifier, refresh_token } = context.oidc?.params ?? {};
  const { access_token, refresh_token: renewed, id_token } = context.body ?? {};
  for (const secret of [code, code_verifier, refresh_token, access_token, renewed, id_token]) if (secret) secrets.add(secret);
});
provider.on("server_error", (_, error) => console.error(error));

// What the test asks for: `{ "status": 403 }` answers that, `{ "refuse": true }` takes no token, `{ "hours": 3 }` sets
// the Date header ahead.
let fault = {};
let seen = { person: 0, service: 0, basic: 0 };

async function isLetThrough(header = "") {
  if (fault.refuse) return false;
  if (header === `Basic ${Buffer.from(`isala:${password}`).toString("base64")}`) return ++seen.basic > 0;
  const token = header.replace(/^Bearer /, "");
  if (await provider.AccessToken.find(token)) return ++seen.person > 0;
  if (await provider.ClientCredentials.find(token)) return ++seen.service > 0;
  return false;
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

async function fhir(request, response) {
  asked.push(request.url);
  const path = request.url.slice("/fhir".length);
  const headers = { "content-type": "application/json" };
  if (fault.hours) headers.date = new Date(Date.now() + fault.hours * 3_600_000).toUTCString();
  const answer = (status, value) => response.writeHead(status, headers).end(JSON.stringify(value));
  if (path.startsWith("/.well-known/smart-configuration")) {
    return answer(200, {
      authorization_endpoint: `${origin}/auth`,
      token_endpoint: `${origin}/token`,
      code_challenge_methods_supported: ["S256"],
    });
  }
  if (fault.status) return answer(fault.status, { resourceType: "OperationOutcome" });
  if (path !== "/metadata" && !(await isLetThrough(request.headers.authorization))) return answer(401, {});
  const content = ["GET", "HEAD"].includes(request.method) ? undefined : await body(request);
  const answered = await fetch(upstream + path, {
    method: request.method,
    body: content,
    headers: { "content-type": request.headers["content-type"] ?? "application/fhir+json" },
  });
  headers["content-type"] = answered.headers.get("content-type") ?? "application/fhir+json";
  response.writeHead(answered.status, headers).end(Buffer.from(await answered.arrayBuffer()));
}

const openid = provider.callback();
createServer(async (request, response) => {
  if (request.url === "/test/fault") {
    fault = JSON.parse((await body(request)).toString());
    return response.end("{}");
  }
  if (request.url === "/test/seen") return response.end(JSON.stringify(seen));
  if (request.url === "/test/secrets") return response.end(JSON.stringify({ secrets: [...secrets], asked }));
  if (request.url.startsWith("/fhir")) return fhir(request, response);
  return openid(request, response);
}).listen(Number(port), "127.0.0.1", () => console.log(origin));
